import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeRun } from '../../connectors/code/run.action.ts'
import { NO_LARGE, runAction } from '../../connectors/test-context.ts'
import type { Json } from '../../domain/values/json.ts'
import { reference } from '../../domain/values/large-value.ts'
import { testSandbox } from './test-code.ts'

const { sandbox, run, failure } = testSandbox({ deadlineMs: 20_000 })
const result = async (code: string, input: Record<string, Json> = {}): Promise<Json> => {
  const output = await run(codeRun, { code, input })
  return (output as { result: Json }).result // its schema says so
}

describe('what code returns', () => {
  it.each<[string, string, Json]>([
    ['what follows return', 'return 6 * 7', 42],
    ['the last expression', 'const a = 6\na * 7', 42],
    ['the last expression behind a condition', 'if (true) { 42 }', 42],
    ['an object that is all of it', '{ total: 42 }', { total: 42 }],
    ['an object with what could be a block', '{ ...{ a: 1 }, b: 2 }', { a: 1, b: 2 }],
    ['what is awaited at its top', 'await Promise.resolve(42)', 42],
    ['what is awaited before return', 'const a = await Promise.resolve(40)\nreturn a + 2', 42],
    ['a promise that is returned', 'return Promise.resolve(42)', 42],
    ['nothing, as null', 'const a = 1', null],
    ['undefined, as null', 'return undefined', null],
    ['dates as text', 'return new Date(0)', '1970-01-01T00:00:00.000Z'],
    [
      'Luxon dates in the zone of the zap',
      'DateTime.fromISO("2026-07-01T10:00").toISO()',
      '2026-07-01T10:00:00.000+02:00',
    ],
    ['local times of the zap', 'new Date(0).getHours()', 1],
    [
      'words of a language',
      'DateTime.fromISO("2026-07-01").toFormat("cccc, d LLLL", { locale: "fr" })',
      'mercredi, 1 juillet',
    ],
    ['numbers in a language', '(1234.5).toLocaleString("de-DE", { minimumFractionDigits: 2 })', '1.234,50'],
    ['texts in their order', '["b", "a", "C"].sort((a, b) => a.localeCompare(b))', ['a', 'b', 'C']],
    ['whole numbers that a double holds', 'return 2 ** 60', 2 ** 60],
    ['whole numbers beyond it, as text', 'return 9007199254740993n', '9007199254740993'],
    ['small big integers, as numbers', 'return 42n', 42],
    ['members without a value left out, and items as null', 'return { a: undefined, b: [undefined] }', { b: [null] }],
    ['a variable called input', 'let input = 42\ninput', 42],
    ['boxed values', 'return [new Number(1), new String("a")]', [1, 'a']],
    ['instances by their members', 'class A { b = 1 }\nreturn new A()', { b: 1 }],
    ['what toJSON makes of it', 'return { toJSON: () => ({ a: 1 }) }', { a: 1 }],
  ])('%s', async (_name, code, expected) => {
    expect(await result(code)).toEqual(expected)
  })

  it('is also an object with a member called __proto__', async () => {
    const made = await result('return JSON.parse(input.text)', { text: '{"__proto__":{"a":1}}' })
    expect(Object.hasOwn(made as object, '__proto__')).toBe(true)
    expect(Reflect.get({}, 'a')).toBeUndefined()
  })
})

describe('the time of code', () => {
  it('is all there, in whatever form the code is read', async () => {
    // Longer than what an error is explained in, of which the forms in which it cannot be read leave some.
    const slow = 'const until = Date.now() + 700\nwhile (Date.now() < until) {}\n'
    expect(await Promise.all([result(`${slow}return 1`), result(`${slow}1`)])).toEqual([1, 1])
  })
})

describe('what code is given', () => {
  it('is its input, and where it is in a loop', async () => {
    const scope = { hook: { body: { price: 21 } }, item: { sku: 'A' }, index: 3 }
    const input = { code: 'return [input.price * 2, item.sku, index]', input: { price: '{{ hook.body.price }}' } }
    expect(await run(codeRun, input, scope)).toEqual({ result: [42, 'A', 3], logs: [] })
  })

  it('is nothing else: code is not filled in', async () => {
    const code = 'const text = "{{ hook.body }} {% if %}"\nreturn text'
    expect(await run(codeRun, { code }, { hook: { body: 'x' } })).toMatchObject({ result: '{{ hook.body }} {% if %}' })
  })

  it('may be hidden behind a name of its own', async () => {
    expect(await result('const { input: inner } = input\nconst index = inner\nreturn index', { input: 42 })).toBe(42)
  })

  it('comes back as it was, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
        const json = JSON.stringify(value)
        const input = { code: 'return input.value', input: { value: '{{ hook }}' } }
        const output = await run(codeRun, input, { hook: JSON.parse(json) })
        expect(JSON.stringify(output)).toBe(`{"result":${json},"logs":[]}`)
      }),
      { numRuns: 60 },
    )
  })

  it('has the content of large values in it', async () => {
    const large = reference({ $blob: 'a'.repeat(64), bytes: 20, type: 'json' })
    const text = reference({ $blob: 'b'.repeat(64), bytes: 20, type: 'text' })
    const { signal } = new AbortController()
    const { output } = await runAction(
      codeRun,
      {
        code: 'return [input.rows.length, input.text, input.list[0].rows[1]]',
        input: { rows: large, text, list: [{ rows: large }] },
      },
      {
        sandbox: (work) => sandbox.run({ ...work, zone: 'UTC', deadlineMs: 1_000, maxDepth: 200 }, signal),
        large: {
          ...NO_LARGE,
          read: async ({ type }) => Buffer.from(type === 'json' ? '[1,2,3]' : 'a "quoted" line\n'),
          readJson: (json) => ({ kind: 'json', value: JSON.parse(json), note: null }),
        },
      },
    )
    expect(output).toEqual({ result: [3, 'a "quoted" line\n', 2], logs: [] })
  })
})

describe('the console', () => {
  it('is kept with its lines', async () => {
    const code = 'console.log("SKU", 42, { a: [1] })\n\nconsole.warn(new Error("late"))\nconsole.table([1])\nreturn 1'
    expect(await run(codeRun, { code })).toEqual({
      result: 1,
      logs: [
        { level: 'log', text: 'SKU 42 { "a": [1] }', line: 1 },
        { level: 'warn', text: 'Error: late', line: 3 },
        { level: 'log', text: '[1]', line: 4 },
      ],
    })
  })

  it('stands beside an error', async () => {
    const error = await failure(codeRun, { code: 'console.log("so far")\nthrow new Error("No customer")' })
    expect(error).toMatchObject({ code: 'code-threw', message: 'Line 2, column 16 of the code: No customer.' })
    expect(error.facts).toEqual({ line: 2, column: 16, logs: [{ level: 'log', text: 'so far', line: 1 }] })
  })

  it('keeps so much, and says how much it did not', async () => {
    const output = await run(codeRun, { code: 'for (let i = 0; i < 1500; i++) console.log(i)' })
    const { logs } = output as { logs: { text: string }[] } // as its schema says
    expect(logs).toHaveLength(1_001)
    expect(logs.at(-1)).toEqual({ level: 'warn', text: '500 more lines were not kept', line: null })
  })
})

describe('a mistake', () => {
  it.each([
    ['const a = 1\nreturn a.b.c', 'code-threw', 'Line 2, column 11 of the code: TypeError: cannot read property'],
    ['const a = ;', 'code-syntax', "Line 1, column 11 of the code: unexpected token in expression: ';'."],
    ['return 1\n\nfoo(', 'code-syntax', 'Line 3, column 4'],
    ['{ a: 1,\n  b: }', 'code-syntax', 'Line 2'],
    ['import x from "fs"', 'code-syntax', 'code cannot import modules, or export'],
    ['JSON.parse("{")', 'code-threw', 'Line 1, column'],
    ['const a = 1\nreturn JSON.parse("{")', 'code-threw', 'Line 2, column'],
    ['throw new SyntaxError("mine")', 'code-threw', 'SyntaxError: mine'],
    ['throw "text"', 'code-threw', 'The code failed: text.'],
    ['throw null', 'code-threw', 'The code failed'],
    ['throw { reason: "no" }', 'code-threw', 'reason'],
    ['await fetch("https://example.com")', 'code-threw', 'code has no network; put an HTTP request before it'],
    ['setTimeout(() => 1, 10)', 'code-threw', 'put a Delay before or behind it'],
    ['require("fs")', 'code-threw', 'without modules, files or programs'],
    ['$json.a', 'code-threw', 'read it as input.name'],
    ['return () => 1', 'code-result', 'the result is a function'],
    ['return { rows: [1, { total: NaN }] }', 'code-result', 'the result.rows[1].total is NaN'],
    ['return { a: new Map() }', 'code-result', 'Object.fromEntries'],
    ['return { a: Promise.resolve(1) }', 'code-result', 'put "await" before it'],
    ['return new Uint8Array(3)', 'code-result', 'Array.from'],
    ['return new Date("x")', 'code-result', 'not a valid date'],
    ['return DateTime.fromISO("x")', 'code-result', 'not a valid date'],
    ['const a = {}; a.a = a; return a', 'code-result', '200 levels, or holds itself'],
    ['return "x".repeat(11_000_000)', 'too-large', '10.5 MB as JSON, and may be 10.0 MB'],
    ['await new Promise(() => {})', 'code-threw', 'waits for a promise that nothing fulfils'],
  ])('%s', async (code, kind, message) => {
    const error = await failure(codeRun, { code })
    expect(error).toMatchObject({ code: kind, retryable: false })
    expect(error.message).toContain(message)
  })
})

describe('what programs are used to', () => {
  it.each<[string, string, Json]>([
    [
      'a formatter without new',
      'return Intl.DateTimeFormat("en", { timeZone: "UTC", year: "numeric" }).format(0)',
      '1970',
    ],
    ['the zone of one', 'return Intl.DateTimeFormat().resolvedOptions().timeZone', 'Europe/Berlin'],
    ['numbers without new', 'return Intl.NumberFormat("de-DE").format(1234.5)', '1.234,5'],
    ['an order without new', 'return ["b", "a"].sort(Intl.Collator("de").compare)', ['a', 'b']],
    ['what one is an instance of', 'return Intl.DateTimeFormat() instanceof Intl.DateTimeFormat', true],
    [
      'what it is called',
      'return [Intl.DateTimeFormat.name, Intl.DateTimeFormat.supportedLocalesOf("de")]',
      ['DateTimeFormat', ['de']],
    ],
  ])('%s', async (_name, code, expected) => {
    expect(await result(code)).toEqual(expected)
  })

  it.each([
    ['throw null', 'it threw null.'],
    ['throw undefined', 'it threw undefined.'],
    ['throw 42', 'it threw 42.'],
    ['throw ""', 'it threw "".'],
    ['throw { a: 1 }', 'it threw { "a": 1 }.'],
    ['throw new Error()', 'it threw an error without a message.'],
    ['await Promise.reject()', 'it threw undefined.'],
    ['throw "no such order"', 'no such order.'],
    ['throw Symbol("x")', 'it threw Symbol(x).'],
  ])('%s says what was thrown', async (code, message) => {
    const { message: said } = await failure(codeRun, { code })
    expect(said).toContain(message)
  })
})
