import type { ReactNode } from 'react'
import type { OutboxStats } from '../../core/contract/values.ts'
import { useStatus } from '../queries/status.ts'
import { BulkProgress } from '../runs/bulk/bulk-progress.tsx'
import { Button } from '../ui/controls/button.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Page } from '../ui/page/page.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { formatDuration } from '../ui/words/duration.ts'
import { DeadLetterActions, DeadLetters } from './dead-letters.tsx'
import { useDismissals } from './dismissals.ts'
import { DEAD_LETTERS_ID } from './incident-links.tsx'
import { OpenIncidents } from './open-incidents.tsx'
import { PastIncidents } from './past-incidents.tsx'
import { Throughput } from './throughput-chart.tsx'
import { useOutbox } from './use-outbox.ts'
import { WaitingRuns } from './waiting-runs.tsx'

/** Everything that was accepted and is not done yet: what is stuck, how much there is, how old it is, and what waits for what. */
export function OutboxPage() {
  const { outbox, failure, reload } = useOutbox()
  const status = useStatus((status) => status)
  const dismissed = useDismissals((state) => state.ids)
  const letters = outbox?.deadLetters.filter((letter) => !dismissed.has(letter.id)) ?? []
  // The status is told at once; the list is asked for a moment later.
  const open = status?.incidents ?? []
  return (
    <Page title="Outbox" subtitle="Accepted, stored, and on its way">
      {failure !== null && (
        <div className="mb-4">
          <ErrorNote
            title="The outbox could not be read."
            remedy={failure.message}
            details={failure.details}
            action={
              <Button size="sm" variant="ghost" onClick={reload}>
                Try again
              </Button>
            }
          />
        </div>
      )}
      {outbox === null && failure === null && <Spinner label="Reading the outbox…" />}
      {outbox !== null && (
        <div className="flex flex-col gap-6">
          <BulkProgress />
          <Numbers
            stats={outbox.stats}
            waiting={status?.queue.waiting ?? 0}
            dead={letters.length}
            hasMoreDead={outbox.hasMoreLetters}
          />
          <Throughput />
          {open.length > 0 && (
            <Group title="Open incidents" help="They close by themselves when their cause is gone.">
              <OpenIncidents incidents={open} />
            </Group>
          )}
          <Group
            title="Dead letters"
            id={DEAD_LETTERS_ID}
            help="Given up after all attempts, or set aside."
            actions={<DeadLetterActions letters={letters} hasMore={outbox.hasMoreLetters} onChanged={reload} />}
          >
            <DeadLetters letters={letters} hasMore={outbox.hasMoreLetters} onChanged={reload} />
          </Group>
          <Group title="Waiting runs" help="Stored with the time at which they go on; a restart changes nothing.">
            <WaitingRuns runs={outbox.waiting} hasMore={outbox.hasMoreWaiting} onChanged={reload} />
          </Group>
          <Group title="Earlier incidents">
            <PastIncidents incidents={outbox.pastIncidents} />
          </Group>
        </div>
      )}
    </Page>
  )
}

/** `dead` leaves out what is being dismissed at this moment, which `stats` still counts. */
function Numbers({
  stats,
  waiting,
  dead,
  hasMoreDead,
}: {
  stats: OutboxStats
  waiting: number
  dead: number
  hasMoreDead: boolean
}) {
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
      <Fact name="Dead" n={dead} hasMore={hasMoreDead} hue="text-error">
        {dead === 0 ? 'nothing given up' : 'replay or dismiss'}
      </Fact>
      <Fact name="Delivered" n={stats.delivered}>
        since the history begins
      </Fact>
    </dl>
  )
}

function Fact({
  name,
  n,
  hasMore = false,
  hue = 'text-ink',
  children,
}: {
  name: string
  n: number
  hasMore?: boolean
  hue?: string
  children: ReactNode
}) {
  return (
    <div className="px-4 py-3">
      <dt className="text-sm text-ink-faint">{name}</dt>
      <dd>
        <span className={classNames('block text-xl font-semibold tabular-nums', n > 0 ? hue : 'text-ink-faint')}>
          {n.toLocaleString()}
          {hasMore && '+'}
        </span>
        <span className="text-sm text-ink-faint">{children}</span>
      </dd>
    </div>
  )
}

function Group({
  title,
  id,
  help,
  actions,
  children,
}: {
  title: string
  /** For links that lead here. */
  id?: string
  help?: string
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <section aria-label={title}>
      <div className="mb-2 flex min-h-6 items-center gap-2">
        <h2 id={id} {...(id !== undefined && { tabIndex: -1 })} className="scroll-mt-2 rounded-sm font-semibold">
          {title}
        </h2>
        {help !== undefined && <span className="text-sm text-ink-faint">{help}</span>}
        <span className="ml-auto">{actions}</span>
      </div>
      {children}
    </section>
  )
}
