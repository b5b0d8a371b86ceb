import { ArrowRightLeft, CircleAlert, CircleX, Link2, type LucideIcon, ServerOff, Undo2 } from 'lucide-react'
import type { FleetHappening } from '../../core/contract/fleet-values.ts'
import { happeningWords } from '../../core/contract/fleet-words.ts'
import { classNames } from '../ui/look/class-names.ts'
import { ClockTime } from '../ui/words/clock-time.tsx'
import { ToldText } from '../ui/words/told-text.tsx'

const LOOKS: Readonly<Record<FleetHappening['kind'], readonly [LucideIcon, string]>> = {
  handover: [ArrowRightLeft, 'text-accent'],
  joined: [Link2, 'text-success'],
  back: [Undo2, 'text-success'],
  gone: [ServerOff, 'text-error'],
  removed: [CircleX, 'text-ink-faint'],
  'set-aside': [CircleAlert, 'text-waiting'],
}
/** What is older is in the log file. */
const SHOWN = 8

/** What happened among the hosts, the newest first. */
export function Happenings({ happened }: { happened: readonly FleetHappening[] }) {
  if (happened.length === 0) return <p className="px-4 py-3 text-ink-faint">Nothing since this host joined.</p>
  return (
    <ol className="divide-y divide-line">
      {happened.slice(0, SHOWN).map((happening) => {
        const [Icon, tone] = LOOKS[happening.kind]
        const words = happeningWords(happening)
        return (
          <li key={`${happening.at} ${words}`} className="flex min-h-9 items-center gap-2.5 px-4 py-1.5">
            <Icon size={14} aria-hidden className={classNames('shrink-0', tone)} />
            <span className="min-w-0 flex-1 break-words">
              <ToldText>{words}</ToldText>
            </span>
            <span className="shrink-0 text-sm text-ink-faint">
              <ClockTime iso={happening.at} />
            </span>
          </li>
        )
      })}
    </ol>
  )
}
