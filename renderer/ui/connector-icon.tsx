import {
  BadgeCheck,
  Bell,
  Blocks,
  Braces,
  CircleStop,
  Clock,
  CornerDownLeft,
  CornerDownRight,
  FilePlus,
  FileText,
  Filter,
  GitFork,
  GitMerge,
  Globe,
  Hand,
  Hourglass,
  IterationCw,
  ListOrdered,
  LogIn,
  LogOut,
  type LucideIcon,
  Merge,
  OctagonX,
  PhoneForwarded,
  PhoneIncoming,
  Play,
  RefreshCw,
  Repeat,
  Repeat2,
  Reply,
  RotateCw,
  Route,
  Send,
  Signpost,
  Siren,
  Split,
  Timer,
  TriangleAlert,
  UserCheck,
  UserRoundCheck,
  Webhook,
  Workflow,
  Zap,
} from 'lucide-react'
import type { ConnectorCategory } from '../../core/contract/connector-manifest.ts'
import { classNames } from './class-names.ts'

// Named one by one: an import of all of lucide would be larger than the app.
const ICONS: Readonly<Record<string, LucideIcon>> = {
  'badge-check': BadgeCheck,
  bell: Bell,
  braces: Braces,
  'circle-stop': CircleStop,
  clock: Clock,
  'corner-down-left': CornerDownLeft,
  'corner-down-right': CornerDownRight,
  'file-plus': FilePlus,
  'file-text': FileText,
  filter: Filter,
  'git-fork': GitFork,
  'git-merge': GitMerge,
  globe: Globe,
  hand: Hand,
  hourglass: Hourglass,
  'iteration-cw': IterationCw,
  'list-ordered': ListOrdered,
  'log-in': LogIn,
  'log-out': LogOut,
  merge: Merge,
  'octagon-x': OctagonX,
  'phone-forwarded': PhoneForwarded,
  'phone-incoming': PhoneIncoming,
  play: Play,
  'refresh-cw': RefreshCw,
  repeat: Repeat,
  'repeat-2': Repeat2,
  reply: Reply,
  'rotate-cw': RotateCw,
  route: Route,
  send: Send,
  signpost: Signpost,
  siren: Siren,
  split: Split,
  timer: Timer,
  'triangle-alert': TriangleAlert,
  'user-check': UserCheck,
  'user-round-check': UserRoundCheck,
  webhook: Webhook,
  workflow: Workflow,
  zap: Zap,
}

// Full class names, as Tailwind only makes those that it finds written out.
const HUES: Readonly<Record<ConnectorCategory, string>> = {
  webhook: 'text-cat-webhook',
  schedule: 'text-cat-schedule',
  manual: 'text-cat-manual',
  zap: 'text-cat-zap',
  logic: 'text-cat-logic',
  data: 'text-cat-data',
  http: 'text-cat-http',
  file: 'text-cat-file',
  notify: 'text-cat-notify',
}

/** The tile of a connector: its icon in its category's hue. Decoration; the name stands beside it. */
export function ConnectorIcon({
  icon,
  category,
  size = 28,
  className,
}: {
  /** Kebab-case lucide name; unknown ones get a neutral block. */
  icon: string | undefined
  category: ConnectorCategory | undefined
  /** Edge of the tile in pixels. */
  size?: number
  className?: string
}) {
  const Icon = (icon !== undefined && ICONS[icon]) || Blocks
  return (
    <span
      aria-hidden
      style={{ width: size, height: size, borderRadius: size >= 24 ? 6 : 4 }}
      className={classNames(
        'inline-flex shrink-0 items-center justify-center bg-[color-mix(in_oklab,currentColor_13%,transparent)]',
        category === undefined ? 'text-ink-faint' : HUES[category],
        className,
      )}
    >
      <Icon size={Math.round(size * 0.57)} strokeWidth={size >= 24 ? 2 : 2.25} />
    </span>
  )
}
