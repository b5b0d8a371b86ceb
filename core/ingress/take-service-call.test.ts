import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { StepError } from '../domain/runs/step-error.ts'
import { createServiceTaker } from './take-service-call.ts'

const down = new StepError({ code: 'offline', message: 'No network.', retryable: true })

/** What becomes of a call: its answer, and what was kept and started. */
async function taken(method: string, raw: string, proves?: () => Promise<boolean>) {
  const kept: string[] = []
  const started: unknown[] = []
  const came: string[] = []
  const take = createServiceTaker({
    bodies: {
      parse: async (raw) => ({ body: JSON.parse(Buffer.from(raw).toString() || 'null'), note: null }) as never,
    },
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
  request.method = method
  const service = { handshake: () => null, events: () => [{ key: 'k', data: { a: 1 } }], ...(proves && { proves }) }
  const hook = { path: '/hooks/x', zapId: 'z', version: 1, stepId: 's', endpoint: { verify: null }, service } as never
  const { status } = await take({
    request,
    hook,
    service,
    query: '',
    raw: Buffer.from(raw),
    receivedAt: 0,
    address: null,
    url: 'https://a.example/hooks/x',
  })
  return { status, kept, started, came }
}

test.each([
  ['says yes', async () => true, 200],
  ['says no', async () => false, 401],
  ['cannot be asked', async () => Promise.reject(down), 503],
])('a service that is asked whether a call is its own and %s', async (_words, proves, status) => {
  expect(await taken('POST', '{"a":1}', proves)).toEqual({
    status,
    started: status === 200 ? [{ a: 1 }] : [],
    kept: status === 200 ? [] : ['bad-signature'],
    came: ['/hooks/x'],
  })
})

test.each([
  ['GET', '', false],
  ['HEAD', '', false],
  ['GET', '{"a":1}', true],
  ['POST', '', true],
])('a look at the address starts nothing: %s with the body "%s"', async (method, raw, starts) => {
  const { status, started, kept } = await taken(method, raw)
  expect({ status, started, kept }).toEqual({
    status: 200,
    started: starts ? [{ a: 1 }] : [],
    kept: starts ? [] : ['handshake'],
  })
})
