import {
  Ban,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CirclePower,
  CircleX,
  Clock,
  FileInput,
  FunnelX,
  LoaderCircle,
  type LucideIcon,
  PencilLine,
  PowerOff,
  RotateCcw,
  SkipForward,
} from 'lucide-react'
import type { ZapStatus } from '../../../core/contract/values.ts'
import type { ShownRunState, StepState } from '../../../core/domain/runs/states.ts'
import { classNames } from './class-names.ts'

export type ShownStatus = ShownRunState | StepState | ZapStatus | 'given' | 'paused'
type Look = { readonly icon: LucideIcon; readonly word: string; readonly tone: Tone; readonly spins?: true }
type Tone = 'success' | 'running' | 'waiting' | 'error' | 'neutral'

const LOOKS: Readonly<Record<ShownStatus, Look>> = {
  running: { icon: LoaderCircle, word: 'Running', tone: 'running', spins: true },
  waiting: { icon: Clock, word: 'Waiting', tone: 'waiting' },
  succeeded: { icon: CircleCheck, word: 'Succeeded', tone: 'success' },
  failed: { icon: CircleX, word: 'Failed', tone: 'error' },
  cancelled: { icon: Ban, word: 'Cancelled', tone: 'neutral' },
  // Ended well, and before an end of the zap; ended badly, and was run again.
  filtered: { icon: FunnelX, word: 'Filtered', tone: 'neutral' },
  replayed: { icon: RotateCcw, word: 'Replayed', tone: 'neutral' },
  'needs-review': { icon: CircleAlert, word: 'Needs review', tone: 'waiting' },
  pending: { icon: CircleDashed, word: 'Pending', tone: 'neutral' },
  skipped: { icon: SkipForward, word: 'Skipped', tone: 'neutral' },
  // Of steps in tests: what was not run, and what is next.
  given: { icon: FileInput, word: 'Given', tone: 'neutral' },
  paused: { icon: CirclePause, word: 'Paused', tone: 'waiting' },
  draft: { icon: PencilLine, word: 'Draft', tone: 'neutral' },
  enabled: { icon: CirclePower, word: 'On', tone: 'success' },
  disabled: { icon: PowerOff, word: 'Off', tone: 'neutral' },
}

const TEXT: Readonly<Record<Tone, string>> = {
  success: 'text-success',
  running: 'text-running',
  waiting: 'text-waiting',
  error: 'text-error',
  neutral: 'text-ink-faint',
}
const FILL: Readonly<Record<Tone, string>> = {
  success: 'bg-success-soft',
  running: 'bg-running-soft',
  waiting: 'bg-waiting-soft',
  error: 'bg-error-soft',
  neutral: 'bg-hover',
}

/** The word for a status, as every screen says it. */
export function statusWord(status: ShownStatus): string {
  return LOOKS[status].word
}

/** Only the icon, where there is no room for the word: the word is then its name, unless it `hasWord` beside it anyway. */
export function StatusIcon({
  status,
  size = 14,
  hasWord = false,
}: {
  status: ShownStatus
  size?: number
  hasWord?: boolean
}) {
  const look = LOOKS[status]
  return (
    <span
      {...(hasWord ? { 'aria-hidden': true } : { role: 'img', 'aria-label': look.word })}
      className={classNames('inline-flex shrink-0 align-middle', TEXT[look.tone])}
    >
      <look.icon size={size} aria-hidden className={look.spins && 'animate-spin'} />
    </span>
  )
}

/** A status as icon and word. `plain` leaves the tinted pill away, for lists where every row has one. */
export function StatusBadge({ status, plain = false }: { status: ShownStatus; plain?: boolean }) {
  const look = LOOKS[status]
  return (
    <span
      data-status={status}
      className={classNames(
        'inline-flex shrink-0 items-center gap-1 align-middle text-sm font-medium whitespace-nowrap',
        TEXT[look.tone],
        !plain && classNames('h-[22px] rounded-full pr-2 pl-1.5', FILL[look.tone]),
      )}
    >
      <look.icon size={13} aria-hidden className={look.spins && 'animate-spin'} />
      {look.word}
    </span>
  )
}
