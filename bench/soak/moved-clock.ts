// Loaded into a soaked host by `--import`: its clock is moved when it is told to, its long timers with it, and it says what it holds.
import { readdirSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'
import type { Held, SoakOrder } from './soaked-host.ts'

/** Timers from so many milliseconds on are for a time of the clock; shorter ones wait for the network and the disk, which are as fast as ever. */
const LONG_MS = 5_000

if (process.env.HOOKLINE_BENCH_SOAK !== undefined && isMainThread) {
  const timers = new Map<NodeJS.Timeout & { _destroyed?: boolean }, { readonly dueAt: number; run(): void }>()
  const now = Date.now.bind(Date)
  const setTimer = globalThis.setTimeout
  let aheadMs = 0

  const RealDate = Date
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now() + aheadMs] : args, made),
  })
  RealDate.now = () => now() + aheadMs

  const setMovedTimer = (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): NodeJS.Timeout => {
    const timer = setTimer(callback, ms, ...args)
    if (ms !== undefined && ms >= LONG_MS) timers.set(timer, { dueAt: Date.now() + ms, run: () => callback(...args) })
    return timer
  }
  // With the members of the real one, such as what `promisify` makes of it.
  globalThis.setTimeout = Object.defineProperties(
    setMovedTimer,
    Object.getOwnPropertyDescriptors(setTimer),
  ) as typeof globalThis.setTimeout

  /** Forgets those that are over; how many wait. */
  const count = (): number => {
    for (const timer of timers.keys()) if (timer._destroyed === true) timers.delete(timer)
    return timers.size
  }

  const move = (toMs: number): void => {
    aheadMs = toMs
    count()
    const due = [...timers].filter(([, { dueAt }]) => dueAt <= Date.now())
    for (const [timer, { run }] of due.sort(([, a], [, b]) => a.dueAt - b.dueAt)) {
      // One that ran before may have taken it back.
      if (timer._destroyed === true) continue
      clearTimeout(timer)
      timers.delete(timer)
      run()
    }
  }

  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const weigh = (): Held => {
    collect()
    const { rss, heapUsed, external } = process.memoryUsage()
    return {
      residentMb: rss / 2 ** 20,
      usedMb: (heapUsed + external) / 2 ** 20,
      // Itself open while it looks.
      descriptors: process.platform === 'linux' ? readdirSync('/proc/self/fd').length - 1 : 0,
      timers: count() + process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
    }
  }

  process.on('message', ({ aheadMs: toMs }: SoakOrder) => {
    if (toMs !== aheadMs) move(toMs)
    process.send?.(weigh())
  })
  // To hear of it is no reason to stay alive.
  process.channel?.unref()
}
