import { expect, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, type Received, runToEnd, testApp, testServer } from '../../test-app.ts'

async function ask(answer: { status?: number; body: string; type?: string }, input: Record<string, Json> = {}) {
  const seen: Received[] = []
  const url = await testServer((request, response) => {
    seen.push(request)
    response.writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'application/json' }).end(answer.body)
  })
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      {
        id: 'ask',
        uses: 'graphql.request',
        input: {
          url,
          query: 'query ($id: ID!) { order(id: $id) { total } }',
          variables: { id: '{{ go.id }}' },
          ...input,
        },
        settings: { retry: { maxAttempts: 1 } },
      },
    ],
    edges: [{ from: 'go', to: 'ask' }],
  })
  const { steps } = await runToEnd(client, id, { id: 'x") { total } everything { secret' })
  const step = steps.find(({ step: one }) => one === 'ask')
  return { seen, output: step?.output, error: step?.attempts.at(-1)?.error }
}

test('data from outside stays in the variables, whatever it holds', async () => {
  const { seen, output } = await ask({ body: '{"data":{"order":{"total":"12.50"}}}' })
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
    query: 'query ($id: ID!) { order(id: $id) { total } }',
    variables: { id: 'x") { total } everything { secret' },
  })
  expect(seen[0]?.headers['idempotency-key']).toBeUndefined()
  expect(output).toEqual({ data: { order: { total: '12.50' } }, errors: [] })
})

test('a mutation has a key by which its repeat can be told', async () => {
  const { seen } = await ask({ body: '{"data":{}}' }, { query: 'mutation { pay }' })
  expect(seen[0]?.headers['idempotency-key']).toMatch(/^run_/)
})

test.each<[string, { status?: number; body: string; type?: string }, Record<string, Json>, string | undefined, RegExp]>(
  [
    [
      'errors beside data',
      { body: '{"data":null,"errors":[{"message":"No such order"}]}' },
      {},
      'graphql',
      /1 error: No such order/,
    ],
    ['errors with a status', { status: 400, body: '{"errors":[{"message":"Syntax"}]}' }, {}, 'graphql', /Syntax/],
    [
      'errors that may stand',
      { body: '{"data":{"a":null},"errors":[{"message":"x"}]}' },
      { failOnErrors: false },
      undefined,
      /./,
    ],
    ['a refusal', { status: 401, body: 'no', type: 'text/plain' }, {}, 'http-401', /401/],
    ['a page', { body: '<h1>Hi</h1>', type: 'text/html' }, {}, 'bad-answer', /something else than GraphQL/],
  ],
)('%s', async (_words, answer, input, code, message) => {
  const { error, output } = await ask(answer, input)
  if (code === undefined) expect(output).toMatchObject({ errors: [{ message: 'x' }] })
  else expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
})
