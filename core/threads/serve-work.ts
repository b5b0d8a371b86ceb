// The other side of `work-thread.ts`: what a thread of work does with what it is told.
import { parentPort as threadPort } from 'node:worker_threads'
import { StepError, type StepErrorDetails } from '../domain/runs/step-error.ts'

/** Work that a thread does: content goes in, and comes out, piece by piece; options are what can be cloned. */
export type Task = (content: AsyncIterable<Uint8Array>, options: unknown) => AsyncIterable<string | Uint8Array>

/** What the thread is told: to begin, a piece of content, that there is no more, and that one of its own pieces was taken. */
export type WorkRequest =
  | { readonly id: number; readonly begin: string; readonly options: unknown }
  | { readonly id: number; readonly piece: Uint8Array | null }
  | { readonly id: number; readonly taken: true }

/** What it says: that it wants content, a piece of its own, that it is done, or why it failed. */
export type WorkAnswer =
  | { readonly id: number; readonly wants: true }
  | { readonly id: number; readonly piece: string | Uint8Array }
  | { readonly id: number; readonly isDone: true }
  | { readonly id: number; readonly error: StepErrorDetails }

/** By which the one who asks is heard and answered. */
export type WorkPort = {
  postMessage(answer: WorkAnswer): void
  on(event: 'message', listener: (message: unknown) => void): unknown
}

/** Does, in this thread or process, the work that it is told to do, one piece of work at a time. A task's module is loaded when it is first asked for. */
export function serveWork(
  tasks: Readonly<Record<string, () => Promise<Task>>>,
  port: WorkPort | null = threadPort,
): void {
  /** What is waited for: each is asked for before it comes, so there is one at a time. */
  let content: ((piece: Uint8Array | null) => void) | undefined
  let taken: (() => void) | undefined

  function say(answer: WorkAnswer): void {
    port?.postMessage(answer)
  }

  async function* asked(id: number): AsyncIterable<Uint8Array> {
    for (;;) {
      const next = new Promise<Uint8Array | null>((resolve) => {
        content = resolve
      })
      say({ id, wants: true })
      const piece = await next
      if (piece === null) return
      yield piece
    }
  }

  async function work(id: number, name: string, options: unknown): Promise<void> {
    try {
      const load = tasks[name]
      if (load === undefined) throw new Error(`there is no work called ${name}`)
      const task = await load()
      for await (const piece of task(asked(id), options)) {
        const isTaken = new Promise<void>((resolve) => {
          taken = resolve
        })
        say({ id, piece })
        await isTaken
      }
      say({ id, isDone: true })
    } catch (error) {
      say({ id, error: detailsOf(error) })
    }
  }

  port?.on('message', (message: unknown) => {
    const request = message as WorkRequest // the other side is ours
    if ('begin' in request) void work(request.id, request.begin, request.options)
    else if ('taken' in request) taken?.()
    else content?.(request.piece)
  })
}

/** What a library throws says what is wrong with the content. */
function detailsOf(error: unknown): StepErrorDetails {
  if (error instanceof StepError) return error.details
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'bad-input', message: message.slice(0, 1_000), retryable: false }
}
