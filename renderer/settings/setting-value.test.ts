import { expect, test } from 'vitest'
import { z } from 'zod'
import { SETTINGS, type Setting } from '../../core/domain/settings/settings.ts'
import { type Json, jsonSchema } from '../../core/domain/values/json.ts'
import { kindOf, limitsOf, typedText, typedValue } from './setting-value.ts'

const schemaOf = (schema: z.ZodType) =>
  z.record(z.string(), jsonSchema).parse(JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))))

const entries = Object.values(SETTINGS).flatMap((section) => Object.entries<Setting>(section))

test.each(entries)('%s reads back what it shows', (_name, { schema, initial }) => {
  const json = schemaOf(schema)
  expect(typedValue(typedText(jsonSchema.parse(initial)), json)).toEqual(initial)
})

test.each<[z.ZodType, string, Json, ReturnType<typeof kindOf>]>([
  [z.int().min(1), '7', 7, 'number'],
  [z.int(), '', '', 'number'],
  [z.int(), '7x', '7x', 'number'],
  [z.boolean(), 'false', false, 'switch'],
  [z.array(z.string()), ' a, b  c ', ['a', 'b', 'c'], 'list'],
  [z.array(z.string()), '', [], 'list'],
  [z.string().nullable(), '', null, 'text'],
  [z.string(), '', '', 'text'],
  [z.enum(['stable', 'off']), 'off', 'off', 'choice'],
])('%# is typed as it should be', (schema, text, value, kind) => {
  expect(kindOf(schemaOf(schema))).toBe(kind)
  expect(typedValue(text, schemaOf(schema))).toEqual(value)
})

test('a number keeps to the limits of its setting', () => {
  expect(limitsOf(schemaOf(SETTINGS.webhooks.keepDays.schema))).toEqual({ min: 0, max: 3_650, step: 1 })
  expect(limitsOf(schemaOf(SETTINGS.webhooks.maxDataGb.schema))).toMatchObject({ step: 'any' })
})
