import { Play, ShieldAlert } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { describeFailure } from '../api/failure.ts'
import { setPaused, useStatus } from '../queries/status.ts'
import { Button } from '../ui/controls/button.tsx'
import { toast } from '../ui/layers/toast.tsx'

/** Says that Hookline started paused because runs kept ending it, and what to do then. Nothing at all otherwise. */
export function SafeModeBar() {
  const reason = useStatus((status) => status?.safeMode ?? null)
  const [busy, setBusy] = useState(false)
  if (reason === null) return null
  const resume = async () => {
    setBusy(true)
    try {
      await setPaused(false)
    } catch (thrown) {
      toast({ title: describeFailure(thrown).message, tone: 'error' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <section
      role="alert"
      aria-label="Safe mode"
      className="flex shrink-0 items-center gap-3 border-t border-error/30 bg-error-soft px-4 py-2"
    >
      <ShieldAlert size={16} aria-hidden className="shrink-0 text-error" />
      <p className="min-w-0 flex-1 break-words">
        <span className="font-semibold">Started paused.</span> {reason}{' '}
        <span className="text-ink-soft">
          Nothing is lost. Look at{' '}
          <Link href="/outbox" className="rounded-sm font-medium text-accent hover:underline">
            what waits
          </Link>{' '}
          and cancel or switch off what does harm, then resume.
        </span>
      </p>
      <Button icon={Play} loading={busy} onClick={() => void resume()}>
        Resume all
      </Button>
    </section>
  )
}
