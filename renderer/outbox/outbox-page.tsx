import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Incident, OutboxStats } from '../../core/contract/values.ts'
import { showRuns } from '../stores/runs.ts'
import { useStatus } from '../stores/status.ts'
import { classNames } from '../ui/class-names.ts'
import { formatDuration } from '../ui/duration.ts'
import { ErrorNote } from '../ui/error-note.tsx'
import { Page } from '../ui/page.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { useOutbox } from './use-outbox.ts'
import { WaitingRuns } from './waiting-runs.tsx'

/** Everything that was accepted and is not done yet: how much, how old, what waits for what, and what is stuck. */
export function OutboxPage() {
  const { outbox, failure } = useOutbox()
  const status = useStatus((state) => state.status)
  return (
    <Page title="Outbox" subtitle="Accepted, stored, and on its way">
      {failure !== null && outbox === null && (
        <ErrorNote title="The outbox could not be read." remedy={failure.message} details={failure.details} />
      )}
      {outbox === null && failure === null && <Spinner label="Reading the outbox…" />}
      {outbox !== null && (
        <div className="flex flex-col gap-6">
          <Numbers stats={outbox.stats} waiting={status?.queue.waiting ?? 0} />
          <Group title="Open incidents">
            <OpenIncidents incidents={status?.incidents ?? []} />
          </Group>
          <Group title="Waiting runs">
            <WaitingRuns runs={outbox.waiting} hasMore={outbox.hasMoreWaiting} />
          </Group>
        </div>
      )}
    </Page>
  )
}

function Numbers({ stats, waiting }: { stats: OutboxStats; waiting: number }) {
  const due = Math.max(0, stats.pending - waiting)
  return (
    <dl className="grid grid-cols-5 divide-x divide-line overflow-hidden rounded-lg border border-line bg-surface shadow-card">
      <Fact name="Pending" n={due}>
        {stats.oldestPendingMs > 0 ? `oldest ${formatDuration(stats.oldestPendingMs)}` : 'nothing to do now'}
      </Fact>
      <Fact name="Running" n={stats.leased} hue="text-running">
        being worked on
      </Fact>
      <Fact name="Waiting" n={waiting} hue="text-waiting">
        for a time to come
      </Fact>
      <Fact name="Dead" n={stats.dead} hue="text-error">
        {stats.dead === 0 ? 'attempts used up' : <FailedRunsLink />}
      </Fact>
      <Fact name="Delivered" n={stats.delivered}>
        since the history begins
      </Fact>
    </dl>
  )
}

function FailedRunsLink() {
  return (
    <Link
      href="/runs"
      className="rounded-sm text-accent hover:underline"
      onClick={() => void showRuns({ status: 'failed' })}
    >
      Show failed runs
    </Link>
  )
}

function Fact({ name, n, hue = 'text-ink', children }: { name: string; n: number; hue?: string; children: ReactNode }) {
  return (
    <div className="px-4 py-3">
      <dt className="text-sm text-ink-faint">{name}</dt>
      <dd>
        <span className={classNames('block text-xl font-semibold tabular-nums', n > 0 ? hue : 'text-ink-faint')}>
          {n.toLocaleString()}
        </span>
        <span className="text-sm text-ink-faint">{children}</span>
      </dd>
    </div>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-2 font-semibold">{title}</h2>
      {children}
    </section>
  )
}

function OpenIncidents({ incidents }: { incidents: readonly Incident[] }) {
  if (incidents.length === 0) {
    return (
      <p className="flex items-center gap-1.5 text-ink-soft">
        <CircleCheck size={14} aria-hidden className="text-success" />
        None. Nothing is stuck.
      </p>
    )
  }
  return (
    <ul className="flex flex-col gap-2">
      {incidents.map((incident) => (
        <li
          key={incident.id}
          className="flex items-start gap-2.5 rounded border border-error/30 bg-error-soft px-3 py-2"
        >
          <TriangleAlert size={15} aria-hidden className="mt-[3px] shrink-0 text-error" />
          <div>
            <p className="break-words">{incident.message}</p>
            <p className="text-sm text-ink-soft">
              Since <RelativeTime iso={incident.openedAt} />
            </p>
          </div>
        </li>
      ))}
    </ul>
  )
}
