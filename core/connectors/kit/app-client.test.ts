import { expect, test } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { HttpRequest } from '../action-context.ts'
import { NO_LARGE } from '../test-context.ts'
import { appClient } from './app-client.ts'

type Answer = {
  readonly status?: number
  readonly type?: string
  readonly body?: string
  readonly title?: string
  readonly alsoAt?: readonly string[]
}

function client(address: string, { status = 200, type = '', body = '', title, alsoAt }: Answer = {}) {
  const sent: HttpRequest[] = []
  const http = async (request: HttpRequest) => {
    sent.push(request)
    const headers = { 'content-type': type }
    return { status, headers, cookies: [], body: Buffer.from(body), url: request.url, isWithoutSecrets: false }
  }
  const ctx = { http, large: NO_LARGE, clock: manualClock(0), idempotencyKey: 'run_1:step' }
  const account = { $credential: 'key' }
  return { sent, call: appClient(ctx, { address, account, ...(title && { title }), ...(alsoAt && { alsoAt }) }) }
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

test('an address of a part of the service is called without the account, and only when that is said', async () => {
  const { sent, call } = client('https://service.example/v1', { alsoAt: ['https://*.files.example'] })
  const path = 'https://up1.files.example/x'
  await call({ path, withoutAccount: true })
  expect(sent.map(({ url, credential }) => [url, credential])).toEqual([[path, undefined]])
  await expect(call({ path })).rejects.toMatchObject({ details: { code: 'other-service' } })
  for (const other of ['https://evilfiles.example/x', 'http://up1.files.example/x', 'https://files.example.evil/x'])
    await expect(call({ path: other, withoutAccount: true })).rejects.toMatchObject({
      details: { code: 'other-service' },
    })
})

const PAGE = '\n<!DOCTYPE html><title>Free wifi</title>'

test.each([
  ['a page', 'text/html; charset=utf-8', PAGE, 'POST', /web page.*Shop.*look whether the network/, true],
  ['half of an answer', 'application/json', '{"items":[1,', 'GET', /Shop.*cut off/, true],
  ['half of an answer to a change', 'application/json', '{"id":"1', 'POST', /cut off.*look there whether/, false],
] as const)(
  '%s with a status of success is no answer of a service',
  async (_words, type, body, method, message, retryable) => {
    const { call } = client('https://service.example/', { type, body, title: 'Shop' })
    const details = { code: 'bad-answer', message: expect.stringMatching(message), retryable }
    await expect(call({ path: 'items', method })).rejects.toMatchObject({ details })
    expect(Buffer.from((await call({ path: 'items', method, takesFile: true })).bytes).toString()).toBe(body)
  },
)

test.each([
  ['text/plain', 'ok', 'ok'],
  ['text/html', 'ok', 'ok'],
  ['application/json', '"ok"', 'ok'],
  ['application/json', '', null],
])('a word and nothing at all are answers: %s %s', async (type, body, read) => {
  const { call } = client('https://service.example/', { type, body, title: 'Shop' })
  expect((await call({ path: 'items' })).body).toBe(read)
})

test('a refusal at an address that is no text is told all the same', async () => {
  const { call } = client('https://service.example/', { status: 404, title: 'Shop' })
  await expect(call({ path: 'items/%zz' })).rejects.toThrow(/Shop does not find this.*%zz/)
})

test('a number that is none is not sent: as JSON it would be null, and mean something else', async () => {
  const { sent, call } = client('https://service.example/v1', { title: 'Service' })
  for (const none of [Number.NaN, Number.POSITIVE_INFINITY])
    await expect(call({ method: 'PATCH', path: 'a', body: { tags: [{ id: none }] } })).rejects.toMatchObject({
      details: { code: 'bad-input', retryable: false, message: expect.stringContaining('to Service where none is') },
    })
  expect(sent).toEqual([])
})
