import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { jsonSchema } from '../values/json.ts'
import { issueWords } from './issue-words.ts'

const wordsFor = (schema: z.ZodType, value: unknown): string | undefined =>
  schema.safeParse(value, { error: issueWords }).error?.issues[0]?.message

describe('issue words', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['is needed', z.string(), undefined],
    ['is needed', z.enum(['a', 'b']), undefined],
    ['is needed', z.union([z.string(), z.number()]), undefined],
    ['is needed', jsonSchema, undefined],
    ['must be text', z.string(), 5],
    ['must be a number', z.number(), 'many'],
    ['must be a whole number', z.int(), 1.5],
    ['must be true or false', z.boolean(), 'yes'],
    ['must be a list', z.array(z.string()), {}],
    ['must be an object', z.strictObject({}), []],
    ['must be an object', z.record(z.string(), z.string()), 'x'],
    ['must be at least 1', z.int().min(1), 0],
    ['must be at most 599', z.int().max(599), 900],
    ['must not be empty', z.string().min(1), ''],
    ['must have at most 3 characters', z.string().max(3), 'four'],
    ['must have at least 2 entries', z.array(z.string()).min(2), []],
    ['must be one of once, skip, all', z.enum(['once', 'skip', 'all']), 'x'],
    ['must be "hookline"', z.literal('hookline'), 'x'],
    ['holds "extra", which is not known here; remove it', z.strictObject({}), { extra: 1 }],
    ['must be an address, such as https://example.com', z.url(), 'x'],
    ['does not fit', z.union([z.string(), z.number()]), true],
    ['is not a name', z.record(z.string().regex(/^[a-z]$/, 'is not a name'), z.string()), { 'A b': 'x' }],
  ])('%s', (words, schema, value) => {
    expect(wordsFor(schema, value)).toBe(words)
  })

  it('leaves a message of the schema itself as it is', () => {
    expect(wordsFor(z.string().min(1, { error: 'needs an address' }), '')).toBe('needs an address')
  })
})
