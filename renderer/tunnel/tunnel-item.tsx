import { Link } from 'wouter'
import type { TunnelStatus } from '../../core/contract/values.ts'
import { copyText } from '../ui/controls/copy-text.ts'
import { toast } from '../ui/layers/toast.tsx'
import { Tooltip } from '../ui/layers/tooltip.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { TUNNEL_LOOKS } from './tunnel-looks.ts'

const ITEM = 'flex h-6 min-w-0 items-center gap-1.5 rounded-sm px-2 hover:bg-hover hover:text-ink'

/** The tunnel in the status bar: its address to copy while it is open, else how it is, and the way to its settings. */
export function TunnelItem({ tunnel }: { tunnel: TunnelStatus }) {
  const { icon: Icon, hue, word, spins } = TUNNEL_LOOKS[tunnel.state]
  const look = (
    <>
      <Icon size={13} aria-hidden className={classNames('shrink-0', hue, spins && 'animate-spin')} />
      <span className="shrink-0">{word}</span>
    </>
  )
  if (tunnel.url === null) {
    const why = tunnel.why ?? 'Let webhooks in from the internet.'
    return (
      <Tooltip content={why} side="top">
        <Link href="/settings" className={ITEM}>
          {look}
        </Link>
      </Tooltip>
    )
  }
  const { url } = tunnel
  const copy = () => {
    void copyText(url).then((isCopied) => {
      if (isCopied) toast({ title: 'Public address copied', detail: url, tone: 'success' })
    })
  }
  return (
    <Tooltip content="Senders on the internet call this. Click to copy the address." side="top">
      <button type="button" onClick={copy} className={ITEM}>
        {look}
        <span className="min-w-0 truncate font-mono text-xs text-ink-faint">{url.replace(/^https?:\/\//, '')}</span>
        <span className="sr-only">Copy public address</span>
      </button>
    </Tooltip>
  )
}
