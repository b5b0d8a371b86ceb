import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { SignatureReport } from '../domain/trust/signature-report.ts'
import type { ProofOptions } from './proof-values.ts'
import { verifySignature } from './verify-signature.ts'

const NOW = Date.parse('2026-11-24T09:00:00Z')
const BODY = '{"id":"ord_1","amount":75}'
const mac = (key: string, text: string, encoding: 'hex' | 'base64' = 'hex', hash = 'sha256') =>
  createHmac(hash, key).update(text).digest(encoding)

/** The report on a request that is refused. */
function reportOf(
  options: ProofOptions,
  headers: Record<string, string>,
  body = BODY,
  url = 'http://127.0.0.1:4781/hooks/x',
): SignatureReport {
  const verdict = verifySignature(options, { headers, rawBody: Buffer.from(body), url, method: 'POST' }, NOW)
  if (verdict.ok) throw new Error('it was believed')
  return verdict.report
}

const valuesOf = (report: SignatureReport) =>
  Object.fromEntries(report.checks.flatMap(({ values }) => values.map(({ label, text }) => [label, text])))

test('a wrong secret: what was signed, what came and how the right one begins, but neither secret nor whole signature', () => {
  const sent = mac('wrong', BODY)
  const report = reportOf({ scheme: 'github', secrets: ['the-secret'] }, { 'x-hub-signature-256': `sha256=${sent}` })
  expect(report.checks.map(({ title, result }) => [title, result])).toEqual([
    ['Header x-hub-signature-256', 'passed'],
    ['Signed text', 'seen'],
    ['Comparison', 'failed'],
  ])
  const expected = mac('the-secret', BODY)
  expect(valuesOf(report)).toMatchObject({
    'Signed text': BODY,
    'Received x-hub-signature-256': `sha256=${sent}`,
    'Expected, it begins': `sha256=${expected.slice(0, 8)}…`,
  })
  expect(JSON.stringify(report)).not.toContain('the-secret')
  expect(JSON.stringify(report)).not.toContain(expected)
  expect(report.hint).toContain('Compare the secret')
})

test('an old signature: when it was signed, and when it came', () => {
  const at = NOW / 1_000 - 720
  const headers = { 'stripe-signature': `t=${at},v1=${mac('whsec_a', `${at}.${BODY}`)}` }
  const report = reportOf({ scheme: 'stripe', secrets: ['whsec_a'] }, headers)
  expect(report.checks.at(-1)).toMatchObject({ title: 'Time of the signature', result: 'failed' })
  expect(report.checks.at(-1)?.text).toContain('12 min before it arrived')
  expect(valuesOf(report)).toMatchObject({
    'Signed at': '2026-11-24T08:48:00.000Z',
    'Received at': '2026-11-24T09:00:00.000Z',
  })
})

test('a header that is missing: its form, and whose request it looks like', () => {
  const report = reportOf({ scheme: 'github', secrets: ['a'] }, { 'stripe-signature': 't=1,v1=00' })
  expect(report.checks).toMatchObject([{ result: 'failed', values: [{ text: 'sha256=<hex>' }] }])
  expect(report.hint).toContain('looks like Stripe')
})

test('a secret that is sent as such is told nowhere', () => {
  const report = reportOf({ scheme: 'gitlab', secrets: ['the-secret'] }, { 'x-gitlab-token': 'the-other' })
  expect(report.checks.at(-1)).toMatchObject({ title: 'Comparison', result: 'failed', values: [] })
  expect(JSON.stringify(report)).not.toMatch(/the-secret|the-other/)
})

test.each<[string, ProofOptions, Record<string, string>, string]>([
  [
    'a body that was rewritten on its way',
    { scheme: 'shopify', secrets: ['a'] },
    { 'x-shopify-hmac-sha256': mac('a', `${BODY}\n`, 'base64') },
    'changed on its way',
  ],
  [
    'an API key in the place of the secret',
    { scheme: 'stripe', secrets: ['sk_live_1'] },
    { 'stripe-signature': `t=${NOW / 1_000},v1=${mac('whsec_a', 'x')}` },
    'begins with "whsec_"',
  ],
  [
    'spaces around the secret',
    { scheme: 'github', secrets: [' a '] },
    { 'x-hub-signature-256': `sha256=${mac('a', BODY)}` },
    'without the spaces',
  ],
  [
    'an address that begins otherwise',
    { scheme: 'twilio', secrets: ['a'] },
    { 'x-twilio-signature': mac('a', `https://127.0.0.1:4781/hooks/x${BODY}`, 'base64', 'sha1') },
    'It fits when the address is https://127.0.0.1:4781/hooks/x',
  ],
  ['no secret at all', { scheme: 'github', secrets: [] }, {}, 'Choose a credential'],
])('%s is hinted at', (_name, options, headers, hint) => {
  expect(reportOf(options, headers).hint).toContain(hint)
})
