import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import type { CredentialTypeInfo } from '../../core/contract/values.ts'
import { accountOf, familyOf, isForAnyService } from '../steps/account-types.ts'
import { type Findable, findConnectors } from '../steps/find-connectors.ts'

/** A type of credential as it stands in the list of a form. */
export type TypeEntry = Findable & {
  readonly group: TypeGroupId
  /** The connector whose picture it has; undefined where it is for many services. */
  readonly usedIn: ConnectorManifest | undefined
}

const GROUPS = {
  before: 'Used before',
  apps: 'Apps',
  servers: 'Mail, files, databases and servers',
  ai: 'AI',
  any: 'Any service',
} as const
type TypeGroupId = Exclude<keyof typeof GROUPS, 'before'>

/** Types under one heading. */
export type TypeGroup = { readonly title: string; readonly entries: readonly TypeEntry[] }

/** What is searched, as the list shows it. */
export type FoundTypes = {
  readonly groups: readonly TypeGroup[]
  /** False where nothing is called that, and what is listed is only near it, or takes any service. */
  readonly isExact: boolean
}

/** What stands for models and what they are asked with; their apps are found under it. */
const AI: ReadonlySet<string> = new Set(['ai', 'openai', 'pinecone', 'qdrant'])
/** What nearly every service takes one of. */
const ALWAYS: readonly string[] = ['bearer', 'header', 'basic', 'oauth2']
const MOST_BEFORE = 4

/** The types with the connectors that take them, in the order of the form. */
export function typeEntries(
  types: readonly CredentialTypeInfo[],
  connectors: Iterable<ConnectorManifest>,
): readonly TypeEntry[] {
  const takers = new Map<string, ConnectorManifest[]>()
  for (const connector of connectors) {
    for (const type of accountOf(connector)?.types ?? []) {
      const known = takers.get(type)
      if (known === undefined) takers.set(type, [connector])
      else known.push(connector)
    }
  }
  return types.map(({ id, title }) => {
    const isForAny = isForAnyService(id)
    const of = isForAny ? [] : (takers.get(id) ?? [])
    const apps = [...new Set(of.flatMap(({ app }) => app ?? []))]
    const group = isForAny ? 'any' : AI.has(familyOf(id)) ? 'ai' : apps.length > 0 ? 'apps' : 'servers'
    // One that is called as its only app says nothing more by it.
    const description = isForAny ? (ANY_WORDS[id] ?? '') : apps.length > 1 ? apps.join(', ') : ''
    // That of many apps has the picture of none.
    const usedIn = apps.length > 1 ? of.find(({ app }) => app === undefined) : of[0]
    return { id, title, keywords: apps, description, group, usedIn }
  })
}

const ANY_WORDS: Readonly<Record<string, string>> = {
  secret: 'For signatures of webhooks and the like',
  bearer: 'Most APIs with a token or key',
  basic: 'A name and a password',
  header: 'A key in a header of its own, such as X-Api-Key',
  query: 'A key in the address, such as ?api_key=',
  oauth2: 'A sign-in in the browser, or a client that signs in by itself',
}

/** The list before anything is searched: what was used before (the newest first, by its type) above the groups, each type once. */
export function groupTypes(entries: readonly TypeEntry[], usedBefore: readonly string[]): readonly TypeGroup[] {
  const before = [...new Set(usedBefore)]
    .slice(0, MOST_BEFORE)
    .flatMap((id) => entries.find((one) => one.id === id) ?? [])
  const rest = entries.filter((one) => !before.includes(one))
  const byTitle = (a: TypeEntry, b: TypeEntry): number => a.title.localeCompare(b.title)
  return Object.entries(GROUPS)
    .map(([id, title]) => {
      if (id === 'before') return { title, entries: before }
      const members = rest.filter(({ group }) => group === id)
      return { title, entries: id === 'apps' ? members.toSorted(byTitle) : members }
    })
    .filter((group) => group.entries.length > 0)
}

/** What a search finds; never nothing, as any service takes one of a few types. */
export function findTypes(entries: readonly TypeEntry[], search: string, usedBefore: readonly string[]): FoundTypes {
  if (search.trim() === '') return { groups: groupTypes(entries, usedBefore), isExact: true }
  const rank = (one: TypeEntry): number => (usedBefore.includes(one.id) ? 0 : 1)
  const { connectors, also, always, isExact } = findConnectors(entries, search, rank, ALWAYS)
  const groups = isExact
    ? [{ title: 'Found', entries: [...connectors, ...also] }]
    : [
        { title: 'Nearest', entries: connectors },
        { title: GROUPS.any, entries: always },
      ]
  return { groups: groups.filter((group) => group.entries.length > 0), isExact }
}
