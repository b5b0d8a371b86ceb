import {
  CircleAlert,
  CircleCheck,
  CircleDot,
  CirclePause,
  CircleX,
  Clock,
  FileInput,
  FunnelX,
  LoaderCircle,
  type LucideIcon,
  Minus,
  Pause,
  PencilLine,
  Pin,
  Plus,
  SkipForward,
} from 'lucide-react'
import type { StepBadge } from '../../steps/step-badge.ts'
import { classNames } from '../../ui/look/class-names.ts'

type Look = { readonly icon: LucideIcon; readonly tone: string; readonly spins?: true }

const LOOKS: Readonly<Record<StepBadge['kind'], Look>> = {
  todo: { icon: CircleDot, tone: 'border-waiting/35 bg-waiting-soft text-waiting' },
  problem: { icon: CircleAlert, tone: 'border-error/35 bg-error-soft text-error' },
  disabled: { icon: CirclePause, tone: 'border-line-strong bg-sunken text-ink-faint' },
  running: { icon: LoaderCircle, tone: 'border-running/35 bg-running-soft text-running', spins: true },
  succeeded: { icon: CircleCheck, tone: 'border-success/35 bg-success-soft text-success' },
  failed: { icon: CircleX, tone: 'border-error/35 bg-error-soft text-error' },
  waiting: { icon: Clock, tone: 'border-waiting/35 bg-waiting-soft text-waiting' },
  review: { icon: CircleAlert, tone: 'border-waiting/35 bg-waiting-soft text-waiting' },
  filtered: { icon: FunnelX, tone: 'border-line-strong bg-sunken text-ink-soft' },
  skipped: { icon: SkipForward, tone: 'border-line-strong bg-sunken text-ink-faint' },
  given: { icon: FileInput, tone: 'border-accent-line bg-accent-soft text-accent' },
  paused: { icon: Pause, tone: 'border-waiting/35 bg-waiting-soft text-waiting' },
  pinned: { icon: Pin, tone: 'border-accent-line bg-accent-soft text-accent' },
  added: { icon: Plus, tone: 'border-success/35 bg-success-soft text-success' },
  changed: { icon: PencilLine, tone: 'border-running/35 bg-running-soft text-running' },
  removed: { icon: Minus, tone: 'border-error/35 bg-error-soft text-error' },
}

/** The mark that sits on the upper edge of a step's card. */
export function StepBadgeMark({ badge }: { badge: StepBadge }) {
  const look = LOOKS[badge.kind]
  return (
    <span
      data-badge={badge.kind}
      title={badge.detail}
      className={classNames(
        'absolute -top-2.5 right-2.5 inline-flex h-5 items-center gap-1 rounded-full border pr-2 pl-1.5 text-xs font-medium whitespace-nowrap',
        look.tone,
      )}
    >
      <look.icon size={12} aria-hidden className={look.spins && 'animate-spin'} />
      {badge.text}
    </span>
  )
}

/** The colours of each kind of badge, for wherever else it is told. */
export function badgeTone(kind: StepBadge['kind']): string {
  return LOOKS[kind].tone
}
