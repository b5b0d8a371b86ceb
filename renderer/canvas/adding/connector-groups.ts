import type { ConnectorCategory, ConnectorManifest } from '../../../core/contract/connector-manifest.ts'

/** A heading of the palette with the connectors under it. */
export type ConnectorGroup = { readonly title: string; readonly connectors: readonly ConnectorManifest[] }

const RECENT = 'Recent'
const TRIGGERS = 'Triggers'
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
  app: 'Apps',
}
const ORDER = [RECENT, TRIGGERS, 'Web', 'Data', 'Files', 'Notifications', 'Apps', 'Logic', 'Zaps', 'Time', 'Other']

/**
 * Connectors under the headings of the palette, as far as they match what was typed. Before anything is typed, those with the ids in
 * `recent` also stand above all, in that order.
 */
export function connectorGroups(
  connectors: Iterable<ConnectorManifest>,
  search = '',
  recent: readonly string[] = [],
): readonly ConnectorGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const matching = [...connectors].filter((connector) => {
    const text = searchText(connector)
    return words.every((word) => text.includes(word))
  })
  const groups = Map.groupBy(matching, groupOf)
  const again = words.length > 0 ? [] : recent.flatMap((id) => matching.find((connector) => connector.id === id) ?? [])
  groups.set(RECENT, again)
  return ORDER.flatMap((title) => {
    const members = groups.get(title) ?? []
    return members.length > 0 ? [{ title, connectors: members }] : []
  })
}

/** The heading that a connector stands under. */
function groupOf(connector: ConnectorManifest): string {
  return connector.kind === 'trigger' ? TRIGGERS : TITLES[connector.category]
}

/** The words by which a connector is found. */
function searchText(connector: ConnectorManifest): string {
  return `${connector.title} ${connector.description} ${connector.id} ${groupOf(connector)}`.toLowerCase()
}
