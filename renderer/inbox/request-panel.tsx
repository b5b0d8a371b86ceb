import { ExternalLink, Pin, Plus, RotateCcw, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { InboxRequestDetail } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { queries, useAnswer } from '../queries/queries.ts'
import { useStatus } from '../queries/status.ts'
import { Button, IconButton } from '../ui/controls/button.tsx'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { type Tab, Tabs } from '../ui/controls/tabs.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { Count } from '../ui/lists/count.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { decodeBase64, utf8Of } from './body-text.ts'
import { BodyView } from './body-view.tsx'
import { ReplayRequestDialog } from './replay-request-dialog.tsx'
import { requestCurl } from './request-curl.ts'
import { SignatureReportView } from './signature-report-view.tsx'
import { VerdictBadge } from './verdict-badge.tsx'
import { VERDICT_WORDS } from './verdicts.ts'
import { isHookPath, TRIGGER_ID, zapFromRequest } from './zap-from-request.ts'

/** One request, beside the list: what became of it and why, and all that was sent. */
export function RequestPanel({ id }: { id: number }) {
  const [, navigate] = useLocation()
  const { data: request, failure, reload } = useAnswer(queries.inbox.get.queryOptions({ input: { id: id } }))
  return (
    <section
      aria-label="Request"
      className="flex min-h-0 w-[46%] min-w-[400px] shrink-0 flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      {request === null ? (
        <div className="flex items-start justify-between gap-3 p-4">
          {failure === null ? (
            <Spinner label="Reading the request…" />
          ) : (
            <ErrorNote
              title="The request could not be read."
              remedy={failure.message}
              details={failure.details}
              action={
                <Button size="sm" variant="ghost" onClick={reload}>
                  Try again
                </Button>
              }
            />
          )}
          <IconButton icon={X} label="Close" variant="ghost" onClick={() => navigate('/inbox')} />
        </div>
      ) : (
        <Shown request={request} onClose={() => navigate('/inbox')} />
      )}
    </section>
  )
}

type Part = 'check' | 'body' | 'headers'

function Shown({ request, onClose }: { request: InboxRequestDetail; onClose: () => void }) {
  const body = useMemo(() => (request.body === null ? null : decodeBase64(request.body)), [request.body])
  const { report } = request
  const [part, setPart] = useState<Part>(report === null ? 'body' : 'check')
  const headers = Object.entries(request.headers)
  const tabs: Tab<Part>[] = [
    ...(report === null
      ? []
      : [{ value: 'check' as const, label: 'Signature', content: <SignatureReportView report={report} /> }]),
    {
      value: 'body',
      label: 'Body',
      content:
        body === null ? (
          <p className="p-4 text-ink-soft">Its body was not kept.</p>
        ) : (
          <BodyView body={body} bytes={request.bytes} />
        ),
    },
    {
      value: 'headers',
      label: (
        <>
          Headers
          <Count>{headers.length}</Count>
        </>
      ),
      content: <Pairs label="Headers" pairs={headers} />,
    },
  ]
  return (
    <>
      <header className="shrink-0 px-4 pt-3 pb-3">
        <div className="flex items-start gap-2">
          <h2 className="min-w-0 flex-1 pt-0.5 font-mono text-base font-medium break-all">
            {request.method} {request.path}
            {request.query !== '' && <span className="text-ink-faint">?{request.query}</span>}
          </h2>
          <IconButton icon={X} size="sm" label="Close" onClick={onClose} />
        </div>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-faint">
          <VerdictBadge verdict={request.verdict} />
          <span>answered {request.status}</span>
          <RelativeTime iso={request.receivedAt} />
          {request.sender !== null && <span>looks like {request.sender}</span>}
          {request.remoteAddress !== null && <span>from {request.remoteAddress}</span>}
        </div>
        <p className="mt-2 text-ink-soft">{VERDICT_WORDS[request.verdict].meaning}</p>
        {request.note !== null && <p className="mt-1 break-words text-ink-soft">{request.note}</p>}
        {request.repeats > 0 && (
          <p className="mt-1 text-ink-soft">
            It stands for {request.repeats.toLocaleString('en')} more like it, which came in a flood and were only
            counted.
          </p>
        )}
        <WhichSender request={request} />
        <Actions request={request} body={body} />
      </header>
      <Tabs label="Parts of the request" value={part} onChange={setPart} tabs={tabs} className="border-t border-line" />
    </>
  )
}

/** How the zap could check this sender, where it does not do so yet. */
function WhichSender({ request: { proposal, verdict, report } }: { request: InboxRequestDetail }) {
  const isChecked = verdict === 'accepted' || verdict === 'duplicate' || verdict === 'handshake'
  if (proposal === null || isChecked || report?.scheme === proposal.verify.scheme) return null
  return (
    <p className="mt-1 text-ink-soft">
      Its header <code className="font-mono text-sm">{proposal.header}</code> tells how a zap can check who sent it:{' '}
      <span className="font-medium text-ink">{proposal.sender}</span>.
    </p>
  )
}

function Actions({ request, body }: { request: InboxRequestDetail; body: Uint8Array | null }) {
  const base = useStatus((status) => status?.listener.url)
  const [isReplaying, setReplaying] = useState(false)
  // Of a large body the screen has only the beginning, but the host has it all.
  const isWhole = body !== null && (body.length === request.bytes || request.runId !== null)
  const curl =
    base === undefined || body?.length !== request.bytes ? null : requestCurl(base, request, utf8Of(body, false))
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2 empty:hidden">
      {request.runId !== null && (
        <LinkButton to={`/runs/${request.runId}`}>
          {request.verdict === 'duplicate' ? 'Run of the first one' : 'Open its run'}
        </LinkButton>
      )}
      {request.zapId !== null && <LinkButton to={`/zaps/${request.zapId}`}>Open the zap</LinkButton>}
      {request.verdict === 'unknown-path' && isHookPath(request.path) && <NewZap request={request} />}
      {isWhole && (
        <Button size="sm" icon={RotateCcw} onClick={() => setReplaying(true)}>
          Run again…
        </Button>
      )}
      {request.zapId !== null && isWhole && <PinButton request={request} />}
      {isReplaying && <ReplayRequestDialog request={request} onClose={() => setReplaying(false)} />}
      {curl !== null && <CopyButton text={curl} label="Copy as curl" words />}
    </div>
  )
}

/** Makes what was sent the example that the editor shows for the zap's trigger. */
function PinButton({ request }: { request: InboxRequestDetail }) {
  const [busy, setBusy] = useState(false)
  const pin = async () => {
    setBusy(true)
    try {
      await api.inbox.pin({ id: request.id })
      toast({ title: 'Pinned: the editor now shows this request as the sample', tone: 'success' })
    } catch (thrown) {
      toast({ title: 'It was not pinned', detail: describeFailure(thrown).message, tone: 'error' })
    }
    setBusy(false)
  }
  return (
    <Button size="sm" icon={Pin} loading={busy} onClick={() => void pin()}>
      Pin as sample
    </Button>
  )
}

function NewZap({ request }: { request: InboxRequestDetail }) {
  const [, navigate] = useLocation()
  const [isMaking, setMaking] = useState(false)
  const make = async () => {
    setMaking(true)
    try {
      const zap = await api.zaps.create({ draft: zapFromRequest(request) })
      // What the inbox does not have whole is no sample; the zap is made all the same.
      await api.inbox.pin({ id: request.id, zapId: zap.id, step: TRIGGER_ID }).catch((thrown: unknown) => {
        toast({ title: 'The request is not the sample of the new zap', detail: describeFailure(thrown).message })
      })
      navigate(`/zaps/${zap.id}`)
    } catch (thrown) {
      toast({ title: 'The zap could not be made', detail: describeFailure(thrown).message, tone: 'error' })
      setMaking(false)
    }
  }
  return (
    <Button size="sm" variant="primary" icon={Plus} loading={isMaking} onClick={() => void make()}>
      Make a zap for this path
    </Button>
  )
}

function LinkButton({ to, children }: { to: string; children: string }) {
  return (
    <Link
      href={to}
      className="inline-flex h-6 items-center gap-1 rounded border border-line-strong bg-surface px-2 text-sm font-medium text-ink shadow-card hover:bg-hover"
    >
      <ExternalLink size={13} aria-hidden />
      {children}
    </Link>
  )
}

function Pairs({ label, pairs }: { label: string; pairs: readonly (readonly [string, string])[] }) {
  if (pairs.length === 0) return <p className="p-4 text-ink-soft">None were kept.</p>
  return (
    <dl aria-label={label} className="grid grid-cols-[minmax(120px,auto)_1fr] gap-x-4 gap-y-1 p-4 font-mono text-sm">
      {pairs.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-faint">{name}</dt>
          <dd className="min-w-0 break-all">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
