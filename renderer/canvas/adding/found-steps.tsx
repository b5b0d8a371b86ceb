import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { familyOf } from '../../steps/account-types.ts'
import type { FoundConnectors } from '../../steps/find-connectors.ts'
import { type LineContext, type StepChoice, StepLines } from './step-lines.tsx'
import type { Accounts } from './use-accounts.ts'

/** More than these are narrowed down by typing on. */
export const MOST_FOUND = 60

/** What a search of the palette found. It is never nothing: what is nearest, and what works with any service, is offered then. */
export function FoundSteps({
  found,
  search,
  accounts,
  lines,
}: {
  found: FoundConnectors
  search: string
  accounts: Accounts
  lines: LineContext
}) {
  const choice = (connector: ConnectorManifest): StepChoice => ({ connector, detail: detailOf(connector, accounts) })
  const shown = found.connectors.slice(0, MOST_FOUND)
  return (
    <>
      <p role="status" className="sr-only">
        {found.isExact
          ? countWords(found)
          : `No step is called ${search}, ${found.connectors.length + found.always.length} other ways`}
      </p>
      {!found.isExact && (
        <p className="px-2 pt-2 text-ink-soft">
          No step is called <strong className="font-semibold text-ink">{search}</strong>. Here is how to go on.
        </p>
      )}
      {found.corrected !== null && (
        <p className="px-2 pt-2 text-sm text-ink-soft">
          Showing results for <strong className="font-semibold text-ink">{found.corrected}</strong>
        </p>
      )}
      <StepLines
        title={found.isExact ? countWords(found) : 'Nearest'}
        lines={lines}
        choices={shown.map(choice)}
        isFirstReached
      />
      {shown.length < found.connectors.length && (
        <p className="px-2 pt-1 text-sm text-ink-faint">{found.connectors.length - shown.length} more: type on</p>
      )}
      <StepLines title="Also about this" lines={lines} choices={found.also.slice(0, MOST_FOUND).map(choice)} />
      <StepLines
        title="Works with any service"
        lines={lines}
        choices={found.always.map((connector) => waysOn(connector, search))}
      />
    </>
  )
}

/** What Enter takes in the search. */
export function firstChoice(found: FoundConnectors, search: string): StepChoice | undefined {
  const [first] = found.connectors
  if (first !== undefined) return { connector: first, detail: null }
  const [always] = found.always
  return always && waysOn(always, search.trim())
}

/** What nearly everything can be done with, told so; the step is named after what was looked for. */
export function waysOn(connector: ConnectorManifest, search: string): StepChoice {
  const detail = WAYS_ON[connector.id] ?? connector.description
  return { connector, detail, preset: { name: search.slice(0, 80) } }
}

const WAYS_ON: Readonly<Record<string, string>> = {
  'http.request': 'Call its address.',
  'code.run': 'A few lines of JavaScript on the data of the steps before.',
}

/** The line below a step that was found: its app and the account, or what it does. */
export function detailOf(connector: ConnectorManifest, accounts: Accounts): string {
  if (connector.app === undefined) return connector.description
  const [account] = accounts.get(familyOf(connector.id)) ?? []
  return account === undefined ? connector.app : `${connector.app} · ${account.account ?? account.name}`
}

/** `11 steps in 9 apps`. */
export function countWords({ connectors, also }: FoundConnectors): string {
  const all = [...connectors, ...also]
  const apps = new Set(all.flatMap(({ id, app }) => (app === undefined ? [] : [familyOf(id)]))).size
  const steps = `${all.length} ${all.length === 1 ? 'step' : 'steps'}`
  return apps === 0 ? steps : `${steps}, ${apps} ${apps === 1 ? 'app' : 'apps'}`
}
