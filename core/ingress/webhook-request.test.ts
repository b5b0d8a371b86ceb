import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromStored, memberText } from '../domain/values/stored-json.ts'
import { bodyReader } from './test-bodies.ts'
import { plainHeaders, requestEvent } from './webhook-request.ts'

/** The event of a request that was sent with this body. */
function eventOf(raw: Uint8Array, contentType: string) {
  const parsed = bodyReader().parse(raw, contentType)
  if (parsed instanceof Promise) throw new Error('it is a file')
  return requestEvent({
    method: 'POST',
    path: '/hooks/orders',
    query: 'a=1&a=2',
    headers: { 'content-type': contentType },
    raw,
    parsed,
    receivedAt: 0,
    remoteAddress: '127.0.0.1',
  })
}

const anyText = fc.oneof(
  fc.json(),
  fc.string(),
  fc.tuple(fc.json(), fc.json()).map(([a, b]) => `{"a":${a},"b":[1.50,-0,1e3,${b}],"a":${b}}`),
  fc.json().map((json) => `{"\\u0024blob":${json},"other":1}`),
  fc.json().map((json) => json.replace(/^\{/, '{"$$blob":"x","y":')),
)

test('what is stored is what the trigger returns, whatever the body', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { data, json } = eventOf(Buffer.from(text), 'application/json')
      expect(JSON.stringify(fromStored(json))).toBe(JSON.stringify(data))
    }),
  )
})

test('a body that is not kept twice stands in the event as it was sent', () => {
  let count = 0
  fc.assert(
    fc.property(anyText, (text) => {
      const { data, json, isReproducible } = eventOf(Buffer.from(text), 'application/json')
      const { body } = data as { body: unknown }
      if (!isReproducible || typeof body !== 'object' || body === null) return
      count++
      expect(memberText(json, 'body')).toBe(text)
    }),
  )
  expect(count).toBeGreaterThan(0)
})

test.each([
  ['{"a":1}', 'application/json', true],
  ['{ "a": 1 }', 'application/json', false],
  ['{"a":1.50,"a":[-0,1e3]}', 'application/json', true],
  ['[1,2]', 'application/json', true],
  ['[1,2] ', 'application/json', false],
  ['{"a":"\\u00e9"}', 'application/json', false],
  ['{"a":"http:\\/\\/a"}', 'application/json', false],
  ['{"a":9007199254740993}', 'application/json', false],
  ['{"$blob":"a"}', 'application/json', false],
  ['null', 'application/json', false],
  ['', 'application/json', true],
  ['{"a":1,}', 'application/json', true],
  ['"text"', 'application/json', false],
  ['\uFEFFtext', 'text/plain', false],
])('the bytes of %j are kept unless the event gives them back', (text, contentType, isReproducible) => {
  expect(eventOf(Buffer.from(text), contentType).isReproducible).toBe(isReproducible)
})

test.each([
  ['hookline_4780=abc', undefined],
  ['hookline_4780=abc; hookline_5000=def', undefined],
  ['theme=dark; hookline_4780=abc; id=hookline_', 'theme=dark; id=hookline_'],
  ['hookline_4780=abc; id=1', 'id=1'],
  ['myhookline_1=x', 'myhookline_1=x'],
])('of the cookies "%s" only those of others are taken in', (cookie, kept) => {
  expect(plainHeaders({ headers: { cookie, host: 'x' } }).cookie).toBe(kept)
})
