import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { IsolatedProcess, StartIsolated } from '../../domain/host/adapters.ts'
import type { SandboxAnswer, SandboxFailure, SandboxJob, SandboxQuestion } from '../../domain/runs/sandbox.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Clock } from '../../domain/time/clock.ts'
import { startChild } from './isolated-child.ts'

/** Runs code of which nothing is known, in processes of their own that hold an interpreter. */
export type Sandbox = {
  /**
   * Does a job as soon as a process is free. Rejects with the signal's reason when it aborts, and with a StepError `sandbox`, which may be
   * retried, when its process ended. A job that takes too long is ended, whatever it does.
   */
  run(job: SandboxJob, signal: AbortSignal): Promise<SandboxAnswer>
  close(): Promise<void>
}

/** Processes at once: two at least, so that one slow script does not hold up all others. */
const MOST_PROCESSES = Math.min(4, Math.max(2, availableParallelism()))
/** A process of 60 MB ends when it was not asked for so long. */
const IDLE_MS = 30_000
/** Milliseconds beyond its deadline after which a job that does not end by itself is ended with its process. */
const GRACE_MS = 2_000

const placeSchema = z.object({ line: z.int(), column: z.int() }).nullable()
const kinds = ['syntax', 'thrown', 'result', 'result-size', 'time', 'memory', 'depth', 'broken'] as const
const failureSchema: z.ZodType<SandboxFailure> = z.object({
  kind: z.enum(kinds),
  message: z.string(),
  place: placeSchema,
})
const replySchema = z.object({
  id: z.int(),
  answer: z.object({
    result: z.union([z.object({ json: z.string() }), z.object({ failure: failureSchema })]),
    logs: z.array(z.object({ level: z.string(), text: z.string(), line: z.int().nullable() })),
    droppedLogs: z.int(),
    isSpent: z.boolean(),
  }),
})

type Waiting = {
  readonly job: SandboxJob
  resolve(answer: SandboxAnswer): void
  reject(reason: unknown): void
}

type Member = {
  readonly process: IsolatedProcess
  work: { readonly id: number; readonly of: Waiting } | null
  cancelTimer(): void
}

export function createSandbox(clock: Clock, start: StartIsolated = startChild): Sandbox {
  // As it is written in tests, and as it is built.
  const name = import.meta.url.endsWith('.ts') ? './sandbox-process.ts' : './sandbox-process.js'
  const file = fileURLToPath(new URL(name, import.meta.url))
  const members = new Set<Member>()
  const queue: Waiting[] = []
  let lastId = 0
  let isClosed = false

  function add(): Member {
    const member: Member = {
      work: null,
      cancelTimer: () => undefined,
      process: start(file, {
        message: (message) => answered(member, message),
        ended(why) {
          if (members.has(member)) lose(member)?.reject(lost(why))
          next()
        },
      }),
    }
    members.add(member)
    return member
  }

  /** Ends a process, and returns what it was at. */
  function lose(member: Member): Waiting | undefined {
    members.delete(member)
    member.cancelTimer()
    member.process.kill()
    const waiting = member.work?.of
    member.work = null
    return waiting
  }

  function answered(member: Member, message: unknown): void {
    const reply = replySchema.safeParse(message)
    if (!members.has(member) || member.work === null) return
    if (!reply.success || reply.data.id !== member.work.id) {
      // Only something that broke out could say that.
      lose(member)?.reject(lost('it answered something that makes no sense'))
      next()
      return
    }
    const { answer } = reply.data
    const { of } = member.work
    if (answer.isSpent) lose(member)
    else {
      member.work = null
      member.cancelTimer()
      member.cancelTimer = clock.after(IDLE_MS, () => lose(member))
    }
    of.resolve(answer)
    next()
  }

  function next(): void {
    while (queue.length > 0) {
      const free = [...members].find(({ work }) => work === null) ?? (members.size < MOST_PROCESSES ? add() : undefined)
      const waiting = free === undefined ? undefined : queue.shift()
      if (free === undefined || waiting === undefined) return
      begin(free, waiting)
    }
  }

  function begin(member: Member, waiting: Waiting): void {
    lastId++
    member.cancelTimer()
    member.work = { id: lastId, of: waiting }
    const { deadlineMs } = waiting.job
    member.cancelTimer = clock.after(deadlineMs + GRACE_MS, () => {
      lose(member)?.resolve(endedLate(deadlineMs))
      next()
    })
    member.process.post({ id: lastId, job: waiting.job } satisfies SandboxQuestion)
  }

  function giveUp(waiting: Waiting, reason: unknown): void {
    const at = queue.indexOf(waiting)
    if (at >= 0) queue.splice(at, 1)
    for (const member of members) if (member.work?.of === waiting) lose(member)
    waiting.reject(reason)
    next()
  }

  return {
    async run(job, signal) {
      signal.throwIfAborted()
      if (isClosed) throw lost('Hookline is stopping')
      const done = Promise.withResolvers<SandboxAnswer>()
      const waiting: Waiting = { job, resolve: done.resolve, reject: done.reject }
      const abort = (): void => giveUp(waiting, signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      queue.push(waiting)
      next()
      try {
        return await done.promise
      } finally {
        signal.removeEventListener('abort', abort)
      }
    },
    async close() {
      isClosed = true
      for (const waiting of queue.splice(0)) waiting.reject(lost('Hookline is stopping'))
      for (const member of [...members]) lose(member)?.reject(lost('Hookline is stopping'))
    },
  }
}

function lost(why: string): StepError {
  const message = `The process in which code runs was lost: ${why}. The step may be tried again.`
  return new StepError({ code: 'sandbox', message, retryable: true })
}

function endedLate(deadlineMs: number): SandboxAnswer {
  const message = `took longer than its ${deadlineMs / 1_000} s`
  return { result: { failure: { kind: 'time', message, place: null } }, logs: [], droppedLogs: 0, isSpent: true }
}
