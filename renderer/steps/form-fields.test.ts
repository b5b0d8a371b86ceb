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
