import { expect, test } from 'vitest'
import { readBody } from './read-body.ts'

const answer = (text: string, type = 'application/json') =>
  readBody({ headers: { 'content-type': type }, body: Buffer.from(text) }, { readJson: () => ({ kind: 'too-heavy' }) })

test('numbers of an answer that cannot be calculated with stay text, with a note', async () => {
  const { body, note } = await answer('{"id":9007199254740993,"huge":1e400,"price":1.10}', 'application/problem+json')
  expect(body).toEqual({ id: '9007199254740993', huge: '1e400', price: 1.1 })
  expect(note).toContain('2 numbers, such as 9007199254740993')
  expect(answer('{"price":1.10}')).toEqual({ body: { price: 1.1 } })
})

test('an answer that is no JSON, or too deep, is text', () => {
  for (const text of ['{"a":', '['.repeat(300) + ']'.repeat(300)]) expect(answer(text)).toEqual({ body: text })
})

test('a long answer is read as webhooks are, and text where that takes too long', () => {
  const long = JSON.stringify(['x'.repeat(300_000)])
  expect(answer(long)).toEqual({ body: long })
})
