import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { isJsonObject } from '../../core/domain/values/json.ts'

/** Types of credential that many services take, so that one of them says nothing about a service. */
const FOR_ANY: ReadonlySet<string> = new Set(['secret', 'basic', 'bearer', 'header', 'query', 'oauth2'])

export const isForAnyService = (type: string): boolean => FOR_ANY.has(type)

/** What a step signs in with. */
export type StepAccount = { readonly types: readonly string[]; readonly isNeeded: boolean }

/** What the form of a step says of its field `account`; null where it has none, or one that takes any credential. */
export function accountOf({ input }: Pick<ConnectorManifest, 'input'>): StepAccount | null {
  const fields = isJsonObject(input.properties) ? input.properties : {}
  const ui = isJsonObject(fields.account) ? fields.account.ui : undefined
  if (!isJsonObject(ui) || !Array.isArray(ui.types)) return null
  const isNeeded = Array.isArray(input.required) && input.required.includes('account')
  return { types: ui.types.filter((type) => typeof type === 'string'), isNeeded }
}

/** What the ids of an app's connectors and types of credential begin with. */
export const familyOf = (id: string): string => id.split('.', 1)[0] ?? id
