import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Json } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { cache, queries, useAnswer } from '../queries/queries.ts'
import { Button, IconButton } from '../ui/controls/button.tsx'
import { ConfirmDialog } from '../ui/layers/dialog.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'

/** Characters of a value that are shown. */
const SHOWN = 120

/**
 * What steps keep by name (`store.*`): of a zap, or with null what all zaps share. Each can be forgotten, and all of them.
 */
export function KeptValues({ zapId }: { zapId: string | null }) {
  const { data, failure } = useAnswer(queries.memory.list.queryOptions({ input: { zapId }, staleTime: 0 }))
  const [isAsking, setIsAsking] = useState(false)
  const [isBusy, setIsBusy] = useState(false)

  const forget = async (keys: string[] | null): Promise<void> => {
    setIsBusy(true)
    try {
      const { forgotten } = await api.memory.forget({ zapId, keys })
      toast({ tone: 'success', title: forgotten === 1 ? '1 value forgotten' : `${forgotten} values forgotten` })
    } catch (error) {
      toast({ tone: 'error', title: 'It could not be forgotten', detail: describeFailure(error).message })
    }
    await cache.invalidateQueries({ queryKey: queries.memory.list.key() })
    setIsBusy(false)
    setIsAsking(false)
  }
  if (failure !== null && data === null)
    return <ErrorNote title="What is kept could not be read." remedy={failure.message} details={failure.details} />
  if (data === null) return null
  const { values, more } = data
  if (values.length === 0) return <p className="text-sm text-ink-faint">Nothing is kept.</p>
  return (
    <div className="flex flex-col gap-2">
      <ul aria-label="Kept values" className="flex flex-col gap-1">
        {values.map(({ key, value, changedAt, expiresAt }) => (
          <li key={key} className="flex items-start gap-1 rounded border border-line bg-sunken py-1 pr-0.5 pl-2.5">
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium" title={key}>
                {key}
              </p>
              <p className="line-clamp-2 font-mono text-sm break-all text-ink-soft">{shown(value)}</p>
              <p className="text-sm text-ink-faint">
                kept <RelativeTime iso={changedAt} />
                {expiresAt !== null && (
                  <>
                    , forgotten <RelativeTime iso={expiresAt} />
                  </>
                )}
              </p>
            </div>
            <IconButton icon={Trash2} size="sm" label={`Forget ${key}`} onClick={() => void forget([key])} />
          </li>
        ))}
      </ul>
      {more && <p className="text-sm text-ink-faint">There are more than these {values.length.toLocaleString()}.</p>}
      <div>
        <Button size="sm" onClick={() => setIsAsking(true)}>
          Forget all of it…
        </Button>
      </div>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title="Forget everything that is kept?"
        confirm="Forget it"
        busy={isBusy}
        onConfirm={() => void forget(null)}
      >
        {more ? 'All values' : values.length === 1 ? 'The value' : `All ${values.length} values`}{' '}
        {zapId === null ? 'that zaps share' : 'that the steps of this zap keep'} by name. Counters begin again at
        nothing.
      </ConfirmDialog>
    </div>
  )
}

function shown(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}
