import { useMemo } from 'react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { CredentialSummary } from '../../../core/contract/values.ts'
import { isUsable } from '../../credentials/account-state.ts'
import { useCredentials } from '../../credentials/credentials.ts'
import { familyOf } from '../../steps/account-types.ts'
import type { Preference } from '../../steps/find-connectors.ts'
import { recentConnectors } from '../../stores/recent-steps.ts'
import type { AppEntry } from './connector-groups.ts'

/** The accounts that each app has, by the id of the app; apps without one are not in it. */
export type Accounts = ReadonlyMap<string, readonly CredentialSummary[]>

/** The stored credentials of each app's own types, those that can be used first. */
export function useAccounts(apps: readonly AppEntry[]): Accounts {
  const credentials = useCredentials().data
  return useMemo(() => {
    const byType = Map.groupBy(credentials ?? [], ({ type }) => type)
    const own = apps.map((app) => {
      const ofApp = app.accountTypes.flatMap((type) => byType.get(type) ?? [])
      return [app.id, ofApp.toSorted((a, b) => Number(isUsable(b)) - Number(isUsable(a)))] as const
    })
    return new Map(own.filter(([, accounts]) => accounts.length > 0))
  }, [apps, credentials])
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
