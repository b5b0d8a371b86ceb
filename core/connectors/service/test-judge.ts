import { isJsonObject, type Json, jsonSchema } from '../../domain/values/json.ts'
import { testServer } from '../../test-app.ts'
import type { FetchRequest } from '../action-context.ts'
import type { Action } from '../define.ts'
import type { App } from '../define-app.ts'
import { runAction } from '../test-context.ts'

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
export type Answers = (sent: Sent) => Json

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
  if (/json/.test(type) && !type.startsWith('multipart')) return JSON.parse(text)
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
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answers(one)))
  })
  await call(address)
  return sent
}

/** What a step of ours sends for the same, and what it returns. `secret`: what is stored of its account. */
export async function sentByUs(
  app: App,
  uses: string,
  input: Record<string, Json>,
  {
    answers,
    account,
    files,
  }: { answers: Answers; account: { type: string; secret: string }; files?: Partial<Parameters<typeof runAction>[2]> },
): Promise<{ sent: Sent[]; output: Json }> {
  const action = app.connectors.find((one): one is Action => one.kind === 'action' && one.id === `${app.id}.${uses}`)
  if (action === undefined) throw new Error(`${app.title} has no action ${uses}`)
  const sent: Sent[] = []
  const fetch = async (request: FetchRequest) => {
    const body = request.body === null ? '' : Buffer.from(request.body).toString('utf8')
    const one = sentOf(request.method, new URL(request.url), request.headers, body)
    sent.push(one)
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(JSON.stringify(answers(one))),
      url: request.url,
      isWithoutSecrets: false,
    }
  }
  const result = await runAction(
    action,
    { account: { $credential: 'account' }, ...input },
    { fetch, credential: async () => account, ...files },
    [...app.credentials, ...(await import('../credential-types.ts')).builtInCredentialTypes],
  )
  const output = jsonSchema.parse(result.output)
  return { sent, output: isJsonObject(output) ? output : {} }
}
