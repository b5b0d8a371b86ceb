import { expect, test } from 'vitest'
import { offeredAnswer, refusalOf } from './request-guard.ts'

/** A request as Node gives it, from the names and values that were sent. */
function request(...sent: [string, string][]): Parameters<typeof refusalOf>[0] {
  return {
    rawHeaders: sent.flat(),
    headers: Object.fromEntries(sent.map(([name, value]) => [name.toLowerCase(), value])),
  }
}

const host: [string, string] = ['Host', '127.0.0.1:4780']

test.each<[string, [string, string][]]>([
  ['the command line', [host]],
  ['a page of ours', [host, ['Origin', 'http://127.0.0.1:4780'], ['Sec-Fetch-Site', 'same-origin']]],
  ['an address that was typed', [host, ['Sec-Fetch-Site', 'none']]],
  [
    'localhost',
    [
      ['Host', 'localhost:4780'],
      ['Origin', 'http://localhost:4780'],
    ],
  ],
])('%s is let through', (_who, headers) => {
  expect(refusalOf(request(...headers), 4780)).toBeNull()
})

test.each<[string, [string, string][]]>([
  ['no Host', []],
  ['an empty Host', [['Host', '']]],
  ['two Hosts', [host, ['host', '127.0.0.1:4780']]],
  ['a rebound name', [['Host', 'evil.example:4780']]],
  ['our name in another', [['Host', '127.0.0.1:4780.evil.example']]],
  ['another port', [['Host', '127.0.0.1:80']]],
  ['a foreign Origin', [host, ['Origin', 'https://evil.example']]],
  ['the Origin null', [host, ['Origin', 'null']]],
  ['another port as Origin', [host, ['Origin', 'http://127.0.0.1:3000']]],
  ['a cross-site request', [host, ['Sec-Fetch-Site', 'cross-site']]],
  ['a same-site request', [host, ['Sec-Fetch-Site', 'same-site']]],
])('%s is refused', (_what, headers) => {
  expect(refusalOf(request(...headers), 4780)).not.toBeNull()
})

test('an answer to a challenge is found among the subprotocols; cookies and bearers are looked at no more', () => {
  expect(offeredAnswer({ headers: { 'sec-websocket-protocol': 'hookline, session.nonce.proof' } })).toBe('nonce.proof')
  expect(offeredAnswer({ headers: { 'sec-websocket-protocol': 'session.a,hookline,session.b' } })).toBe('a')
  expect(offeredAnswer({ headers: { 'sec-websocket-protocol': 'hookline' } })).toBeNull()
  expect(offeredAnswer({ headers: { cookie: 'hookline_4780=x', authorization: 'Bearer x' } })).toBeNull()
})
