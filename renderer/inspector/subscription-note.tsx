import { RadioTower } from 'lucide-react'
import { Link } from 'wouter'
import type { Subscription } from '../../core/contract/values.ts'
import { useDraft } from '../draft/session/draft-store.ts'
import { queries, useAnswer } from '../queries/queries.ts'
import { classNames } from '../ui/look/class-names.ts'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { PollNote } from './poll-note.tsx'

/** Whether the service of a trigger was told to call, and what happens while it was not. */
export function SubscriptionNote({ stepId }: { stepId: string }) {
  const id = useDraft((state) => state.host.id)
  const status = useDraft((state) => state.host.status)
  const told = useAnswer(queries.zaps.subscriptions.queryOptions({ input: { id } })).data
  const subscription = told?.find(({ step }) => step === stepId)
  const isActive = subscription?.state === 'active'
  return (
    <>
      <section aria-label="Subscription" className="flex flex-col gap-2 rounded-lg border border-line bg-sunken p-3">
        <p className="flex items-center gap-1.5 text-sm font-medium text-ink-soft">
          <RadioTower size={14} aria-hidden className={classNames(isActive ? 'text-success' : 'text-ink-faint')} />
          {subscription === undefined
            ? `The service is told to call once this is ${status === 'disabled' ? 'switched on' : 'published'}`
            : subscription.state === 'pending' && subscription.error !== null
              ? 'The service is told again soon'
              : WORDS[subscription.state]}
        </p>
        {subscription?.expiresAt != null && (
          <p className="text-sm text-ink-faint">
            It ends <RelativeTime iso={subscription.expiresAt} />, and is renewed before that.
          </p>
        )}
        {subscription?.state === 'unreachable' && (
          <p className="text-sm text-ink-soft">
            No service can reach this computer:{' '}
            <Link href="/settings" className="text-accent underline">
              switch a tunnel on
            </Link>
            . {subscription.isPolled ? 'Meanwhile it is asked what is new.' : 'Until then nothing starts this zap.'}
          </p>
        )}
        {subscription?.error != null && (
          <ErrorNote title="The service could not be told" remedy={subscription.error.message} />
        )}
      </section>
      {subscription?.isPolled === true && <PollNote stepId={stepId} />}
    </>
  )
}

const WORDS: Readonly<Record<Subscription['state'], string>> = {
  active: 'The service calls',
  pending: 'The service is being told to call',
  unreachable: 'The service cannot call',
}
