import { ChevronLeft, ChevronRight, SkipForward } from 'lucide-react'
import { countWords } from '../../steps/round-counts.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { StatusIcon } from '../../ui/look/status-badge.tsx'
import { countsOf, neighbour, type Round, roundLabel } from './rounds.ts'

/** Chooses one round of a loop: by name, one after the other, or from failure to failure. */
export function RoundPicker({
  rounds,
  scope,
  total = null,
  label,
  onScope,
}: {
  rounds: readonly Round[]
  scope: string
  /** How many there are in all, where that is known. */
  total?: number | null
  /** What the rounds are of. */
  label: string
  onScope: (scope: string) => void
}) {
  const before = neighbour(rounds, scope, -1)
  const after = neighbour(rounds, scope, 1)
  const counts = countsOf(rounds, total)
  const failed = neighbour(rounds, scope, 1, true) ?? rounds.find((one) => one.status === 'failed')
  const isAtFailed = failed === undefined || failed.scope === scope
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-1">
      <IconButton
        icon={ChevronLeft}
        size="sm"
        label="Round before"
        disabled={before === undefined}
        onClick={() => before && onScope(before.scope)}
      />
      <Select
        label={label}
        size="sm"
        className="w-auto! min-w-28"
        value={rounds.some((round) => round.scope === scope) ? scope : undefined}
        onChange={onScope}
        options={rounds.map((round) => ({
          value: round.scope,
          label: roundLabel(round.scope),
          icon: <StatusIcon status={round.status} size={13} />,
        }))}
      />
      <IconButton
        icon={ChevronRight}
        size="sm"
        label="Round after"
        disabled={after === undefined}
        onClick={() => after && onScope(after.scope)}
      />
      <span className="ml-1 truncate text-sm text-ink-faint tabular-nums">{countWords(counts)}</span>
      {counts.failed > 0 && (
        <Button
          size="sm"
          variant="ghost"
          icon={SkipForward}
          disabled={isAtFailed}
          onClick={() => failed && onScope(failed.scope)}
        >
          Next failed
        </Button>
      )}
    </div>
  )
}
