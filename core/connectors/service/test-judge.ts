import { manualClock } from '../../domain/time/clock.ts'
import { isJsonObject, type Json, jsonSchema } from '../../domain/values/json.ts'
import { testServer } from '../../test-app.ts'
import type { FetchRequest, GuardedFetch } from '../action-context.ts'
import type { App } from '../app-parts.ts'
import { type CredentialType, signInOf } from '../credential.ts'
import type { Action, Trigger } from '../define.ts'
import { httpOver } from '../kit/signed-in.ts'
import { NO_LARGE, runAction } from '../test-context.ts'

/** A request, as far as a service looks at it. */
export type Sent = {
  readonly method: string
  readonly path: string
  readonly query: readonly (readonly [string, string])[]
  readonly authorization: string | undefined
  /** JSON and forms as what they say, other text as it is. */
  readonly body: unknown
}

/** What a service of the test answers to a request: JSON, mostly the same to all. */
export type Answers = (sent: Sent, headers: Readonly<Record<string, string | undefined>>) => Json | EventStream

/** An answer that comes piece by piece. */
export class EventStream {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const encoded = (answer: Json | EventStream): { type: string; text: string } =>
  answer instanceof EventStream
    ? { type: 'text/event-stream', text: answer.text }
    : { type: 'application/json', text: JSON.stringify(answer) }

function sentOf(method: string, url: URL, headers: Readonly<Record<string, string | undefined>>, body: string): Sent {
  return {
    method,
    path: decodeURIComponent(url.pathname),
    query: [...url.searchParams].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    authorization: headers.authorization,
    body: bodyOf(headers['content-type'] ?? '', body),
  }
}

function bodyOf(type: string, text: string): unknown {
  if (text === '') return null
  if (/json\b/.test(type) && !/^multipart|ndjson/.test(type)) return JSON.parse(text)
  if (!type.includes('x-www-form-urlencoded')) return text
  // In a form what is no text is written as JSON.
  return Object.fromEntries([...new URLSearchParams(text)].map(([name, value]) => [name, readValue(value)]))
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What the maker's own library sends, to a server that plays the service. */
export async function sentByLibrary(call: (address: string) => Promise<unknown>, answers: Answers): Promise<Sent[]> {
  const sent: Sent[] = []
  const address = await testServer((request, response) => {
    const url = new URL(request.path, 'http://127.0.0.1')
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    )
    const one = sentOf(request.method, url, headers, request.body)
    sent.push(one)
    const { type, text } = encoded(answers(one, headers))
    response.writeHead(200, { 'content-type': type }).end(text)
  })
  await call(address)
  return sent
}

/** The secret of a step's account, as it is stored. */
export type Account = { readonly type: string; readonly secret: string }

/** Takes requests in the place of the network, and answers them. */
function fetchOver(answers: Answers, sent: Sent[], headers: Readonly<Record<string, string>> = {}): GuardedFetch {
  return async (request: FetchRequest) => {
    const body = request.body === null ? '' : Buffer.from(request.body).toString('utf8')
    const one = sentOf(request.method, new URL(request.url), request.headers, body)
    sent.push(one)
    const { type, text } = encoded(answers(one, request.headers))
    return {
      status: 200,
      headers: { 'content-type': type, ...headers },
      cookies: [],
      body: Buffer.from(text),
      url: request.url,
      isWithoutSecrets: false,
    }
  }
}

/** The types of account that an app may take. */
async function typesFor(app: App): Promise<readonly CredentialType[]> {
  const { builtInCredentialTypes } = await import('../credential-types.ts')
  const { aiAccount } = await import('../ai/ai-account.ts')
  return [...app.credentials, ...builtInCredentialTypes, aiAccount]
}

/** What a step of ours sends for the same, and what it returns. */
export async function sentByUs(
  app: App,
  uses: string,
  input: Record<string, Json>,
  {
    answers,
    account,
    files,
    headers,
  }: {
    answers: Answers
    account: Account
    files?: Partial<Parameters<typeof runAction>[2]>
    /** Of every answer. */
    headers?: Readonly<Record<string, string>>
  },
): Promise<{ sent: Sent[]; output: Json }> {
  const action = app.connectors.find((one): one is Action => one.kind === 'action' && one.id === `${app.id}.${uses}`)
  if (action === undefined) throw new Error(`${app.title} has no action ${uses}`)
  const sent: Sent[] = []
  const fetch = fetchOver(answers, sent, headers)
  const result = await runAction(
    action,
    { account: { $credential: 'account' }, ...input },
    { fetch, credential: async () => account, ...files },
    await typesFor(app),
  )
  const output = jsonSchema.parse(result.output)
  return { sent, output: isJsonObject(output) ? output : {} }
}

/** A request as one line, with its body where it has one, for tables of what a service is documented to be sent. */
export const lineOf = ({ method, path, query, body }: Sent): readonly unknown[] => {
  const search = query.map(([name, value]) => `${name}=${value}`).join('&')
  return [`${method} ${path}${search === '' ? '' : `?${search}`}`, ...(body === null ? [] : [body])]
}

/** What a trigger of ours sends when it asks, or subscribes, and what it makes of the answer. */
export async function sentByTrigger(
  app: App,
  name: string,
  input: Record<string, Json>,
  { answers, account, doing = 'poll' }: { answers: Answers; account: Account; doing?: 'poll' | 'subscribe' },
) {
  const trigger = app.connectors.find((one): one is Trigger => one.kind === 'trigger' && one.id === `${app.id}.${name}`)
  if (trigger === undefined) throw new Error(`${app.title} has no trigger ${name}`)
  const sent: Sent[] = []
  const types = await typesFor(app)
  const { source } = trigger
  const signal = new AbortController().signal
  const context = {
    http: httpOver({
      fetch: fetchOver(answers, sent),
      signal,
      signIn: async (ref) =>
        signInOf(
          types.find(({ id }) => id === account.type),
          account,
          ref.$credential,
        ),
    }),
    connect: () => Promise.reject(new Error('no sockets here')),
    credential: async () => account,
    large: NO_LARGE,
    clock: manualClock(Date.parse('2026-11-30T09:00:00Z')),
    signal,
    idempotencyKey: 'sub_1',
    input: trigger.input.parse({ account: { $credential: 'account' }, ...input }),
  }
  const told = { ...context, url: 'https://hooks.example/hooks/x', secret: 'sh' }
  if (doing === 'subscribe') {
    if (source.from !== 'hook') throw new Error(`${name} does not subscribe`)
    const subscribed = await source.subscribe(told)
    await source.unsubscribe({ ...told, subscription: subscribed.subscription })
    return { sent, subscribed, events: [] }
  }
  const poll = source.from === 'poll' ? source : source.from === 'hook' ? source.poll : undefined
  if (poll === undefined) throw new Error(`${name} does not poll`)
  const { events } = await poll.poll({ ...context, cursor: null })
  return { sent, subscribed: null, events }
}
