import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseTemplate } from '../templates/template.ts'
import { parseZapFile } from './parse-zap-file.ts'
import { blankZap, RESERVED_STEP_IDS, TEMPLATE_ROOTS, ZAP_FORMAT, zapFileSchema } from './zap-file.ts'

const schema = {
  $id: 'hookline-zap-1',
  title: 'Hookline zap file',
  description: 'A zap as it is imported, exported and kept. Each step’s input is described by its connector.',
  ...z.toJSONSchema(zapFileSchema, { io: 'input', unrepresentable: 'any' }),
}

test('the published JSON Schema of a zap file is the one that is checked', async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../../docs/zap-file.schema.json')
})

test('what a file leaves out is filled in, and what it must not have is refused', () => {
  expect(zapFileSchema.parse({ format: ZAP_FORMAT, name: ' Mine ' })).toEqual({
    format: ZAP_FORMAT,
    name: 'Mine',
    steps: [],
    edges: [],
  })
  expect(zapFileSchema.safeParse({ format: ZAP_FORMAT, name: 'x', stepz: [] }).success).toBe(false)
  expect(zapFileSchema.safeParse({ format: 'hookline/zap@2', name: 'x' }).success).toBe(false)
})

test.each([...RESERVED_STEP_IDS, '1st', 'a b', 'a.b', ''])('%j cannot be a step id', (id) => {
  const file = { format: ZAP_FORMAT, name: 'x', steps: [{ id, uses: 'data.set' }] }
  expect(zapFileSchema.safeParse(file).success).toBe(false)
})

test('a reserved word is one that no template could read as a step', () => {
  const ids = ['hook', 'else', 'if', 'in', 'size', 'first', ...RESERVED_STEP_IDS]
  const readable = ids.filter((id) => {
    try {
      return parseTemplate(`{{ ${id}.value }}`).render({ [id]: { value: 'ours' } }) === 'ours'
    } catch {
      return false
    }
  })
  expect(readable).toEqual(['hook', 'else', 'if', 'in', 'size', 'first', ...TEMPLATE_ROOTS])
})

test.each([
  ['values', Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`field ${n}`, n]))],
  ['templates', Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`field ${n}`, `{{ hook.a${n} }}`]))],
  ['templates', { field: `{{ a }}${'x'.repeat(2_000_000)}` }],
])('a file of too many %s is refused before they are looked at', (what, fields) => {
  const read = parseZapFile({ ...blankZap('A zap'), steps: [{ id: 'set', uses: 'data.set', input: { fields } }] })
  expect(read).toMatchObject({ problems: [{ severity: 'structure', message: expect.stringContaining(what) }] })
})
