import {
  CircleCheck,
  CirclePause,
  CircleX,
  Copy,
  Crosshair,
  FileWarning,
  Gauge,
  Handshake,
  Layers,
  type LucideIcon,
  Scale,
  ShieldX,
  Signpost,
} from 'lucide-react'
import type { Verdict } from '../../core/domain/trust/verdict.ts'
import { classNames } from '../ui/look/class-names.ts'
import { VERDICT_WORDS } from './verdicts.ts'

const ICONS: Readonly<Record<Verdict, LucideIcon>> = {
  accepted: CircleCheck,
  duplicate: Copy,
  handshake: Handshake,
  captured: Crosshair,
  'bad-signature': CircleX,
  'unknown-path': Signpost,
  'too-large': Scale,
  'too-deep': Layers,
  unreadable: FileWarning,
  'not-allowed': ShieldX,
  'rate-limited': Gauge,
  paused: CirclePause,
}

const TONES = {
  success: 'text-success',
  neutral: 'text-ink-faint',
  waiting: 'text-waiting',
  error: 'text-error',
} as const

/** What became of a request, as icon and word. */
export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const Icon = ICONS[verdict]
  const { word, tone } = VERDICT_WORDS[verdict]
  return (
    <span
      className={classNames(
        'inline-flex shrink-0 items-center gap-1 align-middle text-sm font-medium whitespace-nowrap',
        TONES[tone],
      )}
    >
      <Icon size={13} aria-hidden />
      {word}
    </span>
  )
}
