import { expect, test } from 'vitest'
import { manualClock } from '../domain/time/clock.ts'
import { holdsSecret } from '../domain/trust/secret-mask.ts'
import type { OpenCredential } from './open-credential.ts'
import { createOpenedCredentials } from './opened-credentials.ts'

test('what is hidden in the log does not grow with every token of a credential that is renewed for months', async () => {
  let made = 0
  const next = (): OpenCredential => ({ type: 'bearer', hosts: null, secret: `token-number-${made++}-of-many` })
  const credentials = createOpenedCredentials({ credentialTypeInfo: () => undefined }, async () => next(), {
    clock: manualClock(),
    dueAt: () => 0,
    renew: async () => next(),
  })
  const other = createOpenedCredentials({ credentialTypeInfo: () => undefined }, async () => next())
  await other.open('other')
  for (let hour = 0; hour < 100; hour++) await credentials.open('api')
  const mask = credentials.allSecrets()
  const isHidden = (at: number): boolean => holdsSecret(mask, `token-number-${at}-of-many`)
  expect([made - 1, made - 2].map(isHidden)).toEqual([true, true])
  expect(Array.from({ length: made }, (_, at) => at).filter(isHidden).length).toBeLessThan(20)
  expect(other.allSecrets().pattern?.test('token-number-0-of-many')).toBe(true)
})
