import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { StepError, type StepErrorDetails } from '../domain/runs/step-error.ts'
import { createGuardedFetch } from './guarded-fetch.ts'

// Of nothing and for nothing: made for this test, for the name other.example, and signed by itself.
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgUsMlpgmrW8iYXs3N
MlkSg4PfCMb4dOZmP9Jf3XvGAjmhRANCAAQX1kYpzF8zm2Vst/2922WFcqZpn809
+/ahJXEjDYa6WPGEgUZb/wPBJXXQVIzb5AY+dZTLJMwHz3yJtj/Zjo85
-----END PRIVATE KEY-----`
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBhzCCAS2gAwIBAgIUJ0k9GayraBe31PbTFENCsrrQRhcwCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNb3RoZXIuZXhhbXBsZTAgFw0yNjExMzAwMjQyNTVaGA8yMTI2
MTEwNjAyNDI1NVowGDEWMBQGA1UEAwwNb3RoZXIuZXhhbXBsZTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABBfWRinMXzObZWy3/b3bZYVypmmfzT379qElcSMNhrpY
8YSBRlv/A8ElddBUjNvkBj51lMskzAfPfIm2P9mOjzmjUzBRMB0GA1UdDgQWBBRV
//tQz6HABhxPaHj/VTUvQwu0ejAfBgNVHSMEGDAWgBRV//tQz6HABhxPaHj/VTUv
Qwu0ejAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIE9tRly+gaCG
Nv5X7/OP4ZjJ5lHpiisejRhkDyeVZVEPAiEAlFyIBcMduHrSZslVD9UvQSpZ3bCU
6PgNxBi5J89kNZw=
-----END CERTIFICATE-----`

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
