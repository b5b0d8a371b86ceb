import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import * as jose from 'jose'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../domain/values/json.ts'
import { runAction } from '../test-context.ts'
import { cryptoJwt } from './jwt.action.ts'
import { ALGORITHMS, type Algorithm } from './jwt.ts'

const NOW = Date.parse('2026-11-24T09:00:00Z') / 1_000
const SECRET = 'a-secret-of-more-than-sixty-four-letters-as-the-longest-hash-wants-it'
const run = async (input: JsonObject): Promise<{ token: string; header: JsonObject; payload: JsonObject }> =>
  (await runAction(cryptoJwt, input, {})).output as never // the output's schema says so
const pem = (key: KeyObject, type: 'spki' | 'pkcs8'): string => String(key.export({ format: 'pem', type }))

/** What one signs and verifies with, as our step takes it and as the judge does. */
function keysOf(algorithm: Algorithm) {
  if (algorithm.startsWith('HS')) {
    const key = Buffer.from(SECRET)
    return { sign: SECRET, verify: SECRET, forSigning: key, forVerifying: key }
  }
  const curve = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }[algorithm as string]
  const { privateKey, publicKey } =
    algorithm === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : curve === undefined
        ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
        : generateKeyPairSync('ec', { namedCurve: curve })
  return {
    sign: pem(privateKey, 'pkcs8'),
    verify: pem(publicKey, 'spki'),
    forSigning: privateKey,
    forVerifying: publicKey,
  }
}

it.each(ALGORITHMS)('%s: what is signed here is good for jose, and what jose signs is good here', async (algorithm) => {
  const keys = keysOf(algorithm)
  const payload = { sub: 'Grüße', list: [1, { a: null }], iat: NOW }
  const ours = await run({ algorithm, secret: keys.sign, payload, expiresIn: '1h', header: { kid: 'k' } })
  const read = await jose.jwtVerify(ours.token, keys.forVerifying, {
    algorithms: [algorithm],
    currentDate: new Date(NOW * 1_000),
  })
  expect(read.payload).toEqual({ ...payload, exp: NOW + 3_600 })
  expect(read.protectedHeader).toEqual({ typ: 'JWT', kid: 'k', alg: algorithm })
  expect(ours.payload).toEqual(read.payload)

  const theirs = await new jose.SignJWT(payload).setProtectedHeader({ alg: algorithm }).sign(keys.forSigning)
  const checked = await run({ do: 'verify', algorithm, secret: keys.verify, token: `Bearer ${theirs}` })
  expect(checked).toEqual({ token: theirs, header: { alg: algorithm }, payload })
  const other = await run({
    algorithm,
    secret: keysOf(algorithm === 'HS256' ? 'RS256' : algorithm).sign,
    payload,
  }).catch(() => null)
  if (other !== null && !algorithm.startsWith('HS'))
    await expect(run({ do: 'verify', algorithm, secret: keys.verify, token: other.token })).rejects.toThrow(
      'does not fit',
    )
})

it('keys are taken as JWK too, and to check also from a list by their id', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = JSON.stringify(privateKey.export({ format: 'jwk' }))
  const { token } = await run({ algorithm: 'ES256', secret: jwk, payload: { a: 1 }, header: { kid: 'two' } })
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
  const keys = [
    { ...other.export({ format: 'jwk' }), kid: 'one' },
    { ...publicKey.export({ format: 'jwk' }), kid: 'two' },
  ]
  const check = (list: unknown[]) =>
    run({ do: 'verify', algorithm: 'ES256', secret: JSON.stringify({ keys: list }), token })
  expect((await check(keys)).payload).toMatchObject({ a: 1 })
  await expect(check([...keys.slice(0, 1), { ...keys[1], kid: 'three' }])).rejects.toThrow(
    'none of the keys has its id "two"',
  )
})

describe('a token that is not good', () => {
  const hs = (payload: JsonObject, header: JsonObject = {}) =>
    new jose.SignJWT(payload).setProtectedHeader({ alg: 'HS256', ...header }).sign(Buffer.from(SECRET))
  const part = (value: Json): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const publicKey = pem(generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey, 'spki')

  it.each<[string, () => Promise<string> | string, JsonObject, RegExp]>([
    ['has ended', () => hs({ exp: NOW - 61 }), {}, /it ended at 2026-11-24T08:58:59/],
    ['is not good yet', () => hs({ nbf: NOW + 120 }), {}, /good from 2026-11-24T09:02:00/],
    ['has an end that is no time', () => hs({ exp: 'soon' as never }), {}, /"exp"\) is no time/],
    ['is of another issuer', () => hs({ iss: 'them' }), { issuer: 'us' }, /another one issued it/],
    ['is for others', () => hs({ aud: ['a', 'b'] }), { audience: 'c' }, /for others/],
    ['names no algorithm', () => `${part({ alg: 'none' })}.${part({ admin: true })}.`, {}, /signed with "none"/],
    [
      'is signed with the public key as a secret',
      async () => new jose.SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(publicKey)),
      { algorithm: 'RS256', secret: publicKey },
      /signed with "HS256", and not with RS256/,
    ],
    ['was changed', async () => (await hs({ a: 1 })).replace(/\.[^.]+\./, `.${part({ a: 2 })}.`), {}, /does not fit/],
    ['asks for more', () => hs({}, { crit: ['b64'], b64: true }), {}, /"crit"/],
    ['is none', () => 'no token', {}, /three parts/],
    ['is encrypted', () => 'a.b.c.d.e', {}, /encrypted/],
    ['has a part that is no Base64', () => 'a.b!.c', {}, /not Base64/],
    ['says a list', () => `${part({ alg: 'HS256' })}.${part([1])}.x`, {}, /no JSON object/],
    ['is far too long', () => 'a'.repeat(70_000), {}, /more than 65536/],
  ])('because it %s says so', async (_why, token, more, message) => {
    const checked = run({ do: 'verify', algorithm: 'HS256', secret: SECRET, token: await token(), ...more })
    await expect(checked).rejects.toMatchObject({
      details: { code: 'bad-token', message: expect.stringMatching(message) },
    })
  })

  it('may end and begin a minute off, and is read without a check where that is wanted', async () => {
    const token = await hs({ exp: NOW - 59, nbf: NOW + 59, iss: 'us', aud: 'we' })
    const expected = { issuer: 'us', audience: 'we' }
    await expect(run({ do: 'verify', secret: SECRET, token, ...expected })).resolves.toBeDefined()
    await expect(run({ do: 'verify', secret: SECRET, token, tolerance: '1s' })).rejects.toThrow('ended')
    expect((await run({ do: 'decode', token: await hs({ exp: 1 }) })).payload).toEqual({ exp: 1 })
  })

  it.each<[JsonObject, RegExp]>([
    [{ algorithm: 'HS256', secret: publicKey }, /take a secret, and this is a key/],
    [{ algorithm: 'HS256', secret: '-----BEGIN CERTIFICATE-----\nMIIB' }, /take a secret, and this is a key/],
    [{ algorithm: 'HS256', secret: `${' '.repeat(2_000)}${publicKey}` }, /take a secret, and this is a key/],
    [{ algorithm: 'HS256', secret: '{"kty":"RSA","n":"AQAB","e":"AQAB"}' }, /take a secret, and this is a key/],
    [{ algorithm: 'HS256', secret: '{"keys":[{"kty":"EC"}]}' }, /take a secret, and this is a key/],
    [{ algorithm: 'HS512', secret: 'ssh-rsa AAAAB3NzaC1yc2E ada@home' }, /take a secret, and this is a key/],
    [{ algorithm: 'HS256', secret: btoa(publicKey), secretAs: 'base64' }, /take a secret, and this is a key/],
    [{ algorithm: 'RS256', secret: 'no key' }, /takes a private key as PEM/],
    [{ algorithm: 'RS256', secret: publicKey }, /takes a private key/],
    [{ algorithm: 'RS256', secret: '{"kty":"oct","k":"AA"}' }, /takes a private key/],
    [{ algorithm: 'ES256', secret: '{"__proto__":{}}' }, /takes a private key/],
    [
      { algorithm: 'RS256', secret: pem(generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey, 'pkcs8') },
      /1024 bits/,
    ],
    [
      { algorithm: 'ES384', secret: pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'pkcs8') },
      /on the curve secp384r1/,
    ],
    [{ algorithm: 'PS256', secret: pem(generateKeyPairSync('ed25519').privateKey, 'pkcs8') }, /of the kind rsa/],
    [{ algorithm: 'HS256', secret: 'xyz', secretAs: 'hex' }, /not written as hex/],
  ])('a key that does not fit says what does: %j', async (input, message) => {
    await expect(run({ payload: {}, ...input })).rejects.toMatchObject({
      details: { code: 'bad-input', message: expect.stringMatching(message) },
    })
  })
})
