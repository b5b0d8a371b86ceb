import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from './clock.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what only looks now and then looks together, half a second off at most', async () => {
  const looks: { at: number; planned: number }[] = []
  const look = (everyMs: number, planned: number): void => {
    looks.push({ at: performance.now(), planned })
    const next = performance.now() + everyMs
    systemClock.after(everyMs, () => look(everyMs, next), 'loose')
  }
  for (const [startMs, everyMs] of [
    [100, 1_000],
    [330, 1_000],
    [510, 3_000],
    [790, 2_000],
  ] as const)
    setTimeout(() => look(everyMs, performance.now()), startMs)
  await vi.advanceTimersByTimeAsync(900)
  looks.length = 0
  await vi.advanceTimersByTimeAsync(60_000)
  expect(looks.length).toBeGreaterThan(150)
  expect(new Set(looks.map(({ at }) => at)).size).toBeLessThanOrEqual(61)
  for (const { at, planned } of looks) expect(Math.abs(at - planned)).toBeLessThanOrEqual(501)
})

test('what is taken back leaves no timer', async () => {
  const called: string[] = []
  const cancel = systemClock.after(2_000, () => called.push('taken back'), 'loose')
  cancel()
  cancel()
  expect(vi.getTimerCount()).toBe(0)
  systemClock.after(2_000, () => called.push('first'), 'loose')
  systemClock.after(2_000, () => called.push('second'), 'loose')
  await vi.advanceTimersByTimeAsync(3_000)
  expect(called).toEqual(['first', 'second'])
  expect(vi.getTimerCount()).toBe(0)
})

test('what has its time is called at it', async () => {
  const called: number[] = []
  const startedAt = performance.now()
  systemClock.after(1_234, () => called.push(performance.now() - startedAt))
  systemClock.after(40, () => called.push(performance.now() - startedAt), 'loose')
  await vi.advanceTimersByTimeAsync(2_000)
  expect(called).toEqual([40, 1_234])
})

test('what waits for as long as a timer can, or longer, is not called at once', async () => {
  let called = 0
  for (let at = 0; at < 10; at++) {
    systemClock.after(2 ** 31 - 1, () => called++, 'loose')
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(called).toBe(0)
})

test('what only looks keeps no process alive', async () => {
  vi.useRealTimers()
  const code = `import { systemClock } from ${JSON.stringify(new URL('./clock.ts', import.meta.url).href)}
    systemClock.after(3_600_000, () => undefined, 'loose')`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: 'ignore' })
  expect(await once(child, 'exit')).toEqual([0, null])
})
