import fc from 'fast-check'
import { expect, test } from 'vitest'
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

test('what is stored is what the trigger gives, whatever the body', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      const { data, json } = eventOf(Buffer.from(text), 'application/json')
      expect(json).toBe(JSON.stringify(data))
    }),
  )
})

test.each([
  ['{"a":1}', 'application/json', true],
  ['{ "a": 1 }', 'application/json', false],
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
