import {
  CirclePause,
  Hourglass,
  KeyRound,
  ListStart,
  type LucideIcon,
  RotateCw,
  UserRound,
  WifiOff,
  Workflow,
} from 'lucide-react'
import type { WaitFor } from '../../../core/contract/values.ts'
import { ClockTime } from '../../ui/words/clock-time.tsx'
import { RelativeTime } from '../../ui/words/relative-time.tsx'
import { waitWords } from './wait-words.ts'

const ICONS: Readonly<Record<WaitFor | 'turn', LucideIcon>> = {
  retry: RotateCw,
  time: Hourglass,
  person: UserRound,
  run: Workflow,
  network: WifiOff,
  account: KeyRound,
  pause: CirclePause,
  turn: ListStart,
}

/** What something waits for, and until when. */
export function WaitNote({ waitsFor, until }: { waitsFor: WaitFor | null; until: string | null }) {
  const Icon = ICONS[waitsFor ?? 'turn']
  const { text, before, as } = waitWords(waitsFor, until !== null)
  return (
    <span
      data-waits-for={waitsFor ?? 'turn'}
      className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap"
    >
      <Icon size={13} aria-hidden className="shrink-0 text-waiting" />
      <span>
        {text}
        {before !== null && until !== null && (
          <>
            {before === '' ? ' ' : `, ${before} `}
            {as === 'clock' ? <ClockTime iso={until} /> : <RelativeTime iso={until} due />}
          </>
        )}
      </span>
    </span>
  )
}
