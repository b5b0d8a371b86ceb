import { expect, onTestFinished, test } from 'vitest'
import { piecesOf } from '../connectors/kit/heavy-pieces.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { manualClock, systemClock } from '../domain/time/clock.ts'
import { createWorkThread } from './work-thread.ts'

function thread(clock = systemClock) {
  const heavy = createWorkThread(clock, new URL('../engine/heavy-worker.ts', import.meta.url))
  onTestFinished(() => heavy.close())
  const never = new AbortController().signal
  const csv = { delimiter: 'auto', header: true, types: true }
  async function all(pieces: AsyncIterable<string | Uint8Array>): Promise<string> {
    let text = ''
    for await (const piece of pieces) text += typeof piece === 'string' ? piece : Buffer.from(piece).toString('utf8')
    return text
  }
  const parse = (text: string | Uint8Array, signal = never) => all(heavy.run('csv.parse', piecesOf(text), csv, signal))
  return { heavy, parse, csv, all }
}

test('content goes in and comes out piece by piece, for several works one after the other', async () => {
  const { parse } = thread()
  const large = `n\n${Array.from({ length: 100_000 }, (_, n) => n).join('\n')}\n`
  const [first, second] = await Promise.all([parse(large), parse('a,b\n1,2\n')])
  expect(first).toMatch(/^\[\{"n":0\},.*\{"n":99999\}\]\{"columns":\["n"\],"count":100000\}$/)
  expect(second).toBe('[{"a":1,"b":2}]{"columns":["a","b"],"count":1}')
})

test('the main thread goes on while it works', async () => {
  const { heavy, all } = thread()
  const html = '<div>'.repeat(20_000)
  let turns = 0
  const ticking = setInterval(() => turns++, 1)
  onTestFinished(() => clearInterval(ticking))
  await all(
    heavy.run('text.convert', piecesOf(html), { from: 'html', to: 'text' }, new AbortController().signal),
  ).catch(() => '')
  expect(turns).toBeGreaterThan(5)
})

test('an error arrives with its code, and the thread works on', async () => {
  const { parse } = thread()
  const failed = await parse('a\n"never closed').catch((error: unknown) => error)
  expect(failed instanceof StepError && failed.details.code).toBe('bad-input')
  expect(await parse('a\n1\n')).toContain('[{"a":1}]')
})

test('content that breaks off, a reader who leaves and a step that is cancelled leave the next its turn', async () => {
  const { heavy, parse, csv, all } = thread()
  async function* broken(): AsyncIterable<Uint8Array> {
    yield Buffer.from('a\n1\n')
    throw new Error('the disk is gone')
  }
  await expect(all(heavy.run('csv.parse', broken(), csv, new AbortController().signal))).rejects.toThrow(
    'the disk is gone',
  )
  for await (const piece of heavy.run(
    'csv.parse',
    piecesOf(`a\n${'1\n'.repeat(200_000)}`),
    csv,
    new AbortController().signal,
  )) {
    expect(typeof piece).toBe('string')
    break
  }
  const cancelled = new AbortController()
  cancelled.abort(new Error('cancelled'))
  await expect(parse('a\n1\n', cancelled.signal)).rejects.toThrow('cancelled')
  const late = new AbortController()
  // As a step's deadline does it: what ends the work is a StepError, and yet the thread has not said so.
  async function* slow(): AsyncIterable<Uint8Array> {
    yield Buffer.from('a\n')
    late.abort(new StepError({ code: 'timeout', message: 'too late', retryable: true }))
    yield Buffer.from('1\n')
  }
  await expect(all(heavy.run('csv.parse', slow(), csv, late.signal))).rejects.toThrow('too late')
  expect(await parse('a\n1\n')).toContain('[{"a":1}]')
})

test('work that gives no sign of life is ended after a minute', async () => {
  const clock = manualClock(0)
  const { heavy, csv, all } = thread(clock)
  // Nothing is sent before the clock has moved on: what is waited for never comes in time.
  const gone = all(
    heavy.run('csv.parse', piecesOf(`a\n${'x,'.repeat(50_000)}`), csv, new AbortController().signal),
  ).catch((error: unknown) => error)
  await Promise.resolve()
  await Promise.resolve()
  await Promise.resolve()
  clock.advance(61_000)
  const error = await gone
  expect(error instanceof StepError && error.details.code).toBe('too-long')
})
