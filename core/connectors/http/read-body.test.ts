import { expect, test } from 'vitest'
import { readBody } from './read-body.ts'

const answer = (text: string, type = 'application/json') =>
  readBody({ headers: { 'content-type': type }, body: Buffer.from(text) })

test('numbers of an answer that cannot be calculated with stay text, with a note', () => {
  const { body, note } = answer('{"id":9007199254740993,"huge":1e400,"price":1.10}', 'application/problem+json')
  expect(body).toEqual({ id: '9007199254740993', huge: '1e400', price: 1.1 })
  expect(note).toContain('2 numbers, such as 9007199254740993')
  expect(answer('{"price":1.10}')).toEqual({ body: { price: 1.1 } })
})

test('an answer that is no JSON, or too deep, is text', () => {
  for (const text of ['{"a":', '['.repeat(300) + ']'.repeat(300)]) expect(answer(text)).toEqual({ body: text })
})
