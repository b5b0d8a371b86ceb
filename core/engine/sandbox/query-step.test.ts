import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeRun } from '../../connectors/code/run.action.ts'
import type { Action } from '../../connectors/define.ts'
import { jsonQuery } from '../../connectors/json/query.action.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Json } from '../../domain/values/json.ts'
import { testSandbox } from './test-code.ts'

const { run, failure } = testSandbox({ deadlineMs: 10_000 })

describe('a query', () => {
  const data = {
    lines: [
      { sku: 'A', price: 2, quantity: 3 },
      { sku: 'B', price: 5, quantity: 1 },
    ],
  }

  it.each<[string, Json]>([
    ['$sum(lines.(price * quantity))', 11],
    ['lines[price > 2].sku', 'B'],
    ['lines.sku', ['A', 'B']],
    ['{ "count": $count(lines) }', { count: 2 }],
    ['nothing.here', null],
    ['$uppercase(lines[0].sku) & "!"', 'A!'],
    ['$map(lines, function($line, $at) { $at })', [0, 1]],
    ['$toMillis("1970-01-01T00:00:01Z")', 1000],
  ])('%s', async (expression, result) => {
    expect(await run(jsonQuery, { data, expression })).toEqual({ result })
  })

  it.each<[string, string, string]>([
    ['$sum(items.', 'code-threw', 'Line 1, column'],
    ['(\n  $nothing(1)\n)', 'code-threw', 'Line 2'],
    ['$number("many")', 'code-threw', 'many'],
    ['$eval("$sum(")', 'code-threw', ''],
  ])('%s fails, and says where', async (expression, code, message) => {
    const error = await failure(jsonQuery, { data, expression })
    expect(error).toMatchObject({ code, retryable: false })
    expect(error.message).toContain(message)
  })

  it.each<[string, Record<string, Json>]>([
    ['no expression', { data }],
    ['an empty one', { data, expression: '' }],
    ['one that is no text', { data, expression: 1 }],
    ['one that is too long', { data, expression: 'a'.repeat(100_001) }],
    ['a field that there is not', { data, expression: 'a', language: 'sql' }],
  ])('is not run with %s', (_name, input) => {
    expect(jsonQuery.input.safeParse(input).success).toBe(false)
  })
})

describe('any JSON and any text', () => {
  const unchanged = async (action: Action, input: Record<string, Json>): Promise<void> => {
    const before = JSON.stringify(input)
    const ended = await run(action, input).catch((error: unknown) => error)
    if (ended instanceof Error) expect(ended).toBeInstanceOf(StepError)
    expect(JSON.stringify(input)).toBe(before)
  }
  // Braces that are no template would be an error of that.
  const json = fc
    .jsonValue({ maxDepth: 3 })
    .map((value): Json => JSON.parse(JSON.stringify(value).replaceAll('{{', '{').replaceAll('{%', '%')))

  it('come to a result or a StepError in code, and are not changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        json,
        fc.oneof(fc.string(), fc.constantFrom('input', 'return input.a.b', '({', '`${', '/*')),
        (a, code) => unchanged(codeRun, { input: { a }, code: code === '' ? ' ' : code }),
      ),
      { numRuns: 80 },
    )
  })

  it('come to a result or a StepError in a query, and are not changed', async () => {
    const expression = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('$', '*', '**', '$keys($)', '$string($)', 'a.b[0]'),
    )
    await fc.assert(
      fc.asyncProperty(json, expression, (data, asked) =>
        unchanged(jsonQuery, { data, expression: asked.replaceAll('{{', '{') }),
      ),
      { numRuns: 80 },
    )
  })
})

describe('what comes from outside', () => {
  const data = { secret: 1, rows: [{ name: 'a"] & $string($$) & ["', n: 1 }] }

  it('reaches an expression as a value, and never as a part of it', async () => {
    const params = { name: 'a"] & $string($$) & ["', most: 5 }
    expect(await run(jsonQuery, { data, expression: 'rows[name = $name and n < $most].n', params })).toEqual({
      result: 1,
    })
    expect(await run(jsonQuery, { data: 1, expression: '$x', params: { x: { deep: [1] } } })).toEqual({
      result: { deep: [1] },
    })
  })

  it('is refused where it would be filled in', async () => {
    const expression = 'rows[name = "{{ hook.name }}"]'
    expect(jsonQuery.unfinished?.({ data: '', expression })).toEqual([
      { path: ['expression'], message: expect.stringContaining('write $name here') },
    ])
    expect(await failure(jsonQuery, { data, expression })).toMatchObject({ code: 'bad-input' })
    // Braces in braces are JSONata's own.
    const own = '{"a":{"b":rows.n}}'
    expect(jsonQuery.unfinished?.({ data: '', expression: own })).toEqual([])
    expect(await run(jsonQuery, { data, expression: own })).toEqual({ result: { a: { b: 1 } } })
  })

  it.each(['__proto__x y', '1a', 'a-b'])('is not called %j', (name) => {
    expect(jsonQuery.input.safeParse({ data: 1, expression: '1', params: { [name]: 1 } }).success).toBe(false)
  })
})
