import { Worker } from 'node:worker_threads'
import type { BlobStore } from '../db/blobs.ts'
import { StepError } from '../domain/runs/step-error.ts'
import type { RenderedText, TemplateScope } from '../domain/templates/template.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Json } from '../domain/values/json.ts'
import { holdsLarge, isHeavyJson, LAZY_BYTES, type LargeValue } from '../domain/values/large-value.ts'
import { toStored } from '../domain/values/stored-json.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import type { ThreadAnswer, ThreadRequest, ThreadResult, ThreadWork } from './template-worker.ts'

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
   * for items read. Members that are large come back as references. Rejects as `render` does, and with what the computation throws.
   */
  compute(work: ComputeWork, values: TemplateScope): Promise<Json>
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
  let worker: Worker | undefined
  let cancelIdle = (): void => undefined
  let lastId = 0
  /** The requests of this thread, one after the other, so that each has its time for itself. */
  let last: Promise<unknown> = Promise.resolve()
  let asked: { readonly id: number; resolve(answer: ThreadAnswer): void; reject(error: StepError): void } | null = null

  function fail(code: string, why: string, retryable: boolean, cause?: unknown): void {
    worker = undefined
    asked?.reject(new StepError({ code, message: `A large value could not be read: ${why}`, retryable }, { cause }))
    asked = null
  }

  function start(): Worker {
    // As it is written in tests, and as it is built.
    const file = import.meta.url.endsWith('.ts') ? './template-worker.ts' : './template-worker.js'
    const resourceLimits = { maxOldGenerationSizeMb: MAX_HEAP_MB }
    const started = new Worker(new URL(file, import.meta.url), { workerData: { folder }, resourceLimits })
    started.unref()
    started.on('message', (answer: ThreadAnswer) => {
      if (asked?.id !== answer.id) return
      asked.resolve(answer)
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
  function ask(work: ThreadWork, values: TemplateScope): Promise<ThreadAnswer> {
    const answer = last.then(async () => {
      cancelIdle()
      worker ??= start()
      lastId++
      const request: ThreadRequest = { id: lastId, work, values: Object.fromEntries(Object.entries(values).map(sent)) }
      const answered = Promise.withResolvers<ThreadAnswer>()
      asked = { id: request.id, resolve: answered.resolve, reject: answered.reject }
      worker.postMessage(request)
      const cancelDeadline = clock.after(DEADLINE_MS, () => {
        const slow = worker
        fail('too-large', `it took longer than ${DEADLINE_MS / 1_000} s. Use a part of it.`, false)
        void slow?.terminate()
      })
      try {
        return await answered.promise
      } finally {
        cancelDeadline()
        cancelIdle = clock.after(IDLE_MS, () => void end())
      }
    })
    last = answer.catch(() => undefined)
    return answer
  }

  async function restore(rendered: ThreadResult): Promise<RenderedText> {
    if (!rendered.ok) return rendered
    const { json } = rendered
    if (json.length <= LAZY_BYTES && !isHeavyJson(json)) return { ok: true, value: JSON.parse(json) as Json } // written by JSON.stringify
    return { ok: true, value: await blobs.keep([json], 'json') }
  }

  return {
    async render(texts, values) {
      const { results } = await ask({ kind: 'render', texts }, values)
      const rendered = await Promise.all(results.map(restore))
      return new Map(texts.map((text, at) => [text, rendered[at] ?? { ok: true, value: null }]))
    },
    async compute({ uses, step, input }, values) {
      const { names, results } = await ask({ kind: 'compute', uses, step, input: toStored(input) }, values)
      const members: [string, Json][] = []
      for (const [at, result] of results.entries()) {
        const member = await restore(result)
        if (!member.ok) throw new StepError(member.error)
        members.push([names[at] ?? '', member.value])
      }
      return Object.fromEntries(members)
    },
    async expand(value) {
      const { results } = await ask({ kind: 'render', texts: ['{{ value }}'] }, { value })
      const [rendered] = results
      if (rendered === undefined || !rendered.ok) throw new StepError(rendered?.error ?? MISSING)
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
