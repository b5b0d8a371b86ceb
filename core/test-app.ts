import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRouterClient } from '@orpc/server'
import { onTestFinished, vi } from 'vitest'
import { type AppAdapters, createApp, type RunningApp } from './app.ts'
import { temporaryFolder } from './db/test-database.ts'
import type { Json } from './domain/values/json.ts'
import type { ZapFile } from './domain/zap/zap-file.ts'

/** The contract, called in the same process. */
export const clientOf = (app: RunningApp) => createRouterClient(app.router)
export type TestClient = ReturnType<typeof clientOf>

/** A whole core on a folder of its own, stopped after the test. */
export async function testApp(
  adapters: Partial<AppAdapters> = {},
): Promise<{ app: RunningApp & { stop(): Promise<void> }; client: TestClient; folder: string }> {
  const folder = adapters.dataDir ?? temporaryFolder()
  const app = createApp({
    host: 'headless',
    version: '0.0.0',
    dataDir: folder,
    hookPort: 0,
    secretBox: () => ({
      protection: 'weak',
      seal: async (text) => Buffer.from(text, 'utf8').reverse(),
      open: async (sealed) => Buffer.from(sealed).reverse().toString('utf8'),
    }),
    notifier: { show: vi.fn(async () => true) },
    log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() },
    ...adapters,
  })
  onTestFinished(() => app.stop())
  const running = await app.start()
  return { app: { ...running, stop: () => app.stop() }, client: clientOf(running), folder }
}

export type Received = { method: string; path: string; headers: IncomingHttpHeaders; body: string }

/** A real HTTP server, closed after the test. `answer` gets each request with its body. */
export async function testServer(
  answer: (request: Received, response: Parameters<RequestListener>[1]) => void,
): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    answer({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  // A server that listens on a port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Imports a zap and switches it on; gives its id. */
export async function enableZap(
  client: TestClient,
  zap: Omit<ZapFile, 'format' | 'name'> & { name?: string },
): Promise<string> {
  const content = { format: 'hookline/zap@1', name: 'Test', ...zap }
  const { zaps } = await client.zaps.import({ files: [{ file: 'test', content }], enable: true })
  const [imported] = zaps
  if (imported?.id == null) throw new Error(`not imported: ${JSON.stringify(imported?.problems)}`)
  return imported.id
}

const isOver = (status: string): boolean => !['running', 'waiting'].includes(status)

/** Runs a zap and waits until its run has ended. */
export async function runToEnd(client: TestClient, id: string, input: Json) {
  const events = await client.events.watch()
  // The stream begins when it is first read: a run that is quick would be over before that.
  await events.next()
  const { runId } = await client.zaps.run({ id, source: 'live', input })
  for await (const event of events) {
    if (event.type !== 'runs' || !event.runs.some((run) => run.id === runId && isOver(run.status))) continue
    return client.runs.get({ id: runId })
  }
  throw new Error('the app stopped')
}

/** What a step gave in each run of a zap that is over, the oldest first. */
export async function outputsOf(client: TestClient, zapId: string, step: string): Promise<Json[]> {
  const { runs } = await client.runs.list({ zapId })
  const over = runs.filter(({ status }) => isOver(status)).toReversed()
  const details = await Promise.all(over.map(({ id }) => client.runs.get({ id })))
  return details.map(({ steps }) => steps.find((one) => one.step === step)?.output ?? null)
}
