import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isJsonObject, type Json, type JsonObject, jsonSchema } from '../../core/domain/values/json.ts'
import { formFields, formItems, isShown } from './form-fields.ts'

/** A JSON Schema as hosts make it of a connector's input. */
function schemaOf(input: z.ZodType): JsonObject {
  const schema: Json = JSON.parse(JSON.stringify(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })))
  if (!isJsonObject(schema)) throw new Error('not an object')
  return schema
}

const named = (...values: string[]) => values.map((value) => ({ value, label: value }))

const schema = schemaOf(
  z.strictObject({
    method: z.enum(['GET', 'POST']).default('GET').meta({ title: 'Method' }),
    url: z
      .string()
      .min(1)
      .meta({ title: 'Address', ui: { widget: 'template', placeholder: 'https://…' } }),
    body: jsonSchema
      .optional()
      .meta({ title: 'Body', ui: { widget: 'template-long', showIf: { field: 'method', in: ['POST'] } } }),
    methods: z.array(z.enum(['GET', 'POST'])).default(['POST']),
    maxItems: z
      .int()
      .optional()
      .meta({ ui: { advanced: true } }),
    quiet: z.boolean().default(false),
    verify: z.strictObject({ scheme: z.enum(['github', 'stripe']), header: z.string().optional() }).optional(),
    any: z
      .array(z.string())
      .optional()
      .meta({ ui: { widget: 'hidden' } }),
  }),
)

describe('form fields', () => {
  const fields = formFields(schema)

  it('follow the order of the schema, without the hidden ones', () => {
    expect(fields.map((field) => [field.name, field.title, field.control])).toEqual([
      ['method', 'Method', 'select'],
      ['url', 'Address', 'template'],
      ['body', 'Body', 'template-long'],
      ['methods', 'Methods', 'choices'],
      ['maxItems', 'Max items', 'number'],
      ['quiet', 'Quiet', 'switch'],
      ['verify', 'Verify', 'group'],
    ])
  })

  it('know what is needed, folded, chosen from and nested', () => {
    const byName = new Map(fields.map((field) => [field.name, field]))
    expect(fields.filter((field) => field.required).map((field) => field.name)).toEqual(['url'])
    expect(byName.get('maxItems')?.advanced).toBe(true)
    expect(byName.get('method')).toMatchObject({ options: named('GET', 'POST'), fallback: 'GET' })
    expect(byName.get('methods')?.options).toEqual(named('GET', 'POST'))
    expect(byName.get('verify')?.fields.map((field) => [field.name, field.control, field.required])).toEqual([
      ['scheme', 'select', true],
      ['header', 'template', false],
    ])
  })

  it('call values by their labels, and offer to take back a choice that need not be made', () => {
    const [kind, name] = formFields(
      schemaOf(
        z.strictObject({
          kind: z
            .enum(['json', 'text'])
            .optional()
            .meta({ ui: { labels: { '': 'By itself', json: 'JSON' } } }),
          name: z.string().default('x'),
        }),
      ),
    )
    expect(kind?.options).toEqual([
      { value: undefined, label: 'By itself' },
      { value: 'json', label: 'JSON' },
      { value: 'text', label: 'text' },
    ])
    expect(kind).toMatchObject({ optional: true, choice: null })
    expect(name).toMatchObject({ optional: false, clears: [] })
  })

  it('stand together where only one of them can hold, and empty each other', () => {
    const either = (label: string) =>
      z
        .string()
        .optional()
        .meta({ ui: { choice: { title: 'When', label } } })
    const schema = schemaOf(z.strictObject({ a: either('A'), other: z.string(), b: either('B'), c: either('C') }))
    expect(formFields(schema).map(({ name, clears }) => [name, clears])).toEqual([
      ['a', ['b', 'c']],
      ['other', []],
      ['b', ['a', 'c']],
      ['c', ['a', 'b']],
    ])
    expect(
      formItems(formFields(schema)).map((item) =>
        item.kind === 'field' ? item.field.name : [item.title, item.members.map(({ name }) => name)],
      ),
    ).toEqual([['When', ['a', 'b', 'c']], 'other'])
  })

  it('are shown only while the field that they depend on says so, its default counted', () => {
    const body = fields.find((field) => field.name === 'body')
    if (!body) throw new Error('no body')
    expect(isShown(body, fields, {})).toBe(false)
    expect(isShown(body, fields, { method: 'POST' })).toBe(true)
  })
})

describe('a structure without a widget', () => {
  const fieldOf = (shape: z.ZodType) => formFields(schemaOf(z.strictObject({ it: shape })))[0]
  const names = (shape: z.ZodType) => fieldOf(shape)?.fields.map(({ name, control }) => [name, control])

  it.each<[string, z.ZodType, string]>([
    ['a list of objects is rows', z.array(z.strictObject({ a: z.string() })), 'rows'],
    [
      'objects by their names are rows with names',
      z.record(z.string(), z.strictObject({ a: z.string() })),
      'named-rows',
    ],
    ['texts by their names are a table', z.record(z.string(), z.string()), 'key-value'],
    ['a list of texts is one of templates', z.array(z.string()), 'templates'],
    ['an object is a group', z.strictObject({ a: z.string() }), 'group'],
    [
      'one of several objects is a group',
      z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.int() })]),
      'group',
    ],
    ['anything is rows or text', jsonSchema, 'json'],
  ])('%s', (_, shape, control) => {
    expect(fieldOf(shape)?.control).toBe(control)
  })

  it('has the fields that are in it', () => {
    expect(names(z.record(z.string(), z.strictObject({ a: z.string(), b: z.boolean() })))).toEqual([
      ['a', 'template'],
      ['b', 'switch'],
    ])
  })

  const auth = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({ kind: z.literal('key'), key: z.string(), note: z.string().optional() }),
    z.strictObject({ kind: z.literal('user'), user: z.string(), note: z.string().optional() }),
  ])

  it.each([
    ['beside others', auth],
    ['in a list', z.array(auth)],
  ])('that is one of several has their kind as a choice, and shows what that has, %s', (_, shape) => {
    const fields = fieldOf(shape)?.fields ?? []
    const shownFor = (kind: string) => fields.filter((one) => isShown(one, fields, { kind })).map(({ name }) => name)
    expect(fields[0]).toMatchObject({ name: 'kind', control: 'select', options: named('none', 'key', 'user') })
    expect(shownFor('none')).toEqual(['kind'])
    expect(shownFor('key')).toEqual(['kind', 'key', 'note'])
    expect(shownFor('user')).toEqual(['kind', 'note', 'user'])
  })
})
