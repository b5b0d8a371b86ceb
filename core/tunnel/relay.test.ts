import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { testServer } from '../test-app.ts'
import { openRelay } from './relay.ts'

test('a message of a relay that is too long, too deep or no JSON is left out, and the next one arrives as it was sent', async () => {
  const arrived: string[] = []
  const listener = await testServer((request, response) => {
    arrived.push(request.body)
    response.end('{}')
  })
  const streams: ServerResponse[] = []
  const channel = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    streams.push(response)
  }).listen(0, '127.0.0.1')
  await once(channel, 'listening')
  onTestFinished(() => {
    channel.close()
    channel.closeAllConnections()
  })
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const relay = await openRelay(
    // A server that listens on a port has an AddressInfo.
    { provider: 'relay', channel: `http://127.0.0.1:${(channel.address() as AddressInfo).port}`, path: '/hooks/in' },
    { port: Number(new URL(listener).port), log, pidFile: '', signal: new AbortController().signal },
  )
  onTestFinished(() => relay.close())
  const deep = '['.repeat(1_000) + ']'.repeat(1_000)
  for (const data of [
    `{"body":[${'{},'.repeat(200_000)}0]}`,
    `{"body":${deep}}`,
    'no JSON',
    '{"body":{"id":9007199254740993}}',
  ]) {
    streams[0]?.write(`data: ${data}\n\n`)
  }
  await expect.poll(() => arrived).toEqual(['{"id":"9007199254740993"}'])
  expect(log.error).toHaveBeenCalledOnce()
})
