import {
  AppWindow,
  ArrowDownUp,
  Bell,
  BellOff,
  Binary,
  Blocks,
  Braces,
  Calculator,
  CalendarClock,
  CalendarPlus,
  CalendarRange,
  CalendarSearch,
  CirclePlus,
  CircleStop,
  Clipboard,
  ClipboardCopy,
  ClipboardList,
  Clock,
  CodeXml,
  Copy,
  CopyX,
  Database,
  Dices,
  Diff,
  Eraser,
  FileArchive,
  FileJson,
  FileOutput,
  FilePlus,
  FileSearch,
  FileText,
  FileType,
  Filter,
  Fingerprint,
  FolderInput,
  FolderPlus,
  FolderSearch,
  Gauge,
  GitCompare,
  Globe,
  Grid2x2Check,
  Grid2x2Plus,
  Grid2x2X,
  Group,
  Hash,
  Inbox,
  Keyboard,
  KeyRound,
  Link,
  ListChecks,
  ListEnd,
  ListFilter,
  ListPlus,
  type LucideIcon,
  Mail,
  Merge,
  PackageOpen,
  Pencil,
  Play,
  RefreshCw,
  Regex,
  Repeat,
  Replace,
  Reply,
  RotateCw,
  Rows3,
  Rss,
  ScanText,
  Send,
  Sheet,
  Sigma,
  Sparkles,
  Split,
  SquareTerminal,
  Table,
  Table2,
  Tags,
  Text,
  TextCursorInput,
  TextSearch,
  Timer,
  Trash2,
  TriangleAlert,
  UserCheck,
  Waypoints,
  Webhook,
  Workflow,
} from 'lucide-react'
import type { ConnectorCategory } from '../../../core/contract/connector-manifest.ts'
import { classNames } from './class-names.ts'

// Named one by one: an import of all of lucide would be larger than the app.
export const ICONS: Readonly<Record<string, LucideIcon>> = {
  'arrow-down-up': ArrowDownUp,
  bell: Bell,
  'bell-off': BellOff,
  binary: Binary,
  braces: Braces,
  calculator: Calculator,
  'calendar-clock': CalendarClock,
  'calendar-plus': CalendarPlus,
  'calendar-range': CalendarRange,
  'calendar-search': CalendarSearch,
  'circle-plus': CirclePlus,
  'circle-stop': CircleStop,
  'app-window': AppWindow,
  clipboard: Clipboard,
  'clipboard-copy': ClipboardCopy,
  keyboard: Keyboard,
  link: Link,
  'clipboard-list': ClipboardList,
  clock: Clock,
  'code-xml': CodeXml,
  copy: Copy,
  'copy-x': CopyX,
  database: Database,
  dices: Dices,
  diff: Diff,
  eraser: Eraser,
  'file-archive': FileArchive,
  'file-json': FileJson,
  'file-output': FileOutput,
  'file-plus': FilePlus,
  'file-search': FileSearch,
  'file-text': FileText,
  'file-type': FileType,
  filter: Filter,
  fingerprint: Fingerprint,
  'folder-input': FolderInput,
  'folder-plus': FolderPlus,
  'folder-search': FolderSearch,
  gauge: Gauge,
  'git-compare': GitCompare,
  globe: Globe,
  'grid-2x2-check': Grid2x2Check,
  'grid-2x2-plus': Grid2x2Plus,
  'grid-2x2-x': Grid2x2X,
  group: Group,
  hash: Hash,
  inbox: Inbox,
  'key-round': KeyRound,
  'list-checks': ListChecks,
  'list-end': ListEnd,
  'list-filter': ListFilter,
  'list-plus': ListPlus,
  merge: Merge,
  'package-open': PackageOpen,
  pencil: Pencil,
  play: Play,
  'refresh-cw': RefreshCw,
  regex: Regex,
  repeat: Repeat,
  replace: Replace,
  reply: Reply,
  'rotate-cw': RotateCw,
  'rows-3': Rows3,
  'scan-text': ScanText,
  send: Send,
  sheet: Sheet,
  sigma: Sigma,
  split: Split,
  'square-terminal': SquareTerminal,
  table: Table,
  'table-2': Table2,
  text: Text,
  'text-cursor-input': TextCursorInput,
  mail: Mail,
  rss: Rss,
  waypoints: Waypoints,
  sparkles: Sparkles,
  tags: Tags,
  'text-search': TextSearch,
  timer: Timer,
  'trash-2': Trash2,
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
  code: 'text-cat-code',
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
