import { Worker } from 'node:worker_threads'
import type { BlobStore } from '../db/blobs.ts'
import type { Clock } from '../domain/clock.ts'
import type { Json } from '../domain/json.ts'
import { LAZY_BYTES } from '../domain/large-value.ts'
import { StepError } from '../domain/step-error.ts'
import type { RenderedText, TemplateScope } from '../domain/template.ts'
import type { RenderAnswer, RenderRequest } from './template-worker.ts'

/** Renders templates that look inside large values, in a thread of their own, so that nothing else waits for it. */
export type LargeTemplates = {
  /**
   * Renders each text with `values`, in which a large value stands as its reference. A result that is large itself comes back as a
   * reference. Rejects with a StepError when the thread cannot work at all.
   */
  render(texts: readonly string[], values: TemplateScope): Promise<Map<string, RenderedText>>
  close(): Promise<void>
}

/** The thread holds what it last read, which may be hundreds of megabytes; it ends when nobody has asked for so long. */
const IDLE_MS = 30_000

export function createLargeTemplates(blobs: BlobStore, folder: string, clock: Clock): LargeTemplates {
  let worker: Worker | undefined
  let cancelIdle = (): void => undefined
  let lastId = 0
  const waiting = new Map<number, { resolve(answer: RenderAnswer): void; reject(error: unknown): void }>()

  function failAll(error: unknown): void {
    worker = undefined
    const message = `A large value could not be read: ${error instanceof Error ? error.message : String(error)}`
    for (const { reject } of waiting.values()) {
      reject(new StepError({ code: 'large-value', message, retryable: true }, { cause: error }))
    }
    waiting.clear()
  }

  function start(): Worker {
    // As it is written in tests, and as it is built.
    const file = import.meta.url.endsWith('.ts') ? './template-worker.ts' : './template-worker.js'
    const started = new Worker(new URL(file, import.meta.url), { workerData: { folder } })
    started.unref()
    started.on('message', (answer: RenderAnswer) => {
      waiting.get(answer.id)?.resolve(answer)
      waiting.delete(answer.id)
      restOrEnd()
    })
    started.on('error', failAll)
    started.on('exit', (code) => {
      if (started === worker) failAll(new Error(`its thread ended with code ${code}`))
    })
    return started
  }

  function restOrEnd(): void {
    cancelIdle()
    if (waiting.size === 0) cancelIdle = clock.after(IDLE_MS, () => void end())
  }

  async function end(): Promise<void> {
    cancelIdle()
    const ending = worker
    worker = undefined
    await ending?.terminate()
  }

  async function restore(rendered: RenderAnswer['results'][number]): Promise<RenderedText> {
    if (!rendered.ok) return rendered
    const { json } = rendered
    if (json.length <= LAZY_BYTES) return { ok: true, value: JSON.parse(json) as Json } // written by JSON.stringify
    return { ok: true, value: await blobs.keep([json], 'json') }
  }

  return {
    async render(texts, values) {
      cancelIdle()
      worker ??= start()
      lastId++
      const request: RenderRequest = { id: lastId, texts, values }
      const answered = Promise.withResolvers<RenderAnswer>()
      waiting.set(request.id, answered)
      worker.postMessage(request)
      const { results } = await answered.promise
      const rendered = await Promise.all(results.map(restore))
      return new Map(texts.map((text, at) => [text, rendered[at] ?? { ok: true, value: null }]))
    },
    close: end,
  }
}
