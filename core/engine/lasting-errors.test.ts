import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { StepError, type StepErrorDetails } from '../domain/runs/step-error.ts'
import { createGuardedFetch } from './guarded-fetch.ts'
import { CERTIFICATE, KEY } from './test-certificate.ts'

async function portOf(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return (server.address() as AddressInfo).port // a server that listens on a port has an AddressInfo
}

async function failure(url: string, headers: Record<string, string> = {}): Promise<StepErrorDetails> {
  const guarded = createGuardedFetch()
  const signal = new AbortController().signal
  try {
    await guarded.fetch({ method: 'GET', url, headers, body: null, signal, maxBytes: 1_000 })
  } catch (error) {
    return StepError.from(error)
  } finally {
    await guarded.close()
  }
  throw new Error('nothing was thrown')
}

test('a certificate that is not trusted is no matter of waiting', async () => {
  const port = await portOf(createTlsServer({ key: KEY, cert: CERTIFICATE }))
  const error = await failure(`https://127.0.0.1:${port}/x?token=secret`)
  expect(error).toMatchObject({ code: 'certificate', retryable: false })
  expect(error.message).toContain('NODE_EXTRA_CA_CERTS')
  expect(error.message).not.toContain('secret')
})

test('a port without TLS is named as such', async () => {
  const port = await portOf(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
  const error = await failure(`https://127.0.0.1:${port}`)
  expect(error).toMatchObject({ code: 'tls', retryable: false })
  expect(error.message).toContain('http://')
})

test('what speaks no HTTP is not asked again', async () => {
  const port = await portOf(createServer((socket) => socket.end('220 mail.example ESMTP\r\n')))
  expect(await failure(`http://127.0.0.1:${port}`)).toMatchObject({ code: 'no-http', retryable: false })
})

test('a request that cannot be sent is bad input', async () => {
  const port = await portOf(createServer())
  const headers = { 'x-a': 'snow ☃' }
  expect(await failure(`http://127.0.0.1:${port}`, headers)).toMatchObject({ code: 'bad-input', retryable: false })
})
