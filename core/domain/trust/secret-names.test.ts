import { expect, test } from 'vitest'
import { isSecretName } from './secret-names.ts'

test.each([
  'Authorization',
  'Cookie',
  'X-Api-Key',
  'access_key',
  'X-Auth',
  'x-custom-auth',
  'X-Auth-Email',
  'PRIVATE-KEY',
  'pwd',
])('%s carries a secret', (name) => expect(isSecretName(name)).toBe(true))
test.each(['Ocp-Apim-Subscription-Key', 'x-functions-key'])('%s, of Azure, does too', (name) =>
  expect(isSecretName(name)).toBe(true),
)
test.each(['Content-Type', 'author', 'X-Author', 'Idempotency-Key', 'key', 'X-Request-Id'])('%s carries none', (name) =>
  expect(isSecretName(name)).toBe(false),
)
