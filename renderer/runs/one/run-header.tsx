import { ChevronRight, CornerDownRight, CornerUpLeft, Files, type LucideIcon, Server, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { RunDetail } from '../../../core/contract/values.ts'
import { versionWords } from '../../../core/contract/version-words.ts'
import { isTerminal, runTransitions } from '../../../core/domain/runs/states.ts'
import { Button } from '../../ui/controls/button.tsx'
import { CopyButton } from '../../ui/controls/copy-button.tsx'
import { StatusBadge } from '../../ui/look/status-badge.tsx'
import { useDocumentTitle } from '../../ui/page/use-document-title.ts'
import { RelativeTime } from '../../ui/words/relative-time.tsx'
import { ToldText } from '../../ui/words/told-text.tsx'
import { lastRunsAddress } from '../list/runs.ts'
import { RunDuration } from '../run-duration.tsx'
import { ReplayEnd } from './replay-end.tsx'
import { RunButtons } from './run-buttons.tsx'
import { WaitNote } from './wait-note.tsx'

/** What the run is, how it stands and why, where it comes from, and what can be done with it. */
export function RunHeader({
  detail,
  host,
  onChanged,
  onFiles,
  isOnFiles,
}: {
  detail: RunDetail
  /** Another host of the fleet, where it ran; null for a run of this one. */
  host: string | null
  onChanged: () => void
  /** Shows what the run did to files, or no longer. */
  onFiles: () => void
  isOnFiles: boolean
}) {
  const { run, calledBy, versionName, filesChanged } = detail
  const isOver = isTerminal(runTransitions, run.status) || run.status === 'needs-review'
  useDocumentTitle(`Run of ${run.zapName}`)
  return (
    <header className="flex shrink-0 items-start gap-4 border-b border-line bg-surface px-5 py-3">
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 items-center gap-1.5">
          <Link
            href={host === null ? lastRunsAddress() : '/fleet'}
            className="rounded-sm text-ink-faint hover:text-ink hover:underline"
          >
            {host === null ? 'Runs' : 'Fleet'}
          </Link>
          <ChevronRight size={13} aria-hidden className="shrink-0 text-ink-faint" />
          <h1 className="min-w-0 truncate text-lg font-semibold">
            <Link href={`/zaps/${run.zapId}`} className="rounded-sm hover:underline">
              <ToldText>{run.zapName}</ToldText>
            </Link>
          </h1>
          <span className="max-w-60 shrink-0 truncate text-sm text-ink-faint" title={versionName ?? undefined}>
            {versionWords(run.version, run.test)}
            {versionName !== null && ` “${versionName}”`}
          </span>
          <span className="ml-1.5">
            <StatusBadge status={run.shownAs} />
          </span>
          {run.replayedAs !== null && <ReplayEnd end={run.replayedAs} />}
          {run.status === 'waiting' && (
            <span className="ml-1 text-ink-soft">
              <WaitNote waitsFor={run.waitsFor} until={run.resumesAt} />
            </span>
          )}
        </div>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 text-sm text-ink-faint">
          {host !== null && (
            <span className="inline-flex items-center gap-1 font-medium text-ink-soft">
              <Server size={12} aria-hidden />
              <ToldText>{host}</ToldText>
            </span>
          )}
          <span>
            Started <RelativeTime iso={run.startedAt} />
          </span>
          {run.status !== 'needs-review' && (
            <span>
              {run.finishedAt === null ? 'So far' : 'Took'} <RunDuration run={run} />
            </span>
          )}
          {filesChanged > 0 && (
            <span className="inline-flex items-center gap-1">
              <Files size={12} aria-hidden />
              {filesChanged === 1 ? '1 file changed' : `${filesChanged.toLocaleString('en')} files changed`}
            </span>
          )}
          {run.replayOf !== null && (
            <RunLink to={run.replayOf} icon={CornerUpLeft}>
              Replay of an earlier run
            </RunLink>
          )}
          {run.replays.map((replay, at) => (
            <RunLink key={replay.id} to={replay.id} icon={CornerDownRight}>
              {run.replays.length === 1 ? 'Its replay' : `Replay ${at + 1}`}
            </RunLink>
          ))}
          {calledBy !== null && (
            <RunLink to={calledBy} icon={CornerDownRight}>
              Called by another run
            </RunLink>
          )}
          <span className="inline-flex items-center font-mono text-xs">
            {run.id}
            <CopyButton text={run.id} label="Copy run id" />
          </span>
        </div>
        {run.reason !== null && (
          <p className="mt-0.5 max-w-[900px] break-words text-ink-soft">
            <ToldText>{run.reason}</ToldText>
          </p>
        )}
      </div>
      {filesChanged > 0 && isOver && host === null && (
        <div className="shrink-0 pt-0.5">
          <Button icon={Undo2} aria-pressed={isOnFiles} onClick={onFiles}>
            Put files back
          </Button>
        </div>
      )}
      {host === null && <RunButtons detail={detail} onChanged={onChanged} />}
    </header>
  )
}

/** A way to a run that has to do with this one. */
export function RunLink({ to, icon: Icon, children }: { to: string; icon: LucideIcon; children: ReactNode }) {
  return (
    <Link
      href={`/runs/${to}`}
      title={to}
      className="inline-flex items-center gap-1 rounded-sm hover:text-ink hover:underline"
    >
      <Icon size={12} aria-hidden />
      {children}
    </Link>
  )
}
