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

test.each([
  'application/jsonl',
  'application/x-ndjson',
  'application/x-jsonlines',
  'application/json-seq',
  'application/csv',
  'text/csv; header=present',
  'application/yaml',
  'application/x-yaml',
  'application/vnd.oai.openapi+yaml',
  'application/toml',
  'application/x-javascript',
  'application/soap+xml',
  'text/vcard',
])('%s is text', (type) => {
  expect(answer('a: 1\n', type)).toEqual({ body: 'a: 1\n' })
})

test.each(['text/json', 'application/x-json', 'application/vnd.github+json'])('%s is JSON', (type) => {
  expect(answer('{"a":1}', type)).toEqual({ body: { a: 1 } })
})

test.each([
  ['<?xml version="1.0" encoding="ISO-8859-1"?><a>ä</a>', 'application/xml', 'latin1'],
  ["<?xml version='1.0' encoding = 'windows-1252' standalone='yes'?><a>ä</a>", 'text/xml', 'latin1'],
  ['<?xml version="1.0"?><a>ä</a>', 'application/atom+xml', 'utf8'],
  ['<?xml version="1.0" encoding="ISO-8859-1"?><a>ä</a>', 'application/xml; charset=utf-8', 'utf8'],
  ['<?xml version="1.0" encoding="unheard-of"?><a>ä</a>', 'application/xml', 'utf8'],
  ['\ufeff<a>ä</a>', 'application/xml', 'utf16le'],
] as const)('%s as %s is read in its own character set', async (text, type, encoding) => {
  const large = { readJson: () => ({ kind: 'too-heavy' as const }) }
  const { body } = await readBody({ headers: { 'content-type': type }, body: Buffer.from(text, encoding) }, large)
  expect(body).toBe(text.replace('\ufeff', ''))
})

test('a long answer is read as webhooks are, and text where that takes too long', () => {
  const long = JSON.stringify(['x'.repeat(300_000)])
  expect(answer(long)).toEqual({ body: long })
})
