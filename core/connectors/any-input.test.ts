import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StepError } from '../domain/runs/step-error.ts'
import { conditionOps } from '../domain/templates/condition.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../domain/values/json.ts'
import type { Action } from './define.ts'
import { manifestOf } from './manifest.ts'
import { allConnectors } from './test-catalogue.ts'
import { callAction } from './test-context.ts'

/** Inputs that each action is fed. */
const RUNS = 50

/** Every action that only computes or reads. A loop has no work of its own. */
const actions = (await allConnectors()).filter(
  (connector): connector is Action =>
    connector.kind === 'action' && connector.effect === 'none' && connector.loop === undefined,
)

const HOSTILE = [
  '__proto__',
  'constructor',
  'toString',
  'a.b',
  '',
  ' ',
  '$blob',
  '[0]',
  '\u0000',
  '\ud800',
  '👍',
  '../../etc/passwd',
]
const TEXTS = [
  ...HOSTILE,
  ...['1,500.00', '1.500,75 €', '-0', '1e400', '9007199254740993', 'NaN', 'true', 'TRUE'],
  ...['2026-11-26', '2026-11-26T09:30:00+01:00', '26.11.2026', '03/04/2026', '-3d', '1mo', 'now'],
  ...[
    '{"a":1}',
    '[1,2',
    '<a>b</a>',
    '<a href="x">y',
    'a;b\n1;"2',
    'YWI=',
    'abc',
    '%zz',
    'cut off\ud83d',
    '(a+)+$',
    '(?P<n>a)|b',
    '$1 $<n>',
  ],
  ...['ada@example.com https://example.com/(x).', 'Europe/Berlin', 'de', 'EUR', 'id', 'amount', 'customer.name'],
]

const name = fc.oneof(fc.constantFrom(...HOSTILE, 'id', 'a', 'b', 'amount'), fc.string({ maxLength: 8 }))
const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ maxLength: 20 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
)
const row: fc.Arbitrary<Json> = fc.dictionary(name, scalar, { maxKeys: 4 }).map(asJson)
const anyJson: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  row,
  fc.array(row, { maxLength: 6 }),
  fc.array(scalar, { maxLength: 6 }),
  fc.jsonValue({ maxDepth: 4 }).map(asJson),
)

/** Rows of conditions, whose schema refers to itself, as a row may be a group again. */
const conditions: fc.Arbitrary<Json> = fc
  .array(
    fc.record({
      left: fc.oneof(fc.constantFrom('{{ hook.a }}', '{{ item }}', '{{ item.amount }}', '{{ hook.none }}'), anyJson),
      op: fc.constantFrom(...conditionOps.map(({ op }) => op)),
      right: anyJson,
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map(asJson)

/** As JSON has it: `-0` is 0, objects are plain, and `__proto__` is a name like any other. */
function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value))
}

/** Values that come near to what a schema asks for, and now and then anything at all. */
function valueFor(schema: Json): fc.Arbitrary<Json> {
  if (!isJsonObject(schema)) return anyJson
  const near = nearTo(schema)
  return fc.oneof({ arbitrary: near, weight: 8 }, { arbitrary: anyJson, weight: 1 })
}

function nearTo(schema: JsonObject): fc.Arbitrary<Json> {
  if (schema.$ref !== undefined) return conditions
  const members = schema.anyOf ?? schema.oneOf ?? null
  if (isJsonList(members) && members.length > 0) return fc.oneof(...members.map(valueFor))
  if (schema.enum !== undefined && isJsonList(schema.enum)) return fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.oneof(fc.integer({ min: -2, max: 12 }), fc.integer())
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true })
    case 'string':
      return fc.oneof(fc.constantFrom(...TEXTS), fc.string({ maxLength: 12 }))
    case 'array':
      return fc.array(valueFor(schema.items ?? {}), { maxLength: 4 })
    case 'object':
      return isJsonObject(schema.properties)
        ? objectFor(schema)
        : fc.dictionary(name, valueFor(schema.additionalProperties ?? {}), { maxKeys: 4 }).map(asJson)
    default:
      return anyJson
  }
}

function objectFor(schema: JsonObject): fc.Arbitrary<JsonObject> {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const required = isJsonList(schema.required ?? null) ? (schema.required as readonly Json[]) : [] // as was just asked
  // Of "all" and "any" there is one.
  const names = Object.keys(properties).filter((field) => field !== 'any' || properties.all === undefined)
  const fields = Object.fromEntries(names.map((field) => [field, valueFor(properties[field] ?? {})]))
  return fc
    .record(fields, { requiredKeys: Object.keys(fields).filter((field) => required.includes(field)) })
    .map((made) => JSON.parse(JSON.stringify(made)))
}

/** What the test context says of a world that is not there. */
const NOT_HERE = 'this test gives the action no such thing'

test('there is something to feed', () => {
  expect(actions.length).toBeGreaterThan(30)
})

test.each(actions.map((action) => [action.id, action] as const))(
  '%s returns or says what is wrong, whatever it is given, and leaves that as it was',
  async (_id, action) => {
    const world = {
      scope: { zap: { timezone: 'Europe/Berlin' }, now: '2026-11-24T09:00:00.000Z', hook: { a: 1 } },
    }
    const inputs = objectFor(manifestOf(action).input)
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        // What its schema refuses says nothing about the action.
        fc.pre(action.input.safeParse(input).success)
        const before = structuredClone(input)
        await callAction(action, freeze(input), world).catch((error: unknown) => {
          if (error instanceof Error && error.message === NOT_HERE) return
          if (!(error instanceof StepError)) throw error
          expect(error.details.message).toMatch(/[.”]$/)
        })
        expect(input).toEqual(before)
      }),
      { numRuns: RUNS, maxSkipsPerRun: 500 },
    )
  },
  60_000,
)

/** What is frozen all the way down cannot be changed without an error. */
function freeze<Value extends Json>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freeze(member)
    Object.freeze(value)
  }
  return value
}
