import { Worker } from 'node:worker_threads'
import { type Clock, systemClock } from '../domain/time/clock.ts'
import { type JsonText, readSmallJson, SMALL_JSON } from '../domain/values/json-text.ts'
import type { LargeValue } from '../domain/values/large-value.ts'
import { keptNumbersNote } from '../domain/values/lossless-json.ts'
import type { JsonAnswer, JsonFinding, JsonQuestion } from './json-worker.ts'

/** Reads JSON that strangers send, and never keeps the main thread for more than some 20 ms. */
export type JsonReader = {
  /**
   * Reads a small text at once. A large one is looked at in a thread of its own: if it is light it is read here after all; if it is made of very
   * many values it is kept as a file, from which templates read what they need, as of everything that is large. `before`: characters that were
   * read at once already for the same body.
   */
  read(text: string, before?: number): JsonText | Promise<JsonText>
  close(): Promise<void>
}

/** Milliseconds that the thread may take for one text. */
const DEADLINE_MS = 10_000
/** Megabytes that it may take: the worst five megabytes need 200. */
const MAX_MEMORY = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 }
/** The thread ends when nothing large came for so long. */
const IDLE_MS = 30_000

type Waiting = { readonly text: string; resolve(finding: JsonFinding | null): void }

/** `keepJson` keeps JSON text as a file, and resolves when it is on the disk. */
export function createJsonReader(
  keepJson: (text: string) => Promise<LargeValue>,
  clock: Clock = systemClock,
): JsonReader {
  /** The first one is in the thread; one at a time, so that the deadline of each is its own. */
  const waiting: Waiting[] = []
  let worker: Worker | undefined
  let lastId = 0
  let cancelTimer = (): void => undefined
  let isClosed = false

  function start(): Worker {
    // As it is written in tests, and as it is built.
    const file = import.meta.url.endsWith('.ts') ? './json-worker.ts' : './json-worker.js'
    const started = new Worker(new URL(file, import.meta.url), { resourceLimits: MAX_MEMORY })
    started.unref()
    started.on('message', ({ id, finding }: JsonAnswer) => {
      if (started === worker && id === lastId) answered(finding)
    })
    // Out of memory, above all. What waits behind this text has a thread of its own.
    started.on('error', () => undefined)
    started.on('exit', () => {
      if (started !== worker) return
      worker = undefined
      answered(null)
    })
    return started
  }

  function answered(finding: JsonFinding | null): void {
    cancelTimer()
    waiting.shift()?.resolve(finding)
    askNext()
  }

  function askNext(): void {
    const [next] = waiting
    if (next === undefined) {
      cancelTimer = clock.after(IDLE_MS, () => void end())
      return
    }
    worker ??= start()
    const question: JsonQuestion = { id: ++lastId, text: next.text }
    worker.postMessage(question)
    cancelTimer = clock.after(DEADLINE_MS, () => {
      void end()
      answered(null)
    })
  }

  async function end(): Promise<void> {
    cancelTimer()
    const ending = worker
    worker = undefined
    await ending?.terminate()
  }

  function look(text: string): Promise<JsonFinding | null> {
    if (isClosed) return Promise.resolve(null)
    return new Promise((resolve) => {
      waiting.push({ text, resolve })
      if (waiting.length > 1) return
      cancelTimer()
      askNext()
    })
  }

  async function readLarge(text: string): Promise<JsonText> {
    const finding = await look(text)
    if (finding === null) return { kind: 'too-heavy' }
    if (finding.kind !== 'json') return finding
    const plain = finding.text ?? text
    const note = finding.kept === null ? null : keptNumbersNote(finding.kept)
    if (finding.isLight) return { kind: 'json', value: JSON.parse(plain), note }
    return { kind: 'json', value: await keepJson(plain), note, isFile: true }
  }

  return {
    read: (text, before = 0) => (before + text.length > SMALL_JSON ? readLarge(text) : readSmallJson(text)),
    async close() {
      isClosed = true
      for (const { resolve } of waiting.splice(0)) resolve(null)
      await end()
    },
  }
}
