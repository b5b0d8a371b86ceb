import { FilterX, Inbox, Search, SearchX } from 'lucide-react'
import { useEffect, useState } from 'react'
import { VERDICTS } from '../../core/domain/trust/verdict.ts'
import { useStatus } from '../queries/status.ts'
import { Button } from '../ui/controls/button.tsx'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Select } from '../ui/controls/select.tsx'
import { EmptyState } from '../ui/page/empty-state.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Page } from '../ui/page/page.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { InboxList } from './inbox-list.tsx'
import { RequestPanel } from './request-panel.tsx'
import { type InboxFilter, useInbox } from './use-inbox.ts'
import { VERDICT_WORDS } from './verdicts.ts'

type Choice = NonNullable<InboxFilter> | ''

const CHOICES: readonly { value: Choice; label: string }[] = [
  { value: '', label: 'Everything' },
  { value: 'refused', label: 'All that was refused' },
  ...VERDICTS.map((verdict) => ({ value: verdict, label: VERDICT_WORDS[verdict].word })),
]

/** Everything that reached the webhook listener, newest first and live, and what became of it. */
export function InboxPage({ requestId }: { requestId: number | null }) {
  const [verdict, setVerdict] = useState<InboxFilter>(undefined)
  const [search, setSearch] = useState('')
  const text = useDeferredText(search.trim())
  const { pages, failure, reload, loadOlder } = useInbox(verdict, text)
  const isFiltered = verdict !== undefined || search !== ''
  const isEmpty = pages !== null && pages.requests.length === 0
  const all = () => {
    setVerdict(undefined)
    setSearch('')
  }
  return (
    <Page
      title="Inbox"
      subtitle="Every request that reached your webhooks"
      scrolls={false}
      actions={
        <>
          {isFiltered && (
            <Button variant="ghost" icon={FilterX} onClick={all}>
              Clear filter
            </Button>
          )}
          <div className="relative w-60 shrink-0">
            <Search size={14} aria-hidden className="pointer-events-none absolute top-[9px] left-2.5 text-ink-faint" />
            <Input
              type="search"
              aria-label="Search requests"
              placeholder="Search what was sent"
              className="pl-8"
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
          </div>
          <Select<Choice>
            label="Verdict"
            className="min-w-48"
            value={verdict ?? ''}
            onChange={(choice) => setVerdict(choice === '' ? undefined : choice)}
            options={CHOICES}
          />
        </>
      }
    >
      {failure !== null && (
        <div className="mb-3">
          <ErrorNote
            title="The inbox could not be read."
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
      {pages === null && failure === null && <Spinner label="Reading the inbox…" />}
      {isEmpty && requestId === null && isFiltered && pages.next !== null && (
        <EmptyState
          icon={SearchX}
          title="Not among the newest requests"
          action={<Button onClick={loadOlder}>Search older ones</Button>}
        >
          A search looks through 20,000 requests at a time.
        </EmptyState>
      )}
      {isEmpty && requestId === null && isFiltered && pages.next === null && (
        <EmptyState
          icon={FilterX}
          title={text === '' ? 'No request has this verdict' : 'No request has this in it'}
          action={<Button onClick={all}>Clear filter</Button>}
        >
          Those that match appear here by themselves.
        </EmptyState>
      )}
      {isEmpty && requestId === null && !isFiltered && <NothingCame />}
      {pages !== null && (pages.requests.length > 0 || requestId !== null) && (
        <div className="flex min-h-0 flex-1 gap-4">
          <div className="flex min-h-0 min-w-0 flex-1 flex-col">
            <InboxList
              requests={pages.requests}
              hasOlder={pages.next !== null}
              onOlder={loadOlder}
              openId={requestId}
            />
          </div>
          {requestId !== null && <RequestPanel key={requestId} id={requestId} />}
        </div>
      )}
    </Page>
  )
}

/** Milliseconds without a key press after which a search begins. */
const SETTLE_MS = 200

/** The text that was typed, once the typing has stopped. */
function useDeferredText(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

function NothingCame() {
  const base = useStatus((status) => status?.listener.url)
  const line = `curl -d hello ${base ?? ''}/hooks/anything`
  return (
    <EmptyState
      icon={Inbox}
      title="Nothing has come yet"
      {...(base === undefined
        ? {}
        : { action: <CopyButton text={line} label="Copy a line to try it" words size="md" variant="secondary" /> })}
    >
      Every request to a webhook appears here, with what became of it and why, also when no zap took it.
    </EmptyState>
  )
}
