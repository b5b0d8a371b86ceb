import { expect, test } from 'vitest'
import { createGuardedFetch } from '../../../engine/guarded-fetch.ts'
import { type Received, testServer } from '../../../test-app.ts'
import type { Action } from '../../define.ts'
import { runAction } from '../../test-context.ts'
import { ntfy } from './ntfy.app.ts'

const publish = ntfy.connectors.find((connector): connector is Action => connector.id === 'ntfy.publish')

async function send(status: number, body: unknown, input: Record<string, string | string[]>) {
  const seen: Received[] = []
  const server = await testServer((request, response) => {
    seen.push(request)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  if (publish === undefined) throw new Error('the app has lost its action')
  const guarded = createGuardedFetch()
  const account = { $credential: 'phone' }
  const result = runAction(
    publish,
    { account, server, topic: 'alerts', message: 'Done', ...input },
    { fetch: guarded.fetch, credential: async () => ({ type: 'ntfy', secret: '{"token":"tk_1"}' }) },
    ntfy.credentials,
  )
  return { seen, output: await result.finally(() => guarded.close()).then(({ output }) => output) }
}

test('a notification is sent as JSON, signed in, and its id and time are passed on', async () => {
  const { seen, output } = await send(200, { id: 'abc', time: 1_764_000_000 }, { priority: 'high', tags: ['tada'] })
  expect(seen).toMatchObject([
    { method: 'POST', path: '/', headers: { authorization: 'Bearer tk_1', 'content-type': 'application/json' } },
  ])
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ topic: 'alerts', message: 'Done', priority: 4, tags: ['tada'] })
  expect(output).toEqual({ id: 'abc', sentAt: '2025-11-24T16:00:00.000Z' })
})

test('a refusal of the service is the error of the step', async () => {
  const refused = send(403, { code: 40301, error: 'forbidden' }, {})
  await expect(refused).rejects.toMatchObject({ details: { code: 'http-403', retryable: false } })
  await expect(send(429, {}, {})).rejects.toMatchObject({ details: { code: 'http-429', retryable: true } })
})
