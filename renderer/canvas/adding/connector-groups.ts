import type { ConnectorCategory, ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { findConnectors } from './find-connectors.ts'

/** A heading of the palette with the connectors under it. */
export type ConnectorGroup = { readonly title: string; readonly connectors: readonly ConnectorManifest[] }

const RECENT = 'Recent'
const TRIGGERS = 'Triggers'
const NOTHING = 'Nothing is called that. Perhaps:'
const TITLES: Readonly<Record<ConnectorCategory, string>> = {
  webhook: 'Web',
  schedule: 'Time',
  manual: 'Other',
  zap: 'Zaps',
  logic: 'Logic',
  data: 'Data',
  http: 'Web',
  file: 'Files',
  notify: 'Notifications',
  code: 'Code and programs',
  app: 'Apps',
}
const ORDER = [
  RECENT,
  TRIGGERS,
  'Web',
  'Data',
  'Code and programs',
  'Files',
  'Notifications',
  'Apps',
  'Logic',
  'Zaps',
  'Time',
  'Other',
]

/**
 * Connectors under the headings of the palette, as far as they match what was typed; then the best match stands first, under its heading. Before
 * anything is typed, those with the ids in `recent` also stand above all, in that order.
 */
export function connectorGroups(
  connectors: Iterable<ConnectorManifest>,
  search = '',
  recent: readonly string[] = [],
): readonly ConnectorGroup[] {
  const all = [...connectors]
  const found = findConnectors(all, search)
  if (!found.isExact) return [{ title: NOTHING, connectors: found.connectors }]
  const groups = Map.groupBy(found.connectors, groupOf)
  if (search.trim() !== '') return [...groups].map(([title, members]) => ({ title, connectors: members }))
  groups.set(
    RECENT,
    recent.flatMap((id) => all.find((connector) => connector.id === id) ?? []),
  )
  return ORDER.flatMap((title) => {
    const members = groups.get(title) ?? []
    return members.length > 0 ? [{ title, connectors: members }] : []
  })
}

/** The heading that a connector stands under. */
function groupOf(connector: ConnectorManifest): string {
  return connector.kind === 'trigger' ? TRIGGERS : TITLES[connector.category]
}
