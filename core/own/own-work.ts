import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { ActionContext } from '../connectors/action-context.ts'
import { MOST_BYTES } from '../connectors/kit/file-value.ts'
import type { IsolatedProcess, StartIsolated } from '../domain/host/adapters.ts'
import { StepError, type StepErrorDetails } from '../domain/runs/step-error.ts'
import type { Clock } from '../domain/time/clock.ts'
import { isJsonList, isJsonObject, type Json } from '../domain/values/json.ts'
import type { LargeValue } from '../domain/values/large-value.ts'
import { workerUrl } from '../threads/work-thread.ts'
import { withMarks, withoutMarks } from './marks.ts'
import { OWN_CALLS, type OwnCall, type OwnWork, type ToProcess } from './own-messages.ts'

/** What of its context a step lends to a connector of one's own. */
export type Lent = Pick<ActionContext<unknown>, 'http' | 'large' | 'files' | 'signal'> & { readonly input: Json }

/** The process of one file of connectors: started when there is work, ended when there was none for a while. */
export type OwnProcess = {
  /**
   * Rejects with what the connector threw; with a StepError `connector-ended`, which may be retried, when its process ended; with the
   * signal's reason when it aborts: what does not end then is ended with its process.
   */
  work(work: Exclude<OwnWork, { do: 'open' }>, lent: Lent): Promise<unknown>
  /** Reads the file, and resolves with what is in it. */
  open(): Promise<unknown>
  /** Ends it at once, and for good: what asks for work from then on is refused with a StepError `connector-off`. */
  end(): void
  /** Ends it when the work that is under way is done; says whether there is some. */
  retire(): 'working' | 'idle'
}

const IDLE_MS = 60_000
/** Milliseconds until a file has to be read. */
const OPEN_MS = 10_000
/** Requests and files that one piece of work may ask for at the same time. */
const MOST_CALLS = 100
/** Lines that a process may log: one that logs in a loop would leave no room for those of others. */
const MOST_SAID = 1_000
/** Milliseconds that a connector has to listen to its signal. */
const GRACE_MS = 2_000

const errorSchema = z.object({
  code: z.string().max(100),
  message: z.string().max(5_000),
  retryable: z.boolean(),
  retryAfterMs: z.number().min(0).optional(),
  needsNetwork: z.boolean().optional(),
  needsSignIn: z.string().max(1_000).optional(),
  maybeDone: z.boolean().optional(),
})
const messageSchema = z.union([
  z.object({ id: z.int(), error: errorSchema }),
  z.object({ id: z.int(), result: z.unknown() }),
  z.object({ call: z.int(), of: z.int(), name: z.enum(OWN_CALLS), value: z.unknown() }),
  z.object({ says: z.string().max(5_000) }),
])
const requestSchema = z.object({
  method: z.string().regex(/^[A-Z]{1,20}$/),
  url: z.string().max(100_000),
  headers: z.record(z.string(), z.string()),
  body: z.union([z.string(), z.instanceof(Uint8Array), z.null()]),
  maxBytes: z.int().min(1).max(67_108_864).default(8_388_608),
  credential: z.object({ $credential: z.string() }).optional(),
})
const keepSchema = z.object({ content: z.instanceof(Uint8Array), type: z.enum(['json', 'text', 'bytes', 'value']) })

type Job = {
  readonly work: OwnWork
  /** It has asked for something, so that it may have done something. */
  hasCalled: boolean
  readonly lent: Lent | undefined
  readonly done: PromiseWithResolvers<unknown>
  /** The references that the connector has had from us, by what they are. */
  readonly known: Map<string, LargeValue>
  /** Calls of its own that are not answered yet. */
  calls: number
}

export function createOwnProcess(
  file: string,
  host: { readonly clock: Clock; readonly start: StartIsolated; says(text: string): void },
): OwnProcess {
  const program = fileURLToPath(workerUrl(import.meta.url, './own-process'))
  const jobs = new Map<number, Job>()
  let process: IsolatedProcess | undefined
  let opening: Promise<unknown> | undefined
  let lastId = 0
  let said = 0
  let isRetired = false
  let isOver = false
  let cancelIdle = (): void => undefined

  const tell = (message: ToProcess): void => process?.post(message)

  function lose(why: string): void {
    process?.kill()
    process = undefined
    opening = undefined
    cancelIdle()
    const lost = [...jobs.values()]
    jobs.clear()
    for (const { done, hasCalled } of lost) done.reject(ended(why, hasCalled))
  }

  function ended(why: string, hasCalled: boolean): StepError {
    const message = `The process of the connectors in ${file} ended (${why}).`
    return new StepError({ code: 'connector-ended', message, retryable: true, ...(hasCalled && { maybeDone: true }) })
  }

  /** Ends the process that one piece of work keeps busy. What only waited behind it is given to the next one. */
  function loseOne(id: number): void {
    jobs.delete(id)
    const waiting = [...jobs].filter(([, { hasCalled, work }]) => !hasCalled && work.do !== 'open')
    for (const [other] of waiting) jobs.delete(other)
    lose('one of them did not end when its time was over')
    if (waiting.length === 0) return
    begin()
    opening = run({ do: 'open', file }, openingEnd())
    opening.then(
      () => {
        for (const [other, job] of waiting) {
          jobs.set(other, job)
          tell({ id: other, work: job.work })
        }
      },
      (error: unknown) => {
        opening = undefined
        for (const [, { done }] of waiting) done.reject(error)
      },
    )
  }

  function begin(): void {
    if (process !== undefined) return
    said = 0
    const started = host.start(
      program,
      {
        message: (message) => {
          if (process === started) heard(message)
        },
        ended: (why) => {
          if (process === started) lose(why)
        },
      },
      { reads: dirname(file) },
    )
    process = started
  }

  function post(job: Job): number {
    lastId++
    jobs.set(lastId, job)
    cancelIdle()
    tell({ id: lastId, work: job.work })
    return lastId
  }

  function settled(id: number): Job | undefined {
    const job = jobs.get(id)
    jobs.delete(id)
    cancelIdle()
    if (jobs.size === 0) cancelIdle = host.clock.after(isRetired ? 0 : IDLE_MS, () => lose('nothing was asked of it'))
    return job
  }

  function heard(message: unknown): void {
    const read = messageSchema.safeParse(message)
    if (!read.success) {
      lose('it said something that makes no sense')
      return
    }
    const { data } = read
    if ('says' in data) {
      said++
      if (said <= MOST_SAID) host.says(data.says)
      if (said === MOST_SAID) host.says(`That were ${MOST_SAID} lines: no more are logged until it is started again.`)
      return
    }
    if ('call' in data) {
      void answer(data)
      return
    }
    const job = settled(data.id)
    if (job === undefined) return
    if ('error' in data) job.done.reject(new StepError(plain(data.error, job.lent)))
    else {
      try {
        job.done.resolve(withoutMarks(data.result, (mark) => knownTo(job, mark)))
      } catch (error) {
        job.done.reject(error)
      }
    }
  }

  async function answer(asked: { call: number; of: number; name: OwnCall; value?: unknown }): Promise<void> {
    const { call, of, name, value } = asked
    const job = jobs.get(of)
    if (job !== undefined) job.hasCalled = true
    try {
      if (job?.lent === undefined) throw refused('This work is over.')
      if (job.calls >= MOST_CALLS)
        throw refused(`A connector may ask for ${MOST_CALLS} things at once: await some of them.`)
      job.calls++
      const lent = lend(job, job.lent, name, value).finally(() => job.calls--)
      tell({ call, value: await lent })
    } catch (error) {
      tell({ call, error: StepError.from(error) })
    }
  }

  /** A file that is not read by then never will be. */
  function openingEnd(): { signal: AbortSignal } {
    const late = new AbortController()
    const message = `${file} was not read within ${OPEN_MS / 1_000} s: nothing in it may wait or go on for ever.`
    const cancel = host.clock.after(OPEN_MS, () =>
      late.abort(new StepError({ code: 'timeout', message, retryable: false })),
    )
    late.signal.addEventListener('abort', cancel)
    return { signal: late.signal }
  }

  return {
    open: () => {
      begin()
      opening ??= run({ do: 'open', file }, openingEnd())
      return opening
    },
    async work(work, lent) {
      const { signal } = lent
      signal.throwIfAborted()
      if (isOver) {
        const message = `The connectors in ${file} were switched off. Approve the file in Settings, then replay the run.`
        throw new StepError({ code: 'connector-off', message, retryable: false })
      }
      begin()
      opening ??= run({ do: 'open', file }, openingEnd())
      await opening.catch((error: unknown) => {
        opening = undefined
        throw error
      })
      // It may have ended since it had read its file.
      if (process === undefined) throw ended('before it was asked', false)
      return run(work, lent)
    },
    end() {
      isOver = true
      lose('it was switched off')
    },
    retire() {
      isRetired = true
      if (jobs.size > 0) return 'working'
      lose('its file was read again')
      return 'idle'
    },
  }

  function run(work: OwnWork, lent: Lent | { readonly signal: AbortSignal }): Promise<unknown> {
    const known = new Map<string, LargeValue>()
    const marked =
      work.do === 'open'
        ? work
        : { ...work, input: withMarks(work.input, (one) => known.set(one.$blob, one)) as typeof work.input }
    const job: Job = {
      work: marked,
      hasCalled: false,
      lent: 'http' in lent ? lent : undefined,
      done: Promise.withResolvers<unknown>(),
      known,
      calls: 0,
    }
    const id = post(job)
    const abort = (): void => {
      tell({ abort: id })
      job.done.reject(lent.signal.reason)
      host.clock.after(GRACE_MS, () => {
        if (jobs.has(id)) loseOne(id)
      })
    }
    lent.signal.addEventListener('abort', abort, { once: true })
    return job.done.promise.finally(() => lent.signal.removeEventListener('abort', abort))
  }
}

/** Does for a connector what it asks, as its step may. */
async function lend(job: Job, { http, large, files, signal, input }: Lent, name: OwnCall, value: unknown) {
  switch (name) {
    case 'http': {
      const { credential, ...request } = requestSchema.parse(value)
      if (credential !== undefined && !credentialsIn(input).has(credential.$credential))
        throw refused(`The credential "${credential.$credential}" is not one of this step.`)
      return http({ ...request, ...(credential && { credential }) })
    }
    case 'keep': {
      const { content, type } = keepSchema.parse(value)
      const kept = await large.keep(content, type)
      job.known.set(kept.$blob, kept)
      return withMarks(kept, () => undefined)
    }
    case 'read': {
      const wanted = withoutMarks(value, (mark) => knownTo(job, mark)) as LargeValue // or it has thrown
      if (wanted.bytes > MOST_BYTES) throw refused('The file is too large for a connector of one’s own.')
      signal.throwIfAborted()
      return large.read(wanted)
    }
    case 'open': {
      const opened = await files.open(z.string().max(10_000).parse(value))
      try {
        if (opened.info.bytes > MOST_BYTES)
          throw refused(`${opened.info.name} is too large for a connector of one’s own.`)
        const pieces: Uint8Array[] = []
        for await (const piece of opened.stream()) pieces.push(piece)
        return { content: Buffer.concat(pieces), info: { ...opened.info } }
      } finally {
        await opened.close()
      }
    }
  }
}

function knownTo({ known }: Job, [blob]: readonly unknown[]): LargeValue {
  const found = known.get(String(blob))
  if (found === undefined) throw refused('A connector named a file that it was not given.')
  return found
}

const refused = (message: string): StepError => new StepError({ code: 'not-permitted', message, retryable: false })

function plain(
  { retryAfterMs, needsNetwork, needsSignIn, maybeDone, ...error }: z.infer<typeof errorSchema>,
  lent: Lent | undefined,
): StepErrorDetails {
  const isOwn = needsSignIn !== undefined && lent !== undefined && credentialsIn(lent.input).has(needsSignIn)
  return {
    ...error,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(needsNetwork && { needsNetwork }),
    ...(isOwn && { needsSignIn }),
    ...(maybeDone && { maybeDone }),
  }
}

/** The credentials that an input names. */
function credentialsIn(input: Json, found = new Set<string>()): Set<string> {
  if (isJsonList(input)) for (const item of input) credentialsIn(item, found)
  else if (isJsonObject(input)) {
    if (typeof input.$credential === 'string') found.add(input.$credential)
    for (const item of Object.values(input)) credentialsIn(item, found)
  }
  return found
}
