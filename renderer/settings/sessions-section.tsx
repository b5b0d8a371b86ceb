import { Monitor } from 'lucide-react'
import { useState } from 'react'
import type { Session } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { cache, queries, useAnswer } from '../queries/queries.ts'
import { Button } from '../ui/controls/button.tsx'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Section } from '../ui/page/section.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'

/** The browsers that may control this Hookline, where its screens are opened in browsers at all. */
export function SessionsSection() {
  return window.hooklineHost === 'desktop' ? null : <BrowserSessions />
}

function BrowserSessions() {
  const { data: sessions, failure } = useAnswer(queries.sessions.list.queryOptions())
  const [address, setAddress] = useState<string | null>(null)

  const makeAddress = async (): Promise<void> => {
    try {
      setAddress((await api.sessions.openAddress()).ui)
    } catch (thrown) {
      toast({ title: 'No address could be made.', detail: describeFailure(thrown).message, tone: 'error' })
    }
  }
  const end = async ({ id, browser }: Session): Promise<void> => {
    try {
      await api.sessions.end({ id })
      toast({ title: `Ended the session of ${browser}.`, tone: 'success' })
    } catch (thrown) {
      toast({ title: 'The session could not be ended.', detail: describeFailure(thrown).message, tone: 'error' })
    }
    await cache.invalidateQueries({ queryKey: queries.sessions.list.key() })
  }
  return (
    <Section
      title="Sessions"
      description="The browsers that may control this Hookline. One that is not used for 30 days has to be let in again."
      control={<Button onClick={() => void makeAddress()}>Open in another browser…</Button>}
    >
      {sessions === null && failure === null && <Spinner label="Asking the host…" />}
      {failure !== null && (
        <ErrorNote title="The sessions could not be read." remedy={failure.message} details={failure.details} />
      )}
      <div className="flex flex-col gap-3">
        {address !== null && (
          <div role="status" className="flex flex-col gap-1">
            <p className="text-sm text-ink-faint">Opens Hookline once, within ten minutes. Keep it to yourself.</p>
            <div className="flex items-center gap-2 rounded bg-sunken py-1 pr-1 pl-3">
              <code className="min-w-0 flex-1 font-mono text-sm break-all">{address}</code>
              <CopyButton label="Copy the address" text={address} />
            </div>
          </div>
        )}
        {sessions !== null && (
          <ul aria-label="Sessions" className="flex flex-col gap-2">
            {sessions.map((session) => (
              <li key={session.id} className="flex min-h-6 items-center gap-2.5">
                <Monitor size={15} aria-hidden className="shrink-0 text-ink-faint" />
                <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3">
                  <span>
                    {session.browser}
                    {session.isThis && ' (this one)'}
                  </span>
                  <span className="text-sm text-ink-faint">
                    {session.screens > 0 ? 'connected now' : <SeenAt iso={session.lastSeenAt} />}, opened{' '}
                    <RelativeTime iso={session.openedAt} />
                  </span>
                </div>
                <Button
                  size="sm"
                  aria-label={`End the session of ${session.browser}`}
                  onClick={() => void end(session)}
                >
                  {session.isThis ? 'Log out' : 'End'}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}

function SeenAt({ iso }: { iso: string }) {
  return (
    <>
      last seen <RelativeTime iso={iso} />
    </>
  )
}
