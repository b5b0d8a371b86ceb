import { expect, test } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { HttpRequest } from '../action-context.ts'
import { NO_LARGE } from '../test-context.ts'
import { appClient } from './app-client.ts'

function client(address: string) {
  const sent: HttpRequest[] = []
  const http = async (request: HttpRequest) => {
    sent.push(request)
    return { status: 200, headers: {}, cookies: [], body: new Uint8Array(), url: request.url, isWithoutSecrets: false }
  }
  const ctx = { http, large: NO_LARGE, clock: manualClock(0), idempotencyKey: 'run_1:step' }
  return { sent, call: appClient(ctx, { address, account: { $credential: 'key' } }) }
}

test.each([
  'https://elsewhere.example/items?page=2',
  '//elsewhere.example/items',
  'http://service.example/items',
  'https://service.example:8443/items',
  'https://service.example@elsewhere.example/items',
  '\\\\elsewhere.example\\items',
])('an account goes to no other origin than its service: %s', async (path) => {
  const { sent, call } = client('https://service.example/v1')
  await expect(call({ path })).rejects.toMatchObject({ details: { code: 'other-service', retryable: false } })
  expect(sent).toEqual([])
})

test('a path lies below the address, and a whole address of the service is taken as it is', async () => {
  const { sent, call } = client('https://service.example/v1')
  await call({ path: 'items', query: { page: 2, none: undefined } })
  await call({ path: 'https://service.example/v2/items?page=3' })
  expect(sent.map(({ url }) => url)).toEqual([
    'https://service.example/v1/items?page=2',
    'https://service.example/v2/items?page=3',
  ])
  expect(sent[0]).toMatchObject({ credential: { $credential: 'key' } })
})
