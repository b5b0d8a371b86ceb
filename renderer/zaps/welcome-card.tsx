import { ArrowRight, Send } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { ZapSummary } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { Button } from '../ui/controls/button.tsx'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { StatusBadge } from '../ui/look/status-badge.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { welcomeCurl, welcomeRequest } from './welcome-request.ts'
import { ZapIcons } from './zap-icons.tsx'

/** The first minute: one line to send, and the run that it starts, while the person watches. */
export function WelcomeCard({ zap, onDone }: { zap: ZapSummary; onDone: () => void }) {
  const [address, setAddress] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    let gone = false
    api.zaps.get({ id: zap.id }).then(
      (detail) => {
        if (!gone) setAddress(detail.webhooks[0]?.url ?? null)
      },
      // Without the address the button still works; only the line to copy is missing.
      () => undefined,
    )
    return () => {
      gone = true
    }
  }, [zap.id])

  const send = async () => {
    setBusy(true)
    try {
      await api.zaps.run({ id: zap.id, source: 'live', input: welcomeRequest(new Date()) })
    } catch (thrown) {
      toast({ title: 'The request could not be sent', detail: describeFailure(thrown).message, tone: 'error' })
    } finally {
      setBusy(false)
    }
  }

  return (
    <section
      aria-labelledby="welcome-title"
      className="mb-4 overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      <div className="flex items-start gap-6 p-5">
        <div className="min-w-0 flex-1">
          <h2 id="welcome-title" className="text-lg font-semibold">
            Send your first event
          </h2>
          <p className="mt-0.5 max-w-[620px] text-ink-soft">
            The zap below waits for an order, keeps the large ones, and writes them to a file on this computer. Paste
            this line into a terminal, or let us send it.
          </p>
          {address !== null && (
            <div className="mt-3 flex items-center gap-1 rounded border border-line bg-sunken pr-1 pl-3">
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a line that scrolls sideways must be reachable by keyboard */}
              <code tabIndex={0} className="min-w-0 flex-1 overflow-x-auto py-2 font-mono text-sm whitespace-nowrap">
                {welcomeCurl(address)}
              </code>
              <CopyButton text={welcomeCurl(address)} label="Copy the curl line" size="md" />
            </div>
          )}
          <div className="mt-3 flex h-8 items-center gap-3">
            <Button variant="primary" icon={Send} loading={busy} onClick={() => void send()}>
              Send it for me
            </Button>
            <span aria-live="polite" className="flex items-center gap-2 text-ink-soft">
              {zap.lastRun === null ? (
                'The run appears here.'
              ) : (
                <>
                  <StatusBadge status={zap.lastRun.shownAs} />
                  <RelativeTime iso={zap.lastRun.startedAt} />
                  <Link
                    href={`/runs/${zap.lastRun.id}`}
                    className="inline-flex items-center gap-1 rounded-sm font-medium text-accent hover:underline"
                  >
                    See what happened <ArrowRight size={14} aria-hidden />
                  </Link>
                </>
              )}
            </span>
            {zap.lastRun !== null && (
              <Button variant="ghost" className="ml-auto" onClick={onDone}>
                Done
              </Button>
            )}
          </div>
        </div>
        <div className="hidden self-center pr-3 min-[1100px]:block">
          <ZapIcons uses={zap.uses} size={36} />
        </div>
      </div>
    </section>
  )
}
