import { CircleCheck, CircleDashed, CircleX, LoaderCircle, type LucideIcon } from 'lucide-react'
import type { TunnelStatus } from '../../core/contract/values.ts'

type Look = { readonly icon: LucideIcon; readonly hue: string; readonly word: string; readonly spins?: true }

/** How a tunnel's state looks, and what it is called. */
export const TUNNEL_LOOKS: Readonly<Record<TunnelStatus['state'], Look>> = {
  off: { icon: CircleDashed, hue: 'text-ink-faint', word: 'No tunnel' },
  opening: { icon: LoaderCircle, hue: 'text-running', word: 'Opening the tunnel', spins: true },
  open: { icon: CircleCheck, hue: 'text-success', word: 'Tunnel' },
  down: { icon: CircleX, hue: 'text-error', word: 'Tunnel is down' },
}
