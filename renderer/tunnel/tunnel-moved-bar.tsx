import { Check, Signpost } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { useStatus } from '../queries/status.ts'
import { Button } from '../ui/controls/button.tsx'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { toast } from '../ui/layers/toast.tsx'

/** Says that the public address changed, and whose senders have to be told. Nothing at all otherwise. */
export function TunnelMovedBar() {
  const moved = useStatus((status) => status?.tunnel.moved ?? null)
  const [busy, setBusy] = useState(false)
  if (moved === null || moved.webhooks.length === 0) return null
  const acknowledge = async () => {
    setBusy(true)
    try {
      await api.tunnel.acknowledge()
    } catch (thrown) {
      toast({ title: describeFailure(thrown).message, tone: 'error' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <section
      role="alert"
      aria-label="The public address changed"
      className="flex shrink-0 items-start gap-3 border-t border-waiting/30 bg-waiting-soft px-4 py-2"
    >
      <Signpost size={16} aria-hidden className="mt-0.5 shrink-0 text-waiting" />
      <div className="min-w-0 flex-1">
        <p>
          <span className="font-semibold">The public address changed.</span>{' '}
          <span className="text-ink-soft">
            Calls to <span className="font-mono text-sm break-all">{moved.from}</span> do not arrive any more. Tell the
            senders of:
          </span>
        </p>
        <ul className="mt-1 max-h-28 overflow-y-auto">
          {moved.webhooks.map(({ zapId, zapName, url }) => (
            <li key={url} className="flex items-center gap-2">
              <Link href={`/zaps/${zapId}`} className="shrink-0 rounded-sm font-medium text-accent hover:underline">
                {zapName}
              </Link>
              <code className="min-w-0 truncate font-mono text-xs">{url}</code>
              <CopyButton text={url} label={`Copy the new address of ${zapName}`} />
            </li>
          ))}
        </ul>
      </div>
      <Button icon={Check} loading={busy} onClick={() => void acknowledge()}>
        They know
      </Button>
    </section>
  )
}
