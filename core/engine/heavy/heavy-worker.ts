// A thread of its own: reads and writes tables, documents and markup, which would hold up everything else in the main one.
import { parentPort } from 'node:worker_threads'
import { heavyTasks } from '../../connectors/heavy-tasks.ts'
import type { HeavyTaskName } from '../../connectors/heavy-work.ts'
import { StepError, type StepErrorDetails } from '../../domain/runs/step-error.ts'

/** What the thread is told: to begin, a piece of content, that there is no more, and that one of its own pieces was taken. */
export type HeavyRequest =
  | { readonly id: number; readonly begin: HeavyTaskName; readonly options: unknown }
  | { readonly id: number; readonly piece: Uint8Array | null }
  | { readonly id: number; readonly taken: true }

/** What it says: that it wants content, a piece of its own, that it is done, or why it failed. */
export type HeavyAnswer =
  | { readonly id: number; readonly wants: true }
  | { readonly id: number; readonly piece: string | Uint8Array }
  | { readonly id: number; readonly isDone: true }
  | { readonly id: number; readonly error: StepErrorDetails }

const port = parentPort
/** What is waited for: each is asked for before it comes, so there is one at a time. */
let content: ((piece: Uint8Array | null) => void) | undefined
let taken: (() => void) | undefined

function say(answer: HeavyAnswer): void {
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

async function work(id: number, name: HeavyTaskName, options: unknown): Promise<void> {
  try {
    const task = await heavyTasks[name]()
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

/** What a library throws says what is wrong with the content. */
function detailsOf(error: unknown): StepErrorDetails {
  if (error instanceof StepError) return error.details
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'bad-input', message: message.slice(0, 1_000), retryable: false }
}

port?.on('message', (request: HeavyRequest) => {
  if ('begin' in request) void work(request.id, request.begin, request.options)
  else if ('taken' in request) taken?.()
  else content?.(request.piece)
})
