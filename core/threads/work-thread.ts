import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { StartIsolated } from '../domain/host/adapters.ts'
import { StepError } from '../domain/runs/step-error.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { WorkAnswer, WorkRequest } from './serve-work.ts'

/** Does work in a thread, which is started when there is some, and ends when there was none for a while. */
export type WorkThread = {
  run(
    name: string,
    content: AsyncIterable<Uint8Array>,
    options: unknown,
    signal: AbortSignal,
  ): AsyncIterable<string | Uint8Array>
  close(): Promise<void>
}

/** What a thread may take. */
type Terms = {
  /** The thread holds what its libraries hold; it ends when it was not asked for so long, in milliseconds. */
  readonly idleMs?: number
  /** Megabytes for what is made and soon forgotten: less takes less memory, and more time. */
  readonly youngMb?: number
}

const IDLE_MS = 30_000
/** Milliseconds between two signs of life. A piece of 64 KB takes a few of them, a whole document at most seconds. */
const DEADLINE_MS = 60_000
/** Megabytes of JavaScript objects that the thread may hold. Beyond that it ends alone, and not the whole host. */
const MAX_HEAP_MB = 768

/**
 * The address of a worker: `path` is that of its file from the module whose `import.meta.url` is `from`, without the ending. All that is built lies in
 * one folder.
 */
export function workerUrl(from: string, path: string): URL {
  return from.endsWith('.ts')
    ? new URL(`${path}.ts`, from)
    : new URL(`./${path.slice(path.lastIndexOf('/') + 1)}.js`, from)
}

/** The thread, or the process, that does the work. */
type Side = { post(request: WorkRequest): void; end(): unknown }
/** Starts one. `lost` is called when it ended by itself. */
export type StartSide = (on: { heard(answer: WorkAnswer): void; lost(error: StepError): void }) => Side

/** A thread; `file` is a module that calls `serveWork`. */
const thread =
  (file: URL, { youngMb }: Terms): StartSide =>
  ({ heard, lost }) => {
    const resourceLimits = {
      maxOldGenerationSizeMb: MAX_HEAP_MB,
      ...(youngMb !== undefined && { maxYoungGenerationSizeMb: youngMb }),
    }
    const started = new Worker(file, { resourceLimits })
    started.unref()
    started.on('message', heard)
    started.on('error', (error: Error & { code?: string }) => {
      const isFull = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      const why = isFull ? `it needs more than ${MAX_HEAP_MB} MB of memory. Use a part of it.` : error.message
      lost(failure(isFull ? 'too-large' : 'unexpected', why, error))
    })
    started.on('exit', (code) => lost(failure('unexpected', `its thread ended with code ${code}.`)))
    return { post: (request) => started.postMessage(request), end: () => started.terminate() }
  }

/**
 * A process in place of a thread, for work that no thread can be stopped at; `file` is a module that calls `serveWork` with `processPort`. It
 * reaches the files that this process reaches.
 */
export const workProcess =
  (start: StartIsolated, file: URL): StartSide =>
  ({ heard, lost }) => {
    const started = start(
      fileURLToPath(file),
      {
        // The other side is ours.
        message: (message) => heard(message as WorkAnswer),
        ended: (why) => lost(failure('unexpected', `its process is gone: ${why}.`)),
      },
      'files',
    )
    return { post: started.post, end: started.kill }
  }

/** `work` is a module that calls `serveWork`, or how something that does so is started. */
export function createWorkThread(clock: Clock, work: URL | StartSide, terms: Terms = {}): WorkThread {
  const startSide = work instanceof URL ? thread(work, terms) : work
  const { idleMs = IDLE_MS } = terms
  let worker: Side | undefined
  let cancelIdle = (): void => undefined
  let lastId = 0
  /** Works one after the other, so that each has its time and memory for itself. */
  let last: Promise<unknown> = Promise.resolve()
  let hear: ((answer: WorkAnswer | StepError) => void) | undefined

  function start(): Side {
    const started = startSide({
      heard(answer) {
        if (started === worker) hear?.(answer)
      },
      lost(error) {
        if (started !== worker) return
        worker = undefined
        hear?.(error)
      },
    })
    return started
  }

  async function end(): Promise<void> {
    cancelIdle()
    const ending = worker
    worker = undefined
    await ending?.end()
  }

  async function* run(
    name: string,
    content: AsyncIterable<Uint8Array>,
    options: unknown,
    signal: AbortSignal,
  ): AsyncIterable<string | Uint8Array> {
    const before = last
    const turn = Promise.withResolvers<void>()
    last = turn.promise
    await before
    try {
      signal.throwIfAborted()
      yield* talk(name, content[Symbol.asyncIterator](), options, signal)
    } finally {
      hear = undefined
      turn.resolve()
      if (worker !== undefined) cancelIdle = clock.after(idleMs, () => void end())
    }
  }

  async function* talk(
    name: string,
    content: AsyncIterator<Uint8Array>,
    options: unknown,
    signal: AbortSignal,
  ): AsyncIterable<string | Uint8Array> {
    cancelIdle()
    worker ??= start()
    const id = ++lastId
    let isOver = false
    try {
      let answer = await say({ id, begin: name, options }, signal)
      for (;;) {
        if ('isDone' in answer) break
        if ('error' in answer) {
          isOver = true
          throw new StepError(answer.error)
        }
        if ('piece' in answer) {
          yield answer.piece
          answer = await say({ id, taken: true }, signal)
        } else {
          const next = await content.next()
          answer = await say({ id, piece: next.done === true ? null : next.value }, signal)
        }
      }
      isOver = true
    } finally {
      await content.return?.()
      // Left in the middle of something, it is no use to the next.
      if (!isOver) await end()
    }
  }

  /** Says something to the thread, and waits for what it says then. */
  function say(request: WorkRequest, signal: AbortSignal): Promise<WorkAnswer> {
    if (signal.aborted) return Promise.reject(signal.reason)
    const answered = Promise.withResolvers<WorkAnswer>()
    const cancelDeadline = clock.after(DEADLINE_MS, () =>
      answered.reject(failure('too-long', `it took longer than ${DEADLINE_MS / 1_000} s. Use a part of it.`)),
    )
    const onAbort = (): void => answered.reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    hear = (answer) => {
      if (answer instanceof StepError) answered.reject(answer)
      else if (answer.id === request.id) answered.resolve(answer)
    }
    worker?.post(request)
    return answered.promise.finally(() => {
      cancelDeadline()
      signal.removeEventListener('abort', onAbort)
    })
  }

  return { run, close: end }
}

function failure(code: string, why: string, cause?: unknown): StepError {
  const message = `The content could not be worked on: ${why}`
  return new StepError({ code, message, retryable: code === 'unexpected' }, { cause })
}
