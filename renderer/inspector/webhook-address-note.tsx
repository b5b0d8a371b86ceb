import { Radio } from 'lucide-react'
import { Link } from 'wouter'
import type { WebhookAddress, ZapStatus } from '../../core/contract/values.ts'
import { useDraft } from '../draft/session/draft-store.ts'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { CaptureRequest } from './test/capture-request.tsx'

/** The address of a webhook trigger, and a line that calls it; of the trigger of an app, what a person does with it there. */
export function WebhookAddressNote({ stepId, app }: { stepId: string; app: string | undefined }) {
  const webhook = useDraft((state) => state.host.webhooks.find((one) => one.step === stepId))
  const status = useDraft((state) => state.host.status)
  const isLive = status === 'enabled'
  if (!webhook) return null
  if (webhook.isForm === true) return <FormAddress address={webhook} status={status} />
  if (app !== undefined) return <AddressToEnter address={webhook} app={app} status={status} />
  const curl = curlLine(webhook.url, webhook.methods[0] ?? 'POST')
  return (
    <section aria-label="Address" className="flex flex-col gap-2 rounded-lg border border-line bg-sunken p-3">
      <p className="flex items-center gap-1.5 text-sm font-medium text-ink-soft">
        <Radio size={14} aria-hidden className={classNames(isLive ? 'text-success' : 'text-ink-faint')} />
        {isLive ? 'Listening here' : `Listens here once ${status === 'draft' ? 'published' : 'switched on'}`}
      </p>
      {webhook.publicUrl !== null && <Line text={webhook.publicUrl} label="Copy the public address" />}
      <Line text={webhook.url} label="Copy the address" />
      <Line text={curl} label="Copy the curl line" />
      <CaptureRequest stepId={stepId} />
    </section>
  )
}

/** What a person enters at a service, which calls it then. */
function AddressToEnter({
  address: { step, url, publicUrl },
  app,
  status,
}: {
  address: WebhookAddress
  app: string
  status: ZapStatus
}) {
  const isLive = status === 'enabled'
  return (
    <section aria-label="Address" className="flex flex-col gap-2 rounded-lg border border-line bg-sunken p-3">
      <p className="flex items-center gap-1.5 text-sm font-medium text-ink-soft">
        <Radio size={14} aria-hidden className={classNames(isLive ? 'text-success' : 'text-ink-faint')} />
        {isLive ? `Listening to ${app} here` : `Enter this address at ${app}`}
      </p>
      <Line text={publicUrl ?? url} label="Copy the address" />
      {publicUrl === null && (
        <p className="text-sm text-ink-soft">
          Only this computer can call it. Unless {app} runs here too, first{' '}
          <Link href="/settings" className="text-accent underline">
            switch the tunnel on
          </Link>
          : then the address to enter stands here.
        </p>
      )}
      {!isLive && (
        <p className="text-sm text-ink-faint">
          Its calls start runs once the zap is {status === 'draft' ? 'published' : 'switched on'}.
        </p>
      )}
      <CaptureRequest stepId={step} />
    </section>
  )
}

/** Where people find a form. */
function FormAddress({ address: { url, publicUrl }, status }: { address: WebhookAddress; status: ZapStatus }) {
  const isLive = status === 'enabled'
  const first = publicUrl ?? url
  return (
    <section aria-label="Address" className="flex flex-col gap-2 rounded-lg border border-line bg-sunken p-3">
      <p className="flex items-center gap-1.5 text-sm font-medium text-ink-soft">
        <Radio size={14} aria-hidden className={classNames(isLive ? 'text-success' : 'text-ink-faint')} />
        {isLive ? 'Open here' : `Opens here once ${status === 'draft' ? 'published' : 'switched on'}`}
      </p>
      <Line text={first} label="Copy the address of the form" />
      {isLive && (
        <a href={first} target="_blank" rel="noreferrer" className="self-start text-sm font-medium text-accent">
          Open the form
        </a>
      )}
      {publicUrl === null && (
        <p className="text-sm text-ink-faint">
          Only this computer can open it. For others,{' '}
          <Link href="/settings" className="text-accent underline">
            switch the tunnel on
          </Link>
          .
        </p>
      )}
    </section>
  )
}

function Line({ text, label }: { text: string; label: string }) {
  return (
    <div className="flex items-start gap-1 rounded border border-line bg-surface py-1 pr-1 pl-2.5">
      <code className="min-w-0 flex-1 py-1 font-mono text-xs leading-4 break-all select-all">{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  )
}

function curlLine(url: string, method: string): string {
  const body = method === 'GET' || method === 'HEAD' ? '' : ` -H 'content-type: application/json' -d '{"amount":75}'`
  return `curl${method === 'POST' || method === 'GET' ? '' : ` -X ${method}`} '${url}'${body}`
}
