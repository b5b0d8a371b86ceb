import {
  Inbox,
  KeyRound,
  ListChecks,
  type LucideIcon,
  Send,
  Server,
  Settings,
  Table2,
  UserRoundCheck,
  Zap,
} from 'lucide-react'
import { Link, useLocation } from 'wouter'
import { useFleet } from '../queries/fleet.ts'
import { useStatus } from '../queries/status.ts'
import { classNames } from '../ui/look/class-names.ts'
import { Mark } from './mark.tsx'

/** The way between the screens. */
export function Rail() {
  const open = useStatus((status) => status?.openApprovals ?? 0)
  const isInFleet = useFleet() !== null
  return (
    <nav
      aria-label="Main"
      className="flex w-[76px] shrink-0 flex-col items-center gap-1 border-r border-line bg-surface py-3"
    >
      <div className="mb-3">
        <Mark size={30} />
      </div>
      <RailLink to="/zaps" icon={Zap} label="Zaps" />
      <RailLink to="/runs" icon={ListChecks} label="Runs" />
      <RailLink to="/approvals" icon={UserRoundCheck} label="Approvals" count={open} />
      <RailLink to="/tables" icon={Table2} label="Tables" />
      <RailLink to="/inbox" icon={Inbox} label="Inbox" />
      <RailLink to="/outbox" icon={Send} label="Outbox" />
      <RailLink to="/credentials" icon={KeyRound} label="Credentials" />
      {isInFleet && <RailLink to="/fleet" icon={Server} label="Fleet" />}
      <div className="flex-1" />
      <RailLink to="/settings" icon={Settings} label="Settings" />
    </nav>
  )
}

/** `count` is how much there waits for a person. */
function RailLink({
  to,
  icon: Icon,
  label,
  count = 0,
}: {
  to: string
  icon: LucideIcon
  label: string
  count?: number
}) {
  const [location] = useLocation()
  const active = location === to || location.startsWith(`${to}/`)
  return (
    <Link
      href={to}
      aria-current={active ? 'page' : undefined}
      className={classNames(
        'relative flex h-[50px] w-[68px] cursor-default flex-col items-center justify-center gap-0.5 rounded text-xs font-medium transition-colors duration-100',
        active ? 'bg-accent-soft text-accent' : 'text-ink-faint hover:bg-hover hover:text-ink',
      )}
    >
      <Icon size={18} aria-hidden strokeWidth={active ? 2.25 : 1.9} />
      {label}
      {count > 0 && (
        <span className="absolute top-1 right-2 min-w-4 rounded-full bg-waiting px-1 text-center text-xs leading-4 font-semibold text-surface tabular-nums">
          <span className="sr-only">, waiting for you: </span>
          {count > 99 ? '99+' : count}
        </span>
      )}
    </Link>
  )
}
