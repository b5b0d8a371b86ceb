import { monitorEventLoopDelay } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { codeRun } from '../../connectors/code/run.action.ts'
import { jsonQuery } from '../../connectors/json/query.action.ts'
import type { Json } from '../../domain/values/json.ts'
import { testSandbox } from './test-code.ts'

/** For what ends only by that, and for all else, on a computer that has other things to do. */
const impatient = testSandbox({ deadlineMs: 250 })
const { run, failure } = testSandbox({ deadlineMs: 20_000 })

/** Milliseconds for which this thread may be held up on average: much less than what code that never ends would do, which runs for 250. */
const HELD_UP_MS = 100

const harness = (expected: string) => (expected.includes('time') ? impatient : { failure })

/** Watches whether the main thread has its turns while something goes on elsewhere. */
async function whileWatched<T>(work: () => Promise<T>): Promise<T> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  try {
    return await work()
  } finally {
    delay.disable()
    // What is over at once leaves no measurement.
    if (delay.count > 0) expect(delay.mean / 1e6).toBeLessThan(HELD_UP_MS)
  }
}

describe('code that looks for a way out finds none', () => {
  it.each<[string, string]>([
    ['the constructor of a function', 'return (() => 1).constructor("return process")()'],
    ['the constructor of what it is given', 'return input.constructor.constructor("return process.env")()'],
    ['the constructor of what is lent to it', 'return console.log.constructor("return process")().mainModule'],
    ['a function from a prototype', 'return Object.getPrototypeOf(async () => 1).constructor("return require")()'],
    [
      'a generator’s constructor',
      'return Object.getPrototypeOf(function* () {}).constructor("return process")().next().value.env',
    ],
    ['eval', 'return eval("process")'],
    ['eval from elsewhere', 'return (0, eval)("globalThis.process.env")'],
    ['Function', 'return new Function("return this.process.version")()'],
    ['a module', 'return await import("node:fs")'],
    ['a module by its file', 'return await import("file:///etc/passwd")'],
    ['a module from code', 'return await eval("import(\'fs\')")'],
    ['require', 'return require("child_process")'],
    ['what the process is', 'return process.binding("fs")'],
    ['the network', 'return await fetch("http://127.0.0.1")'],
    ['WebAssembly', 'return new WebAssembly.Memory({ initial: 1 })'],
    ['Atomics', 'return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e9)'],
    ['a worker', 'return new Worker("data:,")'],
    ['a caller', 'function f() { return f.caller.arguments }\nreturn f()'],
    [
      'a stack that is prepared',
      'Error.prepareStackTrace = (_, frames) => frames\nreturn new Error("x").stack[0].getThis().process',
    ],
    ['a Proxy as what is thrown', 'throw new Proxy({}, { get() { return process } })'],
    ['what a formatter is made of', 'return new Intl.DateTimeFormat().format.constructor("return process")()'],
    ['a formatter of another kind', 'return new Intl.constructor("return process")()'],
    ['Luxon', 'return DateTime.now.constructor("return process")().exit()'],
    ['the name under which it was lent', 'return __hookline.host("intl", "[]")'],
  ])('%s', async (_name, code) => {
    const error = await whileWatched(() => failure(codeRun, { code, input: { a: 1 } }))
    expect(error.code).toMatch(/^code-(threw|result|syntax)$/)
    // Only the words of the interpreter: none of the process around it, and no file of it.
    expect(error.message).not.toMatch(/\.ts|\.mjs|\/core\/|node_modules/)
  })

  it('sees nothing but what belongs to it', async () => {
    const names = await run(codeRun, { code: 'return Object.getOwnPropertyNames(globalThis)' })
    const { result } = names as { result: string[] } // as its schema says
    const known = ['console', 'input', 'DateTime', 'Duration', 'Interval', 'Intl', 'luxon']
    const foreign = result.filter((name) => !known.includes(name) && !(name in globalThis))
    expect(foreign).toEqual(['InternalError'])
    for (const name of ['process', 'require', 'fetch', 'WebAssembly', 'Buffer', '__hookline'])
      expect(result).not.toContain(name)
  })
})

describe('code that never ends, or takes everything, is stopped', () => {
  it.each<[string, string, string]>([
    ['an endless loop', 'while (true) {}', 'code-time'],
    ['an endless loop that catches', 'while (true) try { while (true) {} } catch {} finally { continue }', 'code-time'],
    ['endless promises', 'const again = () => Promise.resolve().then(again)\nawait again()', 'code-time'],
    ['an endless wait', 'for (;;) await 0', 'code-time'],
    ['an endless generator', 'function* all() { for (;;) yield 1 }\nreturn [...all()].length', '(time|memory)'],
    [
      'an endless generator of nothing',
      'function* all() { for (;;) yield* [] }\nfor (const one of all()) one',
      'code-time',
    ],
    ['an endless getter', 'return { get a() { for (;;) {} } }', 'code-time'],
    ['an endless toJSON', 'return { toJSON() { for (;;) {} } }', 'code-time'],
    ['a toJSON of itself', 'const a = { toJSON: () => ({ a }) }\nreturn a', 'code-(result|depth)'],
    ['an endless Proxy', 'return new Proxy({}, { ownKeys() { for (;;) {} } })', 'code-time'],
    [
      'a Proxy of Proxies',
      'const deep = () => new Proxy({}, { get: () => deep(), ownKeys: () => ["a"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }) })\nreturn deep()',
      'code-(result|threw|depth)',
    ],
    ['an endless stack', 'throw { get stack() { for (;;) {} } }', 'code-(threw|time)'],
    ['an endless message', 'throw { get message() { for (;;) {} } }', 'code-(threw|time)'],
    ['an endless toString', 'console.log({ toISO: 1, toJSON() { for (;;) {} } })', 'code-time'],
    ['a loop in the interpreter itself', 'return Array.prototype.indexOf.call({ length: 2 ** 50 }, 1)', 'code-time'],
    [
      'a sort without an order',
      'const a = Array.from({ length: 1e5 }, (_, i) => i)\na.sort(() => { for (;;) {} })',
      'code-time',
    ],
    ['a regular expression', 'return /^(a+)+$/.test("a".repeat(60) + "b")', 'code-time'],
    ['a regular expression with what was found', 'return /(.*)*\\1x/.test("a".repeat(60))', 'code-(time|threw|memory)'],
    ['a long list', 'const a = []\nfor (;;) a.push(a.length)', 'code-(memory|time)'],
    ['a long list at once', 'return new Array(1e9).fill(0).length', 'code-(memory|time)'],
    ['a long text', 'let a = "x"\nfor (;;) a += a', 'code-(memory|threw)'],
    ['a long text at once', 'return "x".repeat(2 ** 29)', 'code-(memory|threw)'],
    ['long texts', 'const a = []\nfor (;;) a.push("x".repeat(1e6) + a.length)', 'code-(memory|time)'],
    [
      'much memory that is caught',
      'const a = []\nfor (;;) try { a.push("x".repeat(1e6)) } catch {}',
      'code-(time|memory)',
    ],
    ['a buffer', 'return new ArrayBuffer(2 ** 31).byteLength', 'code-(memory|threw)'],
    ['buffers', 'const a = []\nfor (;;) a.push(new Uint8Array(1e6).fill(1))', 'code-(memory|time)'],
    ['many members', 'const a = {}\nfor (let i = 0; ; i++) a["k" + i] = i', 'code-(memory|time)'],
    ['a call of itself', 'const f = () => f() + 1\nreturn f()', 'code-depth'],
    [
      'calls of each other',
      'const even = (n) => odd(n) + 1\nconst odd = (n) => even(n) + 1\nreturn even(1)',
      'code-depth',
    ],
    ['nested lists', 'let a = []\nfor (let i = 0; i < 1e5; i++) a = [a]\nreturn a', 'code-(result|depth)'],
    ['nested JSON', 'return JSON.parse("[".repeat(1e6) + "]".repeat(1e6))', 'code-(threw|depth)'],
    ['nested code', 'return eval("(".repeat(1e5) + ")".repeat(1e5))', 'code-(threw|depth|memory)'],
    ['a nested pattern', 'return new RegExp("(".repeat(1e5) + ")".repeat(1e5))', 'code-(threw|depth|result|memory)'],
    ['a huge result', 'return Array.from({ length: 2e5 }, () => "x".repeat(60))', 'too-large'],
    ['a huge whole number', 'return 10n ** 10000000n', 'code-(time|memory|threw)'],
    [
      'what is done when it is forgotten',
      'const r = new FinalizationRegistry(() => { for (;;) {} })\nfor (;;) r.register({}, 1)',
      'code-(time|memory|threw)',
    ],
  ])('%s', async (_name, code, expected) => {
    const error = await whileWatched(() => harness(expected).failure(codeRun, { code }))
    expect(error.code).toMatch(new RegExp(expected))
  })

  it('floods of the console are cut', async () => {
    const output = await whileWatched(() =>
      run(codeRun, { code: 'for (let i = 0; i < 1500; i++) console.log("x".repeat(20_000))' }).catch(() => null),
    )
    expect(JSON.stringify(output).length).toBeLessThan(400_000)
  })

  it('what it changed is not there for the next', async () => {
    const spoil = `
      JSON.stringify = () => '"spoilt"'; Object.keys = () => ["spoilt"]; Array.prototype.toJSON = () => "spoilt"
      Object.prototype.spoilt = 1; globalThis.input = 1; console.log = 1; Promise.prototype.then = null; DateTime.now = null
      return 1`
    await run(codeRun, { code: spoil }).catch(() => undefined)
    const code = 'return [JSON.stringify({}), Object.keys({ a: 1 }), {}.spoilt === undefined, typeof DateTime.now, [1]]'
    for (let n = 0; n < 3; n++) {
      expect(await run(codeRun, { code })).toEqual({ result: ['{}', ['a'], true, 'function', [1]], logs: [] })
    }
  })

  it('works on after all that', async () => {
    expect(await run(codeRun, { code: 'return 42' })).toEqual({ result: 42, logs: [] })
  })
})

describe('a query that never ends is stopped', () => {
  it.each<[string, string, string]>([
    ['a loop', '($f := function($n) { $f($n + 1) }; $f(1))', 'code-time'],
    ['a call of itself', '($f := function($n) { 1 + $f($n + 1) }; $f(1))', 'code-(time|depth|threw|memory)'],
    ['a long list', '[1..10000000]', 'code-(threw|memory|time)'],
    ['a way to the interpreter', '$constructor("return process")', 'code-threw'],
    ['a function of the host', '(data.constructor)("x")', 'code-threw'],
    ['a mistake', '$sum(items.', 'code-threw'],
  ])('%s', async (_name, expression, expected) => {
    const error = await whileWatched(() =>
      harness(expected).failure(jsonQuery, { expression, data: { items: [] } as Json }),
    )
    expect(error.code).toMatch(new RegExp(expected))
  })
})
