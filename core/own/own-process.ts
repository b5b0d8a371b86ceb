// A process of its own that holds one file of connectors of a person's own: see `own-connectors.ts` for what stands around it.
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import type { ActionContext, LargeValues } from '../connectors/action-context.ts'
import type { Connector } from '../connectors/define.ts'
import { familyManifestOf } from '../connectors/family-list.ts'
import { StepError, type StepErrorDetails } from '../domain/runs/step-error.ts'
import { type JsonObject, jsonSchema } from '../domain/values/json.ts'
import { readSmallJson } from '../domain/values/json-text.ts'
import { type LargeValue, reference } from '../domain/values/large-value.ts'
import { processPort } from '../threads/process-port.ts'
import { givenApp } from './given-app.ts'
import { withMarks, withoutMarks } from './marks.ts'
import type { FromProcess, OwnCall, OwnWork, ToProcess } from './own-messages.ts'
import { shutIn } from './shut-in.ts'

const port = processPort()
const say = (message: FromProcess): void => port.postMessage(message)

for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  console[level] = (...values: unknown[]) => {
    const text = values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' ')
    say({ says: text.slice(0, 2_000) })
  }
}

const connectors = new Map<string, Connector>()
const working = new Map<number, AbortController>()
const waiting = new Map<number, PromiseWithResolvers<unknown>>()
let lastCall = 0

async function open(file: string) {
  shutIn(file)
  const module: { default?: unknown } = await import(pathToFileURL(file).href)
  const app = givenApp(module.default)
  for (const connector of app.connectors) connectors.set(connector.id, connector)
  const touches = app.connectors.map((connector) => [connector.id, connector.touches?.({}) ?? []] as const)
  return { manifest: familyManifestOf(app), title: app.title, touches: Object.fromEntries(touches) }
}

/** Asks the host to do something for a piece of work. */
function ask(of: number, name: OwnCall, value: unknown): Promise<unknown> {
  lastCall++
  const answer = Promise.withResolvers<unknown>()
  waiting.set(lastCall, answer)
  say({ call: lastCall, of, name, value })
  return answer.promise
}

async function work(id: number, asked: OwnWork, signal: AbortSignal): Promise<unknown> {
  if (asked.do === 'open') return open(asked.file)
  const connector = connectors.get(asked.connector)
  if (connector === undefined) throw new Error(`there is no ${asked.connector}`)
  const given = withoutMarks(asked.input, referenceOf) as JsonObject // marks stand for references
  const parsed = connector.input.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const message = `${issue?.path.map(String).join('.') ?? 'The input'}: ${issue?.message ?? 'is not as it has to be'}`
    throw new StepError({ code: 'bad-input', message, retryable: false })
  }
  const { idempotencyKey, now, cursor = null } = asked.facts
  const context = { ...contextOf(id, signal), idempotencyKey, clock: clockAt(now), input: parsed.data }
  if (connector.kind === 'action') {
    const outcome = await connector.run({ ...UNREACHABLE, ...context } as unknown as ActionContext<never>) // what is missing says so when it is used
    if ('wait' in outcome) throw new Error('a connector of one’s own cannot wait')
    return withMarks(jsonSchema.parse(connector.output.parse(outcome.output)), () => undefined)
  }
  if (connector.source.from !== 'poll') throw new Error(`${connector.id} is no poll`)
  return connector.source.poll({ ...UNREACHABLE, ...context, cursor } as never) // as above
}

/** What a connector may use, done by the host. */
function contextOf(id: number, signal: AbortSignal) {
  const read = async (value: LargeValue): Promise<Uint8Array> =>
    (await ask(
      id,
      'read',
      withMarks(value, () => undefined),
    )) as Uint8Array
  const large: LargeValues = {
    keep: async (content, type) =>
      withoutMarks(await ask(id, 'keep', { content: await gathered(content), type }), referenceOf) as LargeValue,
    read,
    async *stream(value) {
      yield await read(value)
    },
    readJson: readSmallJson,
  }
  const http: ActionContext<unknown>['http'] = async (request) =>
    (await ask(id, 'http', request)) as Awaited<ReturnType<ActionContext<unknown>['http']>>
  const files = {
    async open(path: string) {
      const { content, info } = (await ask(id, 'open', path)) as { content: Uint8Array; info: never }
      return {
        info,
        async *stream() {
          yield content
        },
        close: async () => undefined,
      }
    },
  }
  return { http, large, files, signal }
}

/** The reference that a mark stands for: of the host, which looks at it again when it is used. */
function referenceOf([$blob, bytes, type]: readonly unknown[]): LargeValue {
  return reference({ $blob, bytes, type } as Parameters<typeof reference>[0])
}

async function gathered(content: Parameters<LargeValues['keep']>[0]): Promise<Uint8Array> {
  if (typeof content === 'string') return Buffer.from(content, 'utf8')
  if (content instanceof Uint8Array) return content
  const pieces: Uint8Array[] = []
  for await (const piece of content) pieces.push(typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece)
  return Buffer.concat(pieces)
}

/** A connector is told when its work began, and reads the time from there. */
function clockAt(start: number) {
  const began = performance.now()
  return { now: () => Math.round(start + performance.now() - began) }
}

/** What Hookline's own steps have and others have not. */
const UNREACHABLE: object = Object.fromEntries(
  ['store', 'memory', 'tables', 'credential', 'program', 'sandbox', 'notify', 'zaps', 'connect', 'heavy'].map(
    (name) => [
      name,
      new Proxy(() => undefined, {
        get: () => refuse(name),
        apply: () => refuse(name),
      }),
    ],
  ),
)

function refuse(name: string): never {
  throw new StepError({
    code: 'unsupported',
    message: `"${name}" is not for connectors of one’s own: they have input, http, files, clock, signal and idempotencyKey.`,
    retryable: false,
  })
}

/** Of what a connector threw. Its details are looked at: they are of JavaScript, where each may be anything. */
function detailsOf(error: unknown): StepErrorDetails {
  const { code, message, retryable, retryAfterMs, needsNetwork, needsSignIn, maybeDone } = StepError.from(error)
  return {
    code: typeof code === 'string' ? code.slice(0, 100) : 'unexpected',
    message: String(message).slice(0, 5_000),
    retryable: retryable === true,
    ...(Number.isFinite(retryAfterMs) && { retryAfterMs: Math.max(0, Number(retryAfterMs)) }),
    ...(needsNetwork === true && { needsNetwork }),
    ...(typeof needsSignIn === 'string' && { needsSignIn }),
    ...(maybeDone === true && { maybeDone }),
  }
}

port.on('message', (message) => {
  const told = message as ToProcess // the other side is ours
  if ('abort' in told) {
    working.get(told.abort)?.abort()
    return
  }
  if ('call' in told) {
    const answer = waiting.get(told.call)
    waiting.delete(told.call)
    if ('error' in told) answer?.reject(new StepError(told.error))
    else answer?.resolve(told.value)
    return
  }
  const { id } = told
  const aborting = new AbortController()
  working.set(id, aborting)
  work(id, told.work, aborting.signal)
    .then((result) => say({ id, result }))
    .catch((error: unknown) => say({ id, error: detailsOf(error) }))
    .finally(() => working.delete(id))
})
