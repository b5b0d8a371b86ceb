import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type AppRouter, systemClock } from '../../core/app.ts'
import { temporaryFolder } from '../../core/db/test-database.ts'
import { startControlServer } from './control-server.ts'
import { createSessions } from './sessions.ts'
import { createTestPage } from './test-page.ts'

/** `answer`: what a page with a session would offer as its subprotocol. */
async function setUp(): Promise<{ port: number; knock(extra?: string): Promise<Socket>; answer(): string }> {
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  let origin = ''
  const sessions = createSessions({ dataDir: temporaryFolder(), clock: systemClock, log, origin: () => origin })
  // No call of these tests gets as far as the router.
  const server = await startControlServer({
    port: 0,
    rendererDir: '/none',
    sessions,
    router: {} as AppRouter,
    signInReturned: async (query) => ({ status: 200, headers: {}, body: `came back with ${query.get('code')}` }),
  })
  origin = server.origin
  onTestFinished(() => server.close())
  const port = Number(new URL(server.origin).port)
  return {
    port,
    answer() {
      const page = createTestPage()
      const code = sessions.openAddress().ui.split('#token=')[1] ?? ''
      const id = sessions.open(code, page.key, '')?.id ?? ''
      return page.answer(sessions.challenge(id, 'page-nonce', origin)?.nonce ?? '', origin)
    },
    async knock(extra = '') {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      socket.write(
        `GET /rpc HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${extra}\r\n`,
      )
      return socket
    },
  }
}

// An error that nobody listens for would end the process, and fail the run of these tests.
test('a stranger who breaks off while he is refused does no harm', async () => {
  const { knock } = await setUp()
  for (let n = 0; n < 100; n++) {
    const socket = await knock()
    await nextTurn()
    socket.resetAndDestroy()
  }
  const polite = await knock()
  await once(polite.resume(), 'close')
})

test('a screen that sends what is no WebSocket frame is cut off, and no harm is done', async () => {
  const { knock, answer } = await setUp()
  const socket = await knock(`Sec-WebSocket-Protocol: hookline, session.${answer()}\r\n`)
  const [answered] = await once(socket, 'data')
  expect(String(answered)).toContain('\r\nSec-WebSocket-Protocol: hookline\r\n')
  socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]))
  await once(socket, 'close')
})

test('a browser that a service sends back after a sign-in is let in to that page alone, and by our own name', async () => {
  const { port } = await setUp()
  const fromElsewhere = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  const at = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { headers: fromElsewhere })
  expect(await (await at('/oauth/callback?code=4711&state=x')).text()).toBe('came back with 4711')
  expect((await at('/')).status).toBe(403)
  expect((await at('/session')).status).toBe(403)
  const knock = connect(port, '127.0.0.1')
  knock.end(`GET /oauth/callback?code=1 HTTP/1.1\r\nHost: evil.example:${port}\r\nConnection: close\r\n\r\n`)
  let answer = ''
  for await (const chunk of knock.setEncoding('utf8')) answer += chunk
  expect(answer).toContain('403')
})
