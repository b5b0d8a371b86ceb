// Before every file of unit tests.
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { expect } from 'vitest'

// Of random values a test tries so many where it does not say how many: there are a hundred such tests, and a run of all has minutes.
fc.configureGlobal({ numRuns: 30 })

/** One a process, which runs many files. */
const DOG = Symbol.for('hookline.test-watchdog')

function startWatchdog(): Worker {
  const dog = new Worker(new URL('./test-watchdog.ts', import.meta.url))
  dog.unref()
  setInterval(() => dog.postMessage(null), 1_000).unref()
  return dog
}

const known: unknown = Reflect.get(globalThis, DOG)
const dog = known instanceof Worker ? known : startWatchdog()
Reflect.set(globalThis, DOG, dog)
dog.postMessage(expect.getState().testPath ?? '')
