import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import type { ProofOptions } from './proof-values.ts'
import { verifySignature } from './verify-signature.ts'

const NOW = Date.parse('2026-11-30T09:00:00Z')
const SECONDS = String(NOW / 1_000)
const hmac = (text: string, encoding: 'hex' | 'base64', algorithm = 'sha256') =>
  createHmac(algorithm, 's').update(text).digest(encoding)
const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
const mailgun = (signature: string, timestamp = SECONDS) =>
  JSON.stringify({ signature: { timestamp, token: 't', signature }, 'event-data': { id: 'e' } })

type Case = [
  name: string,
  options: Omit<ProofOptions, 'secrets'>,
  body: string,
  headers: Record<string, string>,
  fits: boolean,
]

test.each<Case>([
  [
    'each state of a list',
    { scheme: 'in-body', at: 'value[*].clientState' },
    '{"value":[{"clientState":"s"},{"clientState":"s"}]}',
    {},
    true,
  ],
  [
    'one state that is another',
    { scheme: 'in-body', at: 'value[*].clientState' },
    '{"value":[{"clientState":"s"},{"clientState":"x"}]}',
    {},
    false,
  ],
  [
    'one state that is missing',
    { scheme: 'in-body', at: 'value[*].clientState' },
    '{"value":[{"clientState":"s"},{}]}',
    {},
    false,
  ],
  ['no state', { scheme: 'in-body', at: 'value[*].clientState' }, '{"value":[]}', {}, false],
  ['a state of another kind', { scheme: 'in-body', at: 'secret' }, '{"secret":{"s":1}}', {}, false],
  ['no JSON', { scheme: 'in-body', at: 'secret' }, 'secret=s', {}, false],
  ['a state by inheritance', { scheme: 'in-body', at: '__proto__.x' }, '{"x":"s"}', {}, false],
  ...(
    [
      [mailgun(hmac(`${SECONDS}t`, 'hex')), true],
      [mailgun(hmac(`${SECONDS}u`, 'hex')), false],
      [mailgun(hmac('1700000000t', 'hex'), '1700000000'), false],
      [mailgun(''), false],
    ] as const
  ).map(
    ([body, fits]): Case => [
      `a signature in the body (${body.slice(0, 40)})`,
      {
        scheme: 'in-body',
        at: 'signature.signature',
        signed: '{body.signature.timestamp}{body.signature.token}',
        timeAt: 'signature.timestamp',
      },
      body,
      {},
      fits,
    ],
  ),
  ...(
    [
      [SECONDS, sign('sha256', Buffer.from(`${SECONDS}[]`), pair.privateKey), true],
      [SECONDS, sign('sha256', Buffer.from(`${SECONDS}[1]`), pair.privateKey), false],
      ['1700000000', sign('sha256', Buffer.from('1700000000[]'), pair.privateKey), false],
    ] as const
  ).map(
    ([ts, signature, fits]): Case => [
      `a signature of a private key at ${ts} (${fits})`,
      { scheme: 'ecdsa', header: 'X-Sign', timestampHeader: 'X-Time', signed: '{ts}{body}' },
      '[]',
      { 'x-sign': signature.toString('base64'), 'x-time': ts },
      fits,
    ],
  ),
  [
    'method and address',
    {
      scheme: 'hmac',
      header: 'X-Sign',
      encoding: 'base64',
      signed: '{method}{url}{body}{ts}',
      timestampHeader: 'X-Time',
    },
    '{}',
    { 'x-sign': hmac(`POSThttps://a.example/hooks/x?q=1{}${NOW}`, 'base64'), 'x-time': String(NOW) },
    true,
  ],
  [
    'another address',
    { scheme: 'hmac', header: 'X-Sign', encoding: 'base64', signed: '{method}{url}{body}' },
    '{}',
    { 'x-sign': hmac('POSThttps://b.example/{}', 'base64') },
    false,
  ],
  [
    'a time of ISO',
    { scheme: 'hmac', header: 'X-Sign', signed: '{ts}{body}', timestampHeader: 'X-Time' },
    '{}',
    { 'x-sign': hmac('2026-11-30T09:00:30Z{}', 'hex'), 'x-time': '2026-11-30T09:00:30Z' },
    true,
  ],
  [
    'an old time of ISO',
    { scheme: 'hmac', header: 'X-Sign', signed: '{ts}{body}', timestampHeader: 'X-Time' },
    '{}',
    { 'x-sign': hmac('2026-11-30T08:00:30Z{}', 'hex'), 'x-time': '2026-11-30T08:00:30Z' },
    false,
  ],
  [
    'the second of two signatures',
    { scheme: 'hmac', header: 'X-Sign', prefix: 'v1=' },
    '{}',
    { 'x-sign': `v1=${'0'.repeat(64)},v1=${hmac('{}', 'hex')}` },
    true,
  ],
  [
    'neither of two signatures',
    { scheme: 'hmac', header: 'X-Sign', prefix: 'v1=' },
    '{}',
    { 'x-sign': `v1=${'0'.repeat(64)},v0=${hmac('{}', 'hex')}` },
    false,
  ],
])('%s', (_name, options, body, headers, fits) => {
  const request = { headers, rawBody: Buffer.from(body), url: 'https://a.example/hooks/x?q=1', method: 'POST' }
  const secrets = [options.scheme === 'ecdsa' ? publicKey : 's']
  expect(verifySignature({ ...options, secrets }, request, NOW).ok).toBe(fits)
  const wrong = verifySignature({ ...options, secrets: ['another'] }, request, NOW)
  expect(wrong.ok).toBe(false)
  expect(JSON.stringify(wrong)).not.toContain('another')
})

test('a secret may be base64 of the bytes of a key', () => {
  const key = Buffer.from('key of bytes')
  const given = `hmac-sha256=${createHmac('sha256', key).update('{}').digest('hex')}`
  const options = { scheme: 'hmac', header: 'X-Mac', prefix: 'hmac-sha256=', secretIs: 'base64' } as const
  const request = { headers: { 'x-mac': given }, rawBody: Buffer.from('{}'), url: 'https://a.example/', method: 'POST' }
  expect(verifySignature({ ...options, secrets: [key.toString('base64')] }, request, NOW).ok).toBe(true)
  expect(verifySignature({ ...options, secrets: [key.toString('utf8')] }, request, NOW).ok).toBe(false)
  // With an empty key anybody could sign.
  const empty = `hmac-sha256=${createHmac('sha256', '').update('{}').digest('hex')}`
  for (const secret of ['!!!', '====', ' ', 'é'])
    expect(
      verifySignature({ ...options, secrets: [secret] }, { ...request, headers: { 'x-mac': empty } }, NOW).ok,
    ).toBe(false)
})

test('words of a template that objects have by themselves are signed as they are', () => {
  const given = createHmac('sha256', 'key').update('constructor{}toString').digest('hex')
  const options = { scheme: 'hmac', header: 'X-Mac', signed: 'constructor{body}toString', secrets: ['key'] } as const
  const request = { headers: { 'x-mac': given }, rawBody: Buffer.from('{}'), url: 'https://a.example/', method: 'POST' }
  expect(verifySignature(options, request, NOW).ok).toBe(true)
})
