import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { BlobStore } from '../db/blobs.ts'
import { StepError } from '../domain/runs/step-error.ts'
import type { RenderedText, TemplateScope } from '../domain/templates/template.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Json } from '../domain/values/json.ts'
import { holdsLarge, isHeavyJson, LAZY_BYTES, type LargeValue } from '../domain/values/large-value.ts'
import { fromStored, isMarked, toStored } from '../domain/values/stored-json.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import type { ThreadAnswer, ThreadMessage, ThreadRequest, ThreadResult, ThreadWork } from './template-worker.ts'

/** A computation of a step, of an input that is rendered but for the fields for items. */
export type ComputeWork = { readonly uses: string; readonly step: Pick<Step, 'id' | 'name'>; readonly input: Json }

/** Renders templates that look inside large values, and computes with these, in a thread of its own, so that nothing else waits for it. */
export type LargeTemplates = {
  /**
   * Renders each text with `values`, in which a large value stands as its reference. A result that is large itself comes back as a
   * reference. Rejects with a StepError when the thread cannot work at all, or takes longer than a minute.
   */
  render(texts: readonly string[], values: TemplateScope): Promise<Map<string, RenderedText>>
  /**
   * The output of a step's computation, whose id is `uses`, of a rendered input in which references stand; `values` is what the templates of its fields
   * for items read. Members that are large come back as references. Rejects as `render` does, but for work on long lists, which takes the time that it
   * takes; with what the computation throws; and with the signal's reason.
   */
  compute(work: ComputeWork, values: TemplateScope, signal: AbortSignal): Promise<Json>
  /** The JSON text of a large value with everything in it that stands for another one. Rejects as `render` does, and when it is missing. */
  expand(value: LargeValue): Promise<string>
  close(): Promise<void>
}

/** The thread holds what it last read, which may be hundreds of megabytes; it ends when it was not asked for so long. */
const IDLE_MS = 30_000

/** Milliseconds that one request may take: no template of a person's does, and what does must not stop the others for longer. */
const DEADLINE_MS = 60_000

/** Megabytes of JavaScript objects that the thread may hold. Beyond that it ends alone, and not the whole host. */
const MAX_HEAP_MB = 1_024

export function createLargeTemplates(blobs: BlobStore, folder: string, clock: Clock): LargeTemplates {
  /** What the names of the files begin with that the thread writes. */
  const partPrefix = randomUUID()
  let worker: Worker | undefined
  let cancelIdle = (): void => undefined
  let lastId = 0
  /** The requests of this thread, one after the other, so that each has its time for itself. */
  let last: Promise<unknown> = Promise.resolve()
  let asked: {
    readonly id: number
    resolve(answer: ThreadAnswer): void
    reject(error: unknown): void
    hasMoreTime(): void
  } | null = null

  function fail(code: string, why: string, retryable: boolean, cause?: unknown): void {
    const gone = worker
    worker = undefined
    asked?.reject(new StepError({ code, message: `A large value could not be read: ${why}`, retryable }, { cause }))
    if (asked !== null) void gone?.terminate().then(removeParts(asked.id))
    asked = null
  }

  /** Takes away what the thread had half written for a request when it ended. */
  const removeParts = (id: number) => async (): Promise<void> => {
    const names = await readdir(folder).catch(() => [])
    const left = names.filter((name) => name.startsWith(`${partPrefix}-${id}-`))
    await Promise.all(left.map((name) => rm(join(folder, name), { force: true })))
  }

  function start(): Worker {
    // As it is written in tests, and as it is built.
    const file = import.meta.url.endsWith('.ts') ? './template-worker.ts' : './template-worker.js'
    const resourceLimits = { maxOldGenerationSizeMb: MAX_HEAP_MB }
    const started = new Worker(new URL(file, import.meta.url), { workerData: { folder, partPrefix }, resourceLimits })
    started.unref()
    started.on('message', (message: ThreadMessage) => {
      if (asked?.id !== message.id) return
      if ('isAlive' in message) return asked.hasMoreTime()
      asked.resolve(message)
      asked = null
    })
    started.on('error', (error: Error & { code?: string }) => {
      if (started !== worker) return
      if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return fail('large-value', error.message, true, error)
      fail('too-large', `it needs more than ${MAX_HEAP_MB} MB of memory. Use a part of it.`, false, error)
    })
    started.on('exit', (code) => {
      if (started === worker) fail('large-value', `its thread ended with code ${code}.`, true)
    })
    return started
  }

  async function end(): Promise<void> {
    cancelIdle()
    const ending = worker
    worker = undefined
    await ending?.terminate()
  }

  /** Asks the thread, after those who asked before. */
  function ask(work: ThreadWork, values: TemplateScope, signal?: AbortSignal): Promise<ThreadAnswer> {
    const answer = last.then(async () => {
      signal?.throwIfAborted()
      cancelIdle()
      worker ??= start()
      lastId++
      const request: ThreadRequest = { id: lastId, work, values: Object.fromEntries(Object.entries(values).map(sent)) }
      const answered = Promise.withResolvers<ThreadAnswer>()
      const deadline = (): (() => void) =>
        clock.after(DEADLINE_MS, () => {
          fail('too-large', `it took longer than ${DEADLINE_MS / 1_000} s. Use a part of it.`, false)
        })
      let cancelDeadline = deadline()
      asked = {
        id: request.id,
        resolve: answered.resolve,
        reject: answered.reject,
        hasMoreTime() {
          cancelDeadline()
          cancelDeadline = deadline()
        },
      }
      // Work of which the result is not wanted any more keeps the thread from nothing else.
      const onAbort = (): void => {
        void end().then(removeParts(request.id))
        asked = null
        answered.reject(signal?.reason)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      worker.postMessage(request)
      try {
        return await answered.promise
      } finally {
        signal?.removeEventListener('abort', onAbort)
        cancelDeadline()
        cancelIdle = clock.after(IDLE_MS, () => void end())
      }
    })
    last = answer.catch(() => undefined)
    return answer
  }

  /** The value of what the thread says. What templates make is plain JSON; what is computed may hold references, as stored text does. */
  async function restore(made: ThreadResult, kind: ThreadWork['kind']): Promise<RenderedText> {
    if (!made.ok) return made
    if ('part' in made) return { ok: true, value: await blobs.adopt(made.part, made.value) }
    const { json } = made
    const isStored = kind === 'compute'
    if (json.length <= LAZY_BYTES && !isHeavyJson(json)) {
      return { ok: true, value: isStored ? fromStored(json) : (JSON.parse(json) as Json) } // written by JSON.stringify
    }
    return { ok: true, value: await blobs.keep([json], isStored && isMarked(json) ? 'value' : 'json') }
  }

  return {
    async render(texts, values) {
      const { results } = await ask({ kind: 'render', texts }, values)
      const rendered = await Promise.all(results.map((result) => restore(result, 'render')))
      return new Map(texts.map((text, at) => [text, rendered[at] ?? { ok: true, value: null }]))
    },
    async compute({ uses, step, input }, values, signal) {
      const { names, results } = await ask({ kind: 'compute', uses, step, input: toStored(input) }, values, signal)
      const members: [string, Json][] = []
      for (const [at, result] of results.entries()) {
        const member = await restore(result, 'compute')
        if (!member.ok) throw new StepError(member.error)
        members.push([names[at] ?? '', member.value])
      }
      return Object.fromEntries(members)
    },
    async expand(value) {
      const { results } = await ask({ kind: 'render', texts: ['{{ value }}'] }, { value })
      const [rendered] = results
      if (rendered === undefined || !rendered.ok || !('json' in rendered)) {
        throw new StepError(rendered?.ok === false ? rendered.error : MISSING)
      }
      return rendered.json
    },
    close: end,
  }
}

const MISSING = { code: 'missing-data', message: 'A large value could not be read.', retryable: false }

/** A value as it travels: a reference is known by its identity, which no copy has, so what holds one travels as stored text. */
function sent([root, value]: [string, unknown]): [string, ThreadRequest['values'][string]] {
  // A scope holds JSON alone.
  return [root, holdsLarge(value as Json) ? { stored: toStored(value as Json) } : { value }]
}
