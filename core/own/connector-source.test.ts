import { expect, test } from 'vitest'
import { jsonSchema } from '../domain/values/json.ts'
import { connectorSource } from './connector-source.ts'

/** What the function of a connector that is made of code returns. */
async function worked(code: string): Promise<unknown> {
  const file = connectorSource({ id: 'mine', title: 'Mine', description: '', fields: ['rows'], code })
  const work = `${file.slice(file.indexOf('\nfunction work('))}\nexport { work }`
  const read: { work(input: unknown): Promise<unknown> } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(work)}`
  )
  return jsonSchema.parse(await read.work({ rows: [1, 2] }))
}

test.each<[code: string, result: unknown]>([
  ['return input.rows.map((item, index) => item * index)', [0, 2]],
  ['let sum = 0\nfor (const item of input.rows) sum += item\nreturn sum', 3],
  ['for (const index in input.rows) if (index > 0) return index', '1'],
  [
    "// each item\nreturn { item: 'one item', index: input.index ?? `the item` }",
    { item: 'one item', index: 'the item' },
  ],
  ['const { item = 7 } = input\nreturn item', 7],
  ['function twice(item) { return item * 2 }\nreturn twice(input.rows[1])', 4],
  ['const a = 1, index = 2\nreturn a + index', 3],
  ['try { null.a } catch (item) { return item.name }', 'TypeError'],
  ["return /'/.test('') ? item => item : 8", 8],
  ['const input = 5\nreturn input', 5],
  ['const work = 6, action = 1\nreturn await Promise.resolve(work)', 6],
  ['return "\u2028*/ `" // the end', '\u2028*/ `'],
])('code that makes the names of a loop, or of the file, itself is a connector: %s', async (code, result) => {
  expect(await worked(code)).toEqual(result)
})

test.each([
  'if (item) { return item }',
  'return input.rows.map((row) => row + index)',
  'return (item)',
  'return [item, index]',
  'return DateTime.now()',
  'const total = item.price\nreturn total',
])('code that takes a name of a loop from outside is none: %s', (code) => {
  const make = () => connectorSource({ id: 'mine', title: 'Mine', description: '', fields: [], code })
  expect(make).toThrow(/is there in code steps alone/)
})
