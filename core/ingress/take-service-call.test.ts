import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { StepError } from '../domain/runs/step-error.ts'
import { createServiceTaker } from './take-service-call.ts'

const down = new StepError({ code: 'offline', message: 'No network.', retryable: true })

test.each([
  ['says yes', async () => true, 200],
  ['says no', async () => false, 401],
  ['cannot be asked', async () => Promise.reject(down), 503],
])('a service that is asked whether a call is its own and %s', async (_words, proves, status) => {
  const kept: string[] = []
  const started: unknown[] = []
  const came: string[] = []
  const take = createServiceTaker({
    bodies: { parse: async (raw) => ({ body: JSON.parse(Buffer.from(raw).toString()), note: null }) as never },
    keep: async (_request, _raw, { verdict }) => void kept.push(verdict),
    outbox: {
      accept: async (event) => {
        started.push(event.data)
        return { eventId: 'e', runId: 'r', isDuplicate: false } as never
      },
      acceptAll: async () => [] as never,
    },
    signals: { emit: () => undefined } as never,
    captures: { came: (path) => void came.push(path) },
    secrets: { open: async () => '', peek: () => '' },
    packText: (json) => json,
  })
  const request = new IncomingMessage(new Socket())
  request.method = 'POST'
  const service = { proves, handshake: () => null, events: () => [{ key: 'k', data: { a: 1 } }] }
  const hook = { path: '/hooks/x', zapId: 'z', version: 1, stepId: 's', endpoint: { verify: null }, service } as never
  const answer = await take({
    request,
    hook,
    service,
    query: '',
    raw: Buffer.from('{"a":1}'),
    receivedAt: 0,
    address: null,
    url: 'https://a.example/hooks/x',
  })
  expect(answer.status).toBe(status)
  expect(started).toEqual(status === 200 ? [{ a: 1 }] : [])
  expect(kept).toEqual(status === 200 ? [] : ['bad-signature'])
  expect(came).toEqual(['/hooks/x'])
})
