import { RotateCcw } from 'lucide-react'
import type { RunSummary } from '../../../core/contract/values.ts'
import { versionWords } from '../../../core/contract/version-words.ts'
import { Checkbox } from '../../ui/controls/checkbox.tsx'
import { RowLink } from '../../ui/lists/row-link.tsx'
import { TABLE_ROW } from '../../ui/lists/table.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { StatusBadge } from '../../ui/look/status-badge.tsx'
import { RelativeTime } from '../../ui/words/relative-time.tsx'
import { ToldText } from '../../ui/words/told-text.tsx'
import { ReplayEnd } from '../one/replay-end.tsx'
import { WaitNote } from '../one/wait-note.tsx'
import { RunDuration } from '../run-duration.tsx'

/** Pixels. The same for every run, so that the list knows where each one is without drawing it. */
export const RUN_ROW_HEIGHT = 40

/** One run of the list. Its link reaches over the whole row. */
export function RunRow({
  run,
  rowIndex,
  selected,
  onSelected,
}: {
  run: RunSummary
  rowIndex: number
  selected: boolean
  onSelected: (selected: boolean, extend: boolean) => void
}) {
  return (
    <tr
      aria-rowindex={rowIndex}
      data-run-id={run.id}
      className={classNames(TABLE_ROW, selected && 'bg-accent-soft!')}
      style={{ height: RUN_ROW_HEIGHT }}
    >
      <td>
        {/* Above the row's link, and as wide as the cell, so that a near miss does not open the run. */}
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the box has a name of its own */}
        <label className="absolute inset-y-0 left-1 z-[1] flex w-10 items-center justify-center select-none">
          <Checkbox label={`Select run of ${run.zapName}, ${run.id}`} checked={selected} onChange={onSelected} />
        </label>
      </td>
      <td>
        <StatusBadge status={run.shownAs} plain />
      </td>
      <td>
        <span className="flex min-w-0 items-center gap-2">
          <RowLink href={`/runs/${run.id}`} label={`Open run of ${run.zapName}`}>
            {run.zapName}
          </RowLink>
          <span className="shrink-0 text-sm text-ink-faint">{versionWords(run.version, run.test)}</span>
          {run.replayOf !== null && (
            <span className="inline-flex shrink-0 items-center gap-1 text-sm text-ink-faint">
              <RotateCcw size={12} aria-hidden />
              replay
            </span>
          )}
        </span>
      </td>
      <td className="truncate text-ink-soft" title={run.reason ?? undefined}>
        {run.replayedAs !== null ? (
          <span className="flex min-w-0 items-center gap-1">
            <ReplayEnd end={run.replayedAs} />
            {run.reason !== null && (
              <span className="min-w-0 truncate text-ink-faint">
                <ToldText>{run.reason}</ToldText>
              </span>
            )}
          </span>
        ) : run.status === 'waiting' ? (
          <span className="relative z-[1]">
            <WaitNote waitsFor={run.waitsFor} until={run.resumesAt} />
          </span>
        ) : (
          run.reason !== null && <ToldText>{run.reason}</ToldText>
        )}
      </td>
      <td className="text-ink-soft">
        <span className="relative z-[1]">
          <RelativeTime iso={run.startedAt} />
        </span>
      </td>
      <td className="text-right text-ink-soft tabular-nums">
        <RunDuration run={run} />
      </td>
    </tr>
  )
}
