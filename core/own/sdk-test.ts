// What a test of a connector of one's own imports as `@hookline/sdk/test`.
import type { ActionContext, FetchResponse } from '../connectors/action-context.ts'
import type { App } from '../connectors/app-parts.ts'
import type { JsonObject } from '../domain/values/json.ts'
import { readSmallJson } from '../domain/values/json-text.ts'

/** A request as a connector sends it. */
export type SentRequest = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** What the service of a test answers: an object or a list as JSON, a text as text; 200 where nothing else is said. */
export type TestAnswer = {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

/**
 * Runs an action of a connector as Hookline does, with `answer` in the place of its service. Resolves with its output; rejects with what it
 * throws, and for an input that its form would not take.
 */
export async function runAction(
  app: App,
  name: string,
  input: JsonObject,
  answer: (request: SentRequest) => TestAnswer,
): Promise<unknown> {
  const action = app.connectors.find(({ id }) => id === `${app.id}.${name}`)
  if (action?.kind !== 'action') throw new Error(`there is no action ${name} in ${app.id}`)
  const context = {
    input: action.input.parse(input),
    idempotencyKey: 'run_1:step',
    signal: new AbortController().signal,
    clock: { now: () => Date.now() },
    large: { readJson: readSmallJson },
    async http({ method, url, headers, body }: SentRequest): Promise<FetchResponse> {
      const { status = 200, headers: given = {}, body: content } = answer({ method, url, headers, body })
      const isText = typeof content === 'string'
      const text = content === undefined ? '' : isText ? content : JSON.stringify(content)
      const type = isText ? 'text/plain' : 'application/json'
      return {
        status,
        headers: { 'content-type': type, ...given },
        cookies: [],
        body: Buffer.from(text),
        url,
        isWithoutSecrets: false,
      }
    },
  }
  const outcome = await action.run(context as unknown as ActionContext<never>) // of the rest nothing is promised
  if ('wait' in outcome) throw new Error('a connector of one’s own cannot wait')
  return action.output.parse(outcome.output)
}
