import { useMemo } from 'react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { useCredentials } from '../../credentials/credentials.ts'
import { recentConnectors } from '../../stores/recent-steps.ts'
import { familyOf } from './connector-groups.ts'
import type { Preference } from './find-connectors.ts'

/** The names of the accounts that each app has, by the id of the app. */
export type Accounts = ReadonlyMap<string, readonly string[]>

/** The stored credentials, by the app whose type they are of. */
export function useAccounts(): Accounts {
  const credentials = useCredentials().data
  return useMemo(() => {
    const byApp = Map.groupBy(credentials ?? [], ({ type }) => familyOf(type))
    return new Map([...byApp].map(([app, own]) => [app, own.map(({ name }) => name)]))
  }, [credentials])
}

/** Of steps that fit a search equally well: of apps that are connected first, then what was used before, what needs no app, and the rest. */
export function preferenceOf(accounts: Accounts): Preference {
  const recent = new Set(recentConnectors())
  return ({ id, app }: ConnectorManifest) => {
    if (app !== undefined && accounts.has(familyOf(id))) return 0
    if (recent.has(id)) return 1
    return app === undefined ? 2 : 3
  }
}
