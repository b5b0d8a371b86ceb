import { useState } from 'react'
import { Link } from 'wouter'
import { refusedPermission } from '../../core/domain/trust/permissions.ts'
import { api } from '../api/client.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { cache, queries, useAnswer } from '../queries/queries.ts'
import { Button } from '../ui/controls/button.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { PermissionLine } from './permission-line.tsx'
import { PERMISSION_GROUPS } from './permission-words.ts'

/** What a zap may do, each with its switch. */
export function ZapPermissions({ zapId }: { zapId: string }) {
  const asked = queries.zaps.permissions.queryOptions({ input: { id: zapId } })
  const { data: view, failure: unread } = useAnswer(asked)
  const [refusal, setRefusal] = useState<Failure | null>(null)
  const failure = refusal ?? unread

  const change = async (key: string, allowed: boolean): Promise<void> => {
    try {
      cache.setQueryData(asked.queryKey, await api.zaps.allow({ id: zapId, keys: [key], allowed }))
      setRefusal(null)
    } catch (thrown) {
      setRefusal(describeFailure(thrown))
    }
  }
  if (view === null) return failure === null ? null : <ErrorNote title={failure.message} />
  return (
    <section aria-labelledby="zap-permissions" className="border-t border-line pt-4">
      <h3 id="zap-permissions" className="font-semibold">
        What it may do
      </h3>
      {failure !== null && <ErrorNote title={failure.message} />}
      {view.review === 'pending' ? (
        <p className="text-ink-soft">
          Nothing yet: it came from elsewhere.{' '}
          <Link href={`/zaps/${zapId}/review`} className="rounded-sm font-medium text-accent hover:underline">
            Review it
          </Link>
        </p>
      ) : (
        <p className="text-sm text-ink-faint">
          {view.items.length === 0
            ? 'It reaches no host, file or credential.'
            : view.from === 'owner'
              ? 'Everything that its steps name. What you switch off is refused.'
              : 'It came from elsewhere: everything that is not on this list is refused.'}
        </p>
      )}
      {view.review === 'done' &&
        PERMISSION_GROUPS.map(({ title, icon: Icon, kinds }) => {
          const items = view.items.filter(({ kind }) => kinds.includes(kind))
          if (items.length === 0) return null
          return (
            <div key={title} className="pt-2">
              <h4 className="flex items-center gap-1.5 text-sm font-medium text-ink-soft">
                <Icon size={13} aria-hidden className="text-ink-faint" />
                {title}
              </h4>
              <ul aria-label={title}>
                {items.map((item) => (
                  <PermissionLine
                    key={item.key}
                    item={item}
                    allowed={item.allowed}
                    isNarrow
                    onChange={(allowed) => void change(item.key, allowed)}
                  />
                ))}
              </ul>
            </div>
          )
        })}
    </section>
  )
}

/** The way out of a refusal: allows what a step was refused, or leads to all that its zap may do. */
export function AllowRefused({ zapId, message }: { zapId: string; message: string }) {
  const [isBusy, setBusy] = useState(false)
  const refused = refusedPermission(message)
  if (refused === undefined) return null
  const key = `${refused.kind}:${refused.what}`
  const allow = async (): Promise<void> => {
    setBusy(true)
    try {
      await api.zaps.allow({ id: zapId, keys: [key], allowed: true })
      toast({
        title: `Allowed: ${refused.what}`,
        detail: 'For this zap alone. Replay the run to try again.',
        tone: 'success',
        action: {
          label: 'Undo',
          onClick: () => void api.zaps.allow({ id: zapId, keys: [key], allowed: false }).catch(() => undefined),
        },
      })
    } catch (thrown) {
      toast({ title: 'It was not allowed', detail: describeFailure(thrown).message, tone: 'error' })
    }
    setBusy(false)
  }
  return (
    <>
      <Button size="sm" className="ml-2" loading={isBusy} onClick={() => void allow()}>
        Allow {refused.what}
      </Button>
      <Link
        href={`/zaps/${zapId}`}
        className="inline-flex h-6 items-center rounded-sm px-2 text-sm font-medium text-accent hover:underline"
      >
        What it may do
      </Link>
    </>
  )
}
