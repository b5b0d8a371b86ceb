import type { Catalogue } from '../../connectors/catalogue.ts'
import type { Database } from '../../db/open.ts'
import type { SecretBox } from '../../domain/host/adapters.ts'
import type { Log } from '../../domain/host/log.ts'
import type { Clock } from '../../domain/time/clock.ts'
import type { Signals } from '../../signals.ts'
import type { OutgoingFetch } from '../guarded-fetch.ts'
import { openCredential, storeRenewed } from '../open-credential.ts'
import { createSignIns, type SignIns } from './sign-ins.ts'
import { createTokenRequests } from './token-requests.ts'
import { createOAuthTokens, type OAuthTokens } from './tokens.ts'

/** Everything about services at which a person signs in. */
export function createOAuth(config: {
  readonly catalogue: Pick<Catalogue, 'credentialType' | 'credentialTypeInfo'>
  readonly clock: Clock
  readonly log: Log
  readonly database: Database
  readonly secretBox: SecretBox
  readonly signals: Signals
  readonly fetch: OutgoingFetch
}): { readonly tokens: OAuthTokens; readonly signIns: SignIns } {
  const { catalogue, clock, log, database, secretBox, signals } = config
  const requests = createTokenRequests(config)
  const tokens = createOAuthTokens({
    catalogue,
    clock,
    requests,
    store: (name, before, after) => storeRenewed(database, secretBox, { name, before, after }, { withdrawnAt: null }),
    async withdrawn(name, secret) {
      const facts = { withdrawnAt: clock.now() }
      const isStored = await storeRenewed(database, secretBox, { name, before: secret, after: secret }, facts)
      if (!isStored) return false
      signals.emit('credentials:changed')
      signals.emit('incidents:suspected')
      return true
    },
  })
  const signIns = createSignIns({
    catalogue,
    clock,
    log,
    requests,
    open: (name) => openCredential(database, secretBox, name),
    store: (name, before, after, facts) => storeRenewed(database, secretBox, { name, before, after }, facts),
    signedIn(name) {
      signals.emit('credential:signed-in', name)
      signals.emit('credentials:changed')
      signals.emit('incidents:suspected')
    },
  })
  return { tokens, signIns }
}
