import { Crosshair, Pin, ShieldCheck, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { InboxRequestDetail } from '../../../core/contract/values.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import { api } from '../../api/client.ts'
import { describeFailure } from '../../api/failure.ts'
import { updateInput } from '../../draft/operations/draft-operations.ts'
import { useDraft, useDraftStore } from '../../draft/session/draft-store.ts'
import { Button } from '../../ui/controls/button.tsx'
import { Spinner } from '../../ui/page/spinner.tsx'
import { useSamples } from '../data/samples.tsx'

/** Waits for the next request at a trigger's one real address, and makes it the trigger's sample. */
export function CaptureRequest({ stepId }: { stepId: string }) {
  const zapId = useDraft((state) => state.host.id)
  const waiting = useRef<AbortController | null>(null)
  const [isWaiting, setWaiting] = useState(false)
  const [captured, setCaptured] = useState<InboxRequestDetail | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  useEffect(() => () => waiting.current?.abort(), [])

  const capture = async () => {
    const controller = new AbortController()
    waiting.current = controller
    setWaiting(true)
    setCaptured(null)
    setFailure(null)
    try {
      setCaptured(await api.inbox.capture({ zapId, step: stepId }, { signal: controller.signal }))
    } catch (thrown) {
      if (!controller.signal.aborted) setFailure(describeFailure(thrown).message)
    }
    if (waiting.current === controller) setWaiting(false)
  }

  const cancel = (): void => {
    waiting.current?.abort()
    setWaiting(false)
  }

  return (
    <div aria-live="polite" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-1.5">
        {isWaiting && <Spinner label="Waiting for a request…" />}
        {/* One button for both, so that the focus stays when it turns into the other. */}
        <Button
          size="sm"
          variant={isWaiting ? 'ghost' : 'secondary'}
          icon={isWaiting ? X : Crosshair}
          className={isWaiting ? 'ml-auto' : ''}
          onClick={() => (isWaiting ? cancel() : void capture())}
        >
          {isWaiting ? 'Cancel' : 'Capture next request'}
        </Button>
        {!isWaiting && <PinnedSample zapId={zapId} stepId={stepId} />}
      </div>
      {failure !== null && (
        <p role="alert" className="text-sm text-error">
          {failure}
        </p>
      )}
      {captured !== null && <Captured request={captured} stepId={stepId} />}
    </div>
  )
}

/** What was captured, and the check that it offers. */
function Captured({ request, stepId }: { request: InboxRequestDetail; stepId: string }) {
  return (
    <div className="rounded border border-line bg-surface px-2.5 py-2 text-sm">
      <p>
        Captured {request.method}
        {request.sender !== null && ` from ${request.sender}`}, {request.bytes} bytes. It is the sample now.{' '}
        <Link href={`/inbox/${request.id}`} className="text-accent underline">
          Look at it
        </Link>
      </p>
      <Proposal request={request} stepId={stepId} />
    </div>
  )
}

function Proposal({ request: { proposal }, stepId }: { request: InboxRequestDetail; stepId: string }) {
  const store = useDraftStore()
  const scheme = useDraft((state) => {
    const verify = state.history.present.steps.find((step) => step.id === stepId)?.input.verify
    return typeof verify === 'object' && verify !== null && 'scheme' in verify ? verify.scheme : null
  })
  if (proposal === null || scheme === proposal.verify.scheme) return null
  const use = () => {
    const verify: Json = { ...proposal.verify, secrets: [] }
    store.getState().change((zap) => updateInput(zap, stepId, ['verify'], verify))
    store.getState().focusOn(stepId, 'input.verify.secrets')
  }
  return (
    <div className="mt-1.5 flex flex-col items-start gap-1.5">
      <p className="text-ink-soft">
        Its header <code className="font-mono text-xs">{proposal.header}</code> proves who sent it: {proposal.sender}.
      </p>
      <Button size="sm" variant="primary" icon={ShieldCheck} onClick={use}>
        Check the sender this way
      </Button>
    </div>
  )
}

function PinnedSample({ zapId, stepId }: { zapId: string; stepId: string }) {
  const isPinned = useSamples().get(stepId)?.from === 'pinned'
  if (!isPinned) return null
  return (
    <Button
      size="sm"
      variant="ghost"
      icon={Pin}
      onClick={() => {
        api.zaps.unpinOutput({ id: zapId, step: stepId }).catch(() => undefined)
      }}
    >
      Unpin the sample
    </Button>
  )
}
