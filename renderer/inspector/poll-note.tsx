import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import type { Poll } from '../../core/contract/values.ts'
import { formatDuration } from '../../core/domain/time/duration.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { useDraft } from '../draft/session/draft-store.ts'
import { cache, queries, useAnswer } from '../queries/queries.ts'
import { Button } from '../ui/controls/button.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'

/** When a service was asked last what is new, or whether it is connected, how that went, and when it is tried again. */
export function PollNote({ stepId, does = 'Asks' }: { stepId: string; does?: 'Asks' | 'Listens' }) {
  const id = useDraft((state) => state.host.id)
  const status = useDraft((state) => state.host.status)
  const polls = useAnswer(queries.zaps.polls.queryOptions({ input: { id } })).data
  const poll = polls?.find((one) => one.step === stepId)
  const [isAsking, setAsking] = useState(false)
  const pollNow = async (): Promise<void> => {
    setAsking(true)
    try {
      await api.zaps.pollNow({ id, step: stepId })
      await cache.invalidateQueries({ queryKey: queries.zaps.polls.key({ input: { id } }) })
    } catch (thrown) {
      toast({ title: describeFailure(thrown).message, tone: 'error' })
    } finally {
      setAsking(false)
    }
  }
  const isOn = poll !== undefined
  return (
    <section aria-label="Polls" className="flex flex-col gap-2 rounded-lg border border-line bg-sunken p-3">
      <div className="flex items-center gap-1.5">
        <p className="flex min-w-0 flex-1 items-center gap-1.5 text-sm font-medium text-ink-soft">
          <RefreshCw size={14} aria-hidden className={classNames(isOn ? 'text-success' : 'text-ink-faint')} />
          {isOn ? doing(poll) : `${does} ${notYet(status)}`}
        </p>
        {isOn && poll.connection !== 'connected' && (
          <Button size="sm" loading={isAsking || poll.isUnderWay} onClick={() => void pollNow()}>
            {poll.connection === null ? 'Poll now' : 'Connect now'}
          </Button>
        )}
      </div>
      {isOn && poll.connection === null && (
        <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-sm text-ink-soft">
          <dt className="text-ink-faint">Last poll</dt>
          <dd>{poll.polledAt === null ? 'None yet' : <RelativeTime iso={poll.polledAt} />}</dd>
          {poll.failures > 0 && poll.succeededAt !== null && (
            <>
              <dt className="text-ink-faint">Last good one</dt>
              <dd>
                <RelativeTime iso={poll.succeededAt} />
              </dd>
            </>
          )}
          <dt className="text-ink-faint">Next poll</dt>
          <dd>{poll.isUnderWay ? 'Asking now' : poll.nextAt !== null && <RelativeTime iso={poll.nextAt} due />}</dd>
        </dl>
      )}
      {poll?.connection === 'waiting' && poll.nextAt !== null && (
        <p className="text-sm text-ink-soft">
          It is tried again <RelativeTime iso={poll.nextAt} due />.
        </p>
      )}
      {poll?.note != null && <p className="text-sm text-waiting">{poll.note}</p>}
      {poll?.error != null && <ErrorNote title={failedTitle(poll)} remedy={poll.error.message} />}
    </section>
  )
}

function doing({ everyMs, connection }: Poll): string {
  if (everyMs !== null) return `Asks every ${formatDuration(everyMs)}`
  return connection === 'connected'
    ? 'Connected, and hears at once'
    : connection === 'connecting'
      ? 'Connecting…'
      : 'Not connected'
}

function failedTitle({ failures, connection }: Poll): string {
  const tries = connection === null ? 'polls' : 'connections'
  return failures > 1 ? `The last ${failures} ${tries} failed` : `The last ${tries.slice(0, -1)} failed`
}

function notYet(status: 'draft' | 'enabled' | 'disabled'): string {
  if (status === 'disabled') return 'once it is switched on'
  return status === 'draft' ? 'once it is published' : 'once this is published'
}
