import type { CredentialType } from '../../core/contract/values.ts'

/** How each type of credential is named and what its secret looks like. */
export const CREDENTIAL_TYPES: Readonly<Record<CredentialType, { label: string; secret: string; help: string }>> = {
  secret: { label: 'Secret', secret: 'Secret', help: 'For signatures of webhooks and the like, used as it is.' },
  bearer: { label: 'Bearer token', secret: 'Token', help: 'Sent as "Authorization: Bearer …".' },
  basic: { label: 'User and password', secret: 'User and password', help: 'Written user:password.' },
  header: { label: 'Header', secret: 'Header', help: 'Written Name: value, such as X-Api-Key: 123.' },
}
