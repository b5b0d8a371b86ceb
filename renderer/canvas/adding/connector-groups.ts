import type { ConnectorCategory, ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { accountOf, familyOf, isForAnyService } from '../../steps/account-types.ts'

/** Steps of Hookline itself under one heading. */
export type StepGroup = {
  readonly id: string
  readonly title: string
  readonly icon: string
  readonly category: ConnectorCategory
  readonly connectors: readonly ConnectorManifest[]
}

/** A service with its triggers and actions. */
export type AppEntry = {
  readonly id: string
  readonly title: string
  readonly icon: string
  readonly connectors: readonly ConnectorManifest[]
  /** Types of credential that are made for it, or for its family of services; not those that any service may take. */
  readonly accountTypes: readonly string[]
  /** Whether some of its steps cannot work without an account. */
  readonly needsAccount: boolean
}

/** All that can be added, as the palette shows it. */
export type Palette = { readonly groups: readonly StepGroup[]; readonly apps: readonly AppEntry[] }

type Heading = Pick<StepGroup, 'title' | 'icon' | 'category'>

const HEADINGS = {
  triggers: { title: 'Triggers', icon: 'play', category: 'manual' },
  logic: { title: 'Logic', icon: 'split', category: 'logic' },
  data: { title: 'Data', icon: 'braces', category: 'data' },
  lists: { title: 'Lists', icon: 'list-filter', category: 'data' },
  text: { title: 'Text', icon: 'text', category: 'data' },
  dates: { title: 'Dates', icon: 'calendar-clock', category: 'schedule' },
  files: { title: 'Files', icon: 'file-text', category: 'file' },
  web: { title: 'Web', icon: 'globe', category: 'http' },
  servers: { title: 'Servers', icon: 'server-cog', category: 'http' },
  memory: { title: 'Memory', icon: 'database', category: 'zap' },
  ai: { title: 'AI', icon: 'sparkles', category: 'code' },
  code: { title: 'Code', icon: 'code-xml', category: 'code' },
  notify: { title: 'Notify', icon: 'bell', category: 'notify' },
} as const satisfies Record<string, Heading>
type HeadingId = keyof typeof HEADINGS

/** Where a family stands by what it is for, whose category (its hue) is that of many. */
const BY_FAMILY: Readonly<Record<string, HeadingId>> = {
  list: 'lists',
  text: 'text',
  date: 'dates',
  calendar: 'dates',
  number: 'text',
  store: 'memory',
  table: 'memory',
  csv: 'files',
  xlsx: 'files',
  pdf: 'files',
  ai: 'ai',
  sql: 'servers',
  redis: 'servers',
  ssh: 'servers',
  sftp: 'servers',
  mqtt: 'servers',
  s3: 'servers',
}

const BY_CATEGORY: Readonly<Record<ConnectorCategory, HeadingId>> = {
  webhook: 'web',
  schedule: 'logic',
  manual: 'logic',
  zap: 'logic',
  logic: 'logic',
  data: 'data',
  http: 'web',
  file: 'files',
  notify: 'notify',
  code: 'code',
  app: 'web',
}

/** A step's title on the page of its app, whose name it need not say again: `Read rows` for `Read rows from Google Sheets`. */
export function titleInApp({ title, app = '' }: ConnectorManifest): string {
  const end = / (?:in|from|to|with|on|of|at|by|via)$/.exec(
    title.endsWith(` ${app}`) ? title.slice(0, -app.length - 1) : '',
  )
  return end === null ? title : title.slice(0, end.index)
}

/** The palette of some connectors: those of Hookline in groups, in the order of their headings, and apps by their titles. Empty groups are left out. */
export function paletteOf(connectors: Iterable<ConnectorManifest>): Palette {
  const ofApps = new Map<string, ConnectorManifest[]>()
  const ofGroups = new Map<HeadingId, ConnectorManifest[]>()
  for (const one of connectors) {
    if (one.app === undefined) push(ofGroups, headingOf(one), one)
    else push(ofApps, familyOf(one.id), one)
  }
  const groups = Object.entries(HEADINGS).flatMap(([id, heading]) => {
    // The keys of HEADINGS are ids of headings.
    const members = ofGroups.get(id as HeadingId) ?? []
    return members.length === 0 ? [] : [{ ...heading, id, connectors: members }]
  })
  const apps = [...ofApps].map(([id, members]) => appOf(id, members))
  return { groups, apps: apps.toSorted((a, b) => a.title.localeCompare(b.title)) }
}

/** Apps as tiles stand: those with an account first, then those with a star, then the others by their titles. */
export function orderApps(
  apps: readonly AppEntry[],
  accounts: ReadonlyMap<string, unknown>,
  favourites: readonly string[],
): readonly AppEntry[] {
  const rank = ({ id }: AppEntry): number => (accounts.has(id) ? 0 : favourites.includes(id) ? 1 : 2)
  return apps.toSorted((a, b) => rank(a) - rank(b))
}

function headingOf({ id, kind, category }: ConnectorManifest): HeadingId {
  return kind === 'trigger' ? 'triggers' : (BY_FAMILY[familyOf(id)] ?? BY_CATEGORY[category])
}

function appOf(id: string, connectors: readonly ConnectorManifest[]): AppEntry {
  const accounts = connectors.flatMap((one) => accountOf(one) ?? [])
  const types = accounts.flatMap(({ types }) => types).filter((type) => !isForAnyService(type))
  return {
    id,
    title: connectors[0]?.app ?? id,
    icon: connectors[0]?.icon ?? '',
    connectors,
    accountTypes: [...new Set(types)],
    needsAccount: accounts.some(({ isNeeded }) => isNeeded),
  }
}

function push<Key>(lists: Map<Key, ConnectorManifest[]>, key: Key, one: ConnectorManifest): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [one])
  else list.push(one)
}
