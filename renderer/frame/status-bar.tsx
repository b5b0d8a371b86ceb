import {
  CircleCheck,
  CirclePause,
  CircleX,
  LoaderCircle,
  Pause,
  Play,
  Server,
  UserRoundCheck,
  WifiOff,
} from 'lucide-react'
import { useRef, useState } from 'react'
import { Link } from 'wouter'
import type { Status } from '../../core/contract/values.ts'
import { describeFailure } from '../api/failure.ts'
import { useFleet } from '../queries/fleet.ts'
import { setPaused, useStatus } from '../queries/status.ts'
import { useBulk } from '../runs/bulk/bulk.ts'
import { progressWords } from '../runs/bulk/bulk-jobs.ts'
import { TunnelItem } from '../tunnel/tunnel-item.tsx'
import { Button } from '../ui/controls/button.tsx'
import { copyText } from '../ui/controls/copy-text.ts'
import { toast } from '../ui/layers/toast.tsx'
import { Tooltip } from '../ui/layers/tooltip.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { formatDuration } from '../ui/words/duration.ts'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { ToldText } from '../ui/words/told-text.tsx'
import { useNow } from '../ui/words/use-now.ts'
import { Incidents } from './incidents.tsx'

/** What goes on behind the screens, always in sight: intake, queue, what comes next, and what needs a person. */
export function StatusBar() {
  const status = useStatus((status) => status)
  return (
    <footer
      className={classNames(
        'flex h-8 shrink-0 items-center gap-1 overflow-hidden border-t border-line px-2 text-sm text-ink-soft',
        status?.paused ? 'bg-waiting-soft' : 'bg-surface',
      )}
    >
      {status === null ? (
        <span className="px-2 text-ink-faint">Waiting for the host…</span>
      ) : (
        <>
          <Listener listener={status.listener} />
          <TunnelItem tunnel={status.tunnel} />
          <FleetLink />
          <Divider />
          <Queue queue={status.queue} />
          {status.nextScheduled !== null && (
            <>
              <Divider />
              <span className="flex min-w-0 items-center gap-1 px-2">
                <span className="text-ink-faint">Next:</span>
                <Link
                  href={`/zaps/${status.nextScheduled.zapId}`}
                  className="min-w-0 truncate rounded-sm hover:underline"
                >
                  <ToldText>{status.nextScheduled.zapName}</ToldText>
                </Link>
                <RelativeTime iso={status.nextScheduled.at} due />
              </span>
            </>
          )}
          <span className="flex-1" />
          {status.network === 'down' && (
            <Tooltip
              content="Steps that need the network wait, and use up no attempt. They go on when it is back."
              side="top"
            >
              <span className="flex h-6 shrink-0 items-center gap-1.5 rounded-sm bg-waiting-soft px-2 font-medium text-waiting">
                <WifiOff size={13} aria-hidden />
                No network
              </span>
            </Tooltip>
          )}
          <BulkLink />
          {status.openApprovals > 0 && (
            <Link
              href="/approvals"
              className="flex h-6 shrink-0 items-center gap-1.5 rounded-sm px-2 font-medium text-waiting tabular-nums hover:bg-hover"
            >
              <UserRoundCheck size={13} aria-hidden />
              {status.openApprovals === 1 ? '1 decision' : `${status.openApprovals.toLocaleString()} decisions`}
            </Link>
          )}
          <Incidents incidents={status.incidents} />
          <PauseAll paused={status.paused} />
        </>
      )}
    </footer>
  )
}

const LISTENER = {
  listening: { icon: CircleCheck, hue: 'text-success', word: 'Listening' },
  paused: { icon: CirclePause, hue: 'text-waiting', word: 'Paused' },
  down: { icon: CircleX, hue: 'text-error', word: 'Not listening' },
} as const

function Listener({ listener }: { listener: Status['listener'] }) {
  const { icon: Icon, hue, word } = LISTENER[listener.state]
  const copy = () => {
    void copyText(listener.url).then((isCopied) => {
      if (isCopied) toast({ title: 'Listener address copied', detail: listener.url, tone: 'success' })
    })
  }
  return (
    <Tooltip content="Webhooks arrive here. Click to copy the address." side="top">
      <button
        type="button"
        onClick={copy}
        className="flex h-6 shrink-0 items-center gap-1.5 rounded-sm px-2 hover:bg-hover hover:text-ink"
      >
        <Icon size={13} aria-hidden className={hue} />
        {word}
        <span className="font-mono text-xs text-ink-faint">{listener.url.replace(/^https?:\/\//, '')}</span>
        <span className="sr-only">Copy listener address</span>
      </button>
    </Tooltip>
  )
}

function Queue({ queue }: { queue: Status['queue'] }) {
  return (
    <Link
      href="/outbox"
      title="Open the outbox"
      className="flex h-6 shrink-0 items-center gap-3 rounded px-2 tabular-nums hover:bg-hover"
    >
      <Count n={queue.pending} word="pending" />
      <Count n={queue.leased} word="running" hue="text-running" />
      <Count n={queue.waiting} word="waiting" hue="text-waiting" />
      <Count n={queue.dead} word="dead" hue="text-error" />
      {queue.oldestPendingMs > 0 && <Oldest key={queue.oldestPendingMs} ms={queue.oldestPendingMs} />}
    </Link>
  )
}

/** The hosts that are joined with this one, and whether one of them needs a look. */
function FleetLink() {
  const fleet = useFleet()
  if (fleet === null) return null
  const { members, state } = fleet
  const gone = members.filter((member) => member.state === 'gone').length
  return (
    <Link
      href="/fleet"
      className={classNames(
        'flex h-6 shrink-0 items-center gap-1.5 rounded-sm px-2 tabular-nums hover:bg-hover',
        (state === 'alone' || gone > 0) && 'font-medium text-waiting',
      )}
    >
      <Server size={13} aria-hidden />
      {state === 'alone' ? 'Without the log' : `${members.length - gone} of ${members.length} hosts`}
    </Link>
  )
}

/** How far the first job over many runs is. */
function BulkLink() {
  const job = useBulk().find((one) => one.state === 'running')
  if (job === undefined) return null
  return (
    <Link
      href="/runs"
      className="flex h-6 shrink-0 items-center gap-1.5 rounded-sm px-2 text-running tabular-nums hover:bg-hover"
    >
      <LoaderCircle size={13} aria-hidden className="animate-spin" />
      {progressWords(job)}
    </Link>
  )
}

/** The age goes on growing while the host says nothing: what is stuck makes no news. */
function Oldest({ ms }: { ms: number }) {
  const [since] = useState(() => Date.now())
  const now = useNow(true, 1000)
  return (
    <span className="text-ink-faint">
      oldest <span className="text-ink-soft">{formatDuration(ms + Math.max(0, now - since))}</span>
    </span>
  )
}

function Count({ n, word, hue = 'text-ink' }: { n: number; word: string; hue?: string }) {
  return (
    <span className="text-ink-faint">
      <span className={classNames('font-medium', n > 0 ? hue : 'text-ink-faint')}>{n.toLocaleString()}</span> {word}
    </span>
  )
}

function PauseAll({ paused }: { paused: boolean }) {
  const [busy, setBusy] = useState(false)
  // The message about the pause goes with the pause.
  const takeBack = useRef<(() => void) | null>(null)
  const change = async () => {
    setBusy(true)
    try {
      await setPaused(!paused)
      takeBack.current?.()
      takeBack.current = paused
        ? null
        : toast({
            title: 'Everything is paused',
            detail: 'Webhooks are answered 503, schedules wait, and no run starts.',
            action: { label: 'Resume', onClick: () => void setPaused(false) },
          })
    } catch (thrown) {
      toast({ title: describeFailure(thrown).message, tone: 'error' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size="sm" variant="ghost" icon={paused ? Play : Pause} loading={busy} onClick={() => void change()}>
      {paused ? 'Resume all' : 'Pause all'}
    </Button>
  )
}

function Divider() {
  return <span aria-hidden className="h-3.5 w-px shrink-0 bg-line-strong" />
}
