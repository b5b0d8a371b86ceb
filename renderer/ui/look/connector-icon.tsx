import {
  Bell,
  Blocks,
  Braces,
  CircleStop,
  Clock,
  CopyX,
  FilePlus,
  FileText,
  Filter,
  Gauge,
  Globe,
  ListEnd,
  type LucideIcon,
  Merge,
  Play,
  Repeat,
  Reply,
  RotateCw,
  Send,
  Split,
  Timer,
  TriangleAlert,
  UserCheck,
  Webhook,
  Workflow,
} from 'lucide-react'
import type { ConnectorCategory } from '../../../core/contract/connector-manifest.ts'
import { classNames } from './class-names.ts'

// Named one by one: an import of all of lucide would be larger than the app.
export const ICONS: Readonly<Record<string, LucideIcon>> = {
  bell: Bell,
  braces: Braces,
  'circle-stop': CircleStop,
  clock: Clock,
  'copy-x': CopyX,
  'file-plus': FilePlus,
  'file-text': FileText,
  filter: Filter,
  gauge: Gauge,
  globe: Globe,
  'list-end': ListEnd,
  merge: Merge,
  play: Play,
  repeat: Repeat,
  reply: Reply,
  'rotate-cw': RotateCw,
  send: Send,
  split: Split,
  timer: Timer,
  'triangle-alert': TriangleAlert,
  'user-check': UserCheck,
  webhook: Webhook,
  workflow: Workflow,
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
  app: 'text-ink-soft',
}

/** The text colour of a category. */
export function hueOf(category: ConnectorCategory | undefined): string {
  return category === undefined ? 'text-ink-faint' : HUES[category]
}

/** The icon of a connector; unknown names get a neutral block. */
export function iconOf(name: string | undefined): LucideIcon {
  return (name !== undefined && ICONS[name]) || Blocks
}

/** The tile of a connector: its icon in its category's hue. Decoration; the name stands beside it. */
export function ConnectorIcon({
  icon,
  category,
  size = 28,
  isLoading = false,
  className,
}: {
  /** Kebab-case lucide name, or an app's picture as a `data:` address; unknown ones get a neutral block. */
  icon: string | undefined
  category: ConnectorCategory | undefined
  /** Edge of the tile in pixels. */
  size?: number
  /** While it is not known yet which it is, the tile stays empty: a wrong icon would only flash. */
  isLoading?: boolean
  className?: string
}) {
  const Icon = iconOf(icon)
  return (
    <span
      aria-hidden
      style={{ width: size, height: size, borderRadius: size >= 24 ? 6 : 4 }}
      className={classNames(
        'inline-flex shrink-0 items-center justify-center bg-[color-mix(in_oklab,currentColor_13%,transparent)]',
        hueOf(category),
        className,
      )}
    >
      {!isLoading &&
        (icon?.startsWith('data:') ? (
          <img src={icon} alt="" width={Math.round(size * 0.64)} height={Math.round(size * 0.64)} draggable={false} />
        ) : (
          <Icon size={Math.round(size * 0.57)} strokeWidth={size >= 24 ? 2 : 2.25} />
        ))}
    </span>
  )
}
