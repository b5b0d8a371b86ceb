import { describe, expect, it } from 'vitest'
import { type Equipment, type Interpreter, newInterpreter } from './interpreter.ts'

const around = { log: () => undefined, isOver: () => false }
const MB = 1_048_576

function evaluate({ context }: Interpreter, code: string): unknown {
  const result = context.evalCode(code)
  if (result.error !== undefined) throw new Error(JSON.stringify(context.dump(result.error)))
  return context.dump(result.value)
}

const bytesOf = ({ memory }: Interpreter): Buffer => Buffer.from(memory.buffer)

describe('an interpreter that is put back', () => {
  it.each<[string, string]>([
    ['a few values', 'globalThis.left = { some: ["thing"] }; JSON.stringify(left).length'],
    ['changed prototypes', 'Array.prototype.join = () => "mine"; [1, 2].join()'],
    ['a deep call', 'const deep = (n) => n === 0 ? 0 : 1 + deep(n - 1); deep(300)'],
    ['an error that was thrown', 'try { null.x } catch (error) { String(error.stack).length }'],
    ['some megabytes', 'globalThis.left = Array.from({ length: 20_000 }, (_, n) => String(n).repeat(8)); left.length'],
  ])('has no byte left of %s', async (_what, code) => {
    const interpreter = await newInterpreter('code', around)
    const before = Buffer.from(bytesOf(interpreter))
    evaluate(interpreter, code)
    expect(bytesOf(interpreter).equals(before)).toBe(false)
    expect(interpreter.reset()).toBe(true)
    const after = bytesOf(interpreter)
    expect(after.subarray(0, before.length).equals(before)).toBe(true)
    expect(after.subarray(before.length).every((byte) => byte === 0)).toBe(true)
    expect(evaluate(interpreter, 'typeof left + [1, 2].join()')).toBe('undefined1,2')
  })

  it('has no byte left of what no allocation ever covered, as something that broke out would write it', async () => {
    const interpreter = await newInterpreter('code', around)
    const before = Buffer.from(bytesOf(interpreter))
    const places = [4 * MB, 4 * MB + 4_095, before.length - 65_536, before.length - 1]
    for (const place of places) {
      expect(before[place]).toBe(0)
      bytesOf(interpreter)[place] = 1
    }
    interpreter.reset()
    expect(bytesOf(interpreter).equals(before)).toBe(true)
  })

  it('is not used again once it has grown to more than an interpreter has room for', async () => {
    const interpreter = await newInterpreter('code', around)
    evaluate(interpreter, 'globalThis.left = new Uint8Array(24_000_000).fill(1); left.length')
    expect(interpreter.reset()).toBe(false)
  })
})

it.each<[Equipment, string, unknown]>([
  ['code', 'DateTime.fromISO("2026-12-01T00:00:00Z").toUTC().year', 2026],
  ['query', 'typeof jsonata', 'function'],
])('another interpreter for a %s begins as the first did, and apart from it', async (equipment, code, expected) => {
  const first = await newInterpreter(equipment, around)
  const begun = Buffer.from(bytesOf(first))
  evaluate(first, 'globalThis.left = 1')
  const second = await newInterpreter(equipment, around)
  expect(bytesOf(second).equals(begun)).toBe(true)
  expect(evaluate(second, code)).toBe(expected)
  expect(evaluate(second, 'typeof left')).toBe('undefined')
})
