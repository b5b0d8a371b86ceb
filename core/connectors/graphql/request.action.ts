import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { hostTouches } from '../../domain/trust/touches.ts'
import { isJsonObject, type Json, jsonSchema } from '../../domain/values/json.ts'
import { credentialRefSchema } from '../credential.ts'
import { defineAction } from '../define.ts'
import { failedAnswer } from '../kit/failed-answer.ts'
import { readBody } from '../kit/read-body.ts'
import { requestHeaders } from '../kit/request-headers.ts'

const answerSchema = z.object({ data: jsonSchema.optional(), errors: z.array(jsonSchema).optional() })

/** Whether a document only asks. A mutation, or a document whose first word is hidden, may change something. */
function isReading(query: string): boolean {
  const code = query.replace(/#[^\n\r]*/g, ' ')
  return !/\b(mutation|subscription)\b/.test(code)
}

/** Sends a query or a mutation over HTTP (https://graphql.github.io/graphql-over-http/draft/). */
export const graphqlRequest = defineAction({
  id: 'graphql.request',
  title: 'GraphQL request',
  description: 'Sends a GraphQL query or mutation, and passes its data on.',
  keywords: ['graphql', 'query', 'mutation', 'api', 'gql'],
  icon: 'waypoints',
  category: 'http',
  summary: '{url}',
  // As an HTTP POST: with a key by which a service may tell a repeat. What only asks can be asked again.
  effect: ({ query }) => (isReading(query) ? 'idempotent' : 'keyed'),
  actsByFetch: true,
  touches: ({ url, query }) => hostTouches(url, typeof query === 'string' && isReading(query) ? 'reads' : 'writes'),
  // Outside data belongs into the variables.
  verbatim: ['query'],
  input: z.strictObject({
    url: z
      .string()
      .trim()
      .regex(/^https?:\/\//i, { error: 'must begin with http:// or https://' })
      .meta({ title: 'Address', ui: { widget: 'template', placeholder: 'https://api.example.com/graphql' } }),
    query: z
      .string()
      .trim()
      .min(1, { error: 'needs a query' })
      .max(200_000)
      .meta({
        title: 'Query',
        description: 'As it is: values come in as variables.',
        ui: { widget: 'template-long', placeholder: 'query ($id: ID!) { order(id: $id) { total } }' },
      }),
    variables: z
      .record(z.string(), jsonSchema)
      .optional()
      .meta({ title: 'Variables', ui: { widget: 'key-value' } }),
    auth: credentialRefSchema.optional().meta({
      title: 'Credential',
      description: 'Signs you in; it is kept apart from the zap.',
      ui: { widget: 'credential' },
    }),
    headers: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .optional()
      .meta({ title: 'Headers', ui: { widget: 'key-value', advanced: true } }),
    failOnErrors: z
      .boolean()
      .default(true)
      .meta({ title: 'Errors in the answer fail the step', ui: { advanced: true } }),
  }),
  output: z.object({ data: jsonSchema, errors: z.array(jsonSchema) }),
  sample: { data: { order: { total: '12.50' } }, errors: [] },
  async run({ input, http, large, clock, idempotencyKey }) {
    const { query, variables, auth, headers = {} } = input
    const url = new URL(input.url)
    const response = await http({
      method: 'POST',
      url: url.href,
      credential: auth,
      headers: requestHeaders({
        given: { accept: 'application/graphql-response+json, application/json', ...headers },
        contentType: 'application/json',
        idempotencyKey: isReading(query) ? undefined : idempotencyKey,
      }),
      body: JSON.stringify({ query, ...(variables && { variables }) }),
      maxBytes: 67_108_864,
    })
    const { body } = await readBody(response, large)
    const answer = isJsonObject(body) ? answerSchema.safeParse(body).data : undefined
    // A server may answer 400 with errors as GraphQL has them; these say more than the status.
    if (answer === undefined || (answer.data === undefined && answer.errors === undefined)) {
      if (response.status >= 400) throw failedAnswer('POST', url, response, body, clock.now())
      const message = `${url.host} answered something else than GraphQL does: look at the address.`
      throw new StepError({ code: 'bad-answer', message, retryable: false })
    }
    const { data = null, errors = [] } = answer
    if (errors.length > 0 && input.failOnErrors) throw refusal(url, errors, response.status)
    return { output: { data, errors } }
  },
})

function refusal(url: URL, errors: readonly Json[], status: number): StepError {
  const words = errors
    .slice(0, 3)
    .map((error) => (isJsonObject(error) && typeof error.message === 'string' ? error.message : JSON.stringify(error)))
  const message = `${url.host} answered with ${errors.length} error${errors.length === 1 ? '' : 's'}: ${words.join('; ').slice(0, 500)}`
  const retryable = status >= 500 || status === 429
  return new StepError({ code: 'graphql', message, retryable, facts: { errors: errors.slice(0, 20) } })
}
