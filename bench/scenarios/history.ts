import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { contract } from '../../core/contract/contract.ts'
import type { CountingTarget } from '../../e2e/fixtures/counting-target.ts'
import { startHost, temporaryFolder } from '../../e2e/fixtures/headless-host.ts'
import { relayZap, writeZap } from '../../e2e/fixtures/zap-files.ts'
import { timeRuns } from '../load.ts'
import { observed, readCommits } from '../observed-host.ts'
import { own } from '../owned-processes.ts'
import { quantile } from '../quantile.ts'
import { fillHistory } from './fill-history.ts'

const SIZES = [1_000, 100_000, 1_000_000] as const
const RUNS = 6_000
const WARM_UP_RUNS = 500
const CONNECTIONS = 50
const PAGES = 40

const importSchema = z.object({ zaps: z.tuple([z.object({ id: z.string(), status: z.literal('enabled') })]) })
const hostFileSchema = z.object({ origin: z.string(), token: z.string() })

/** Milliseconds (median) of the first page of the history, of a zap's, and of a zap's failed runs. */
type PageTimes = { readonly first: number; readonly ofZap: number; readonly failed: number }

async function pageTimes(dataDir: string, zapId: string): Promise<PageTimes> {
  const { origin, token } = hostFileSchema.parse(JSON.parse(await readFile(join(dataDir, 'host.json'), 'utf8')))
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { authorization: `Bearer ${token}` } })
  const opened = Promise.withResolvers<void>()
  socket.once('open', opened.resolve)
  socket.once('error', opened.reject)
  await opened.promise
  // oRPC asks for the browser's WebSocket; the one of `ws` has the same events and methods.
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
  const client: ContractRouterClient<typeof contract> = createORPCClient(link)
  const time = async (query: Parameters<typeof client.runs.list>[0]): Promise<number> => {
    const samples: number[] = []
    for (let n = 0; n < PAGES; n++) {
      const startedAt = performance.now()
      await client.runs.list(query)
      samples.push(performance.now() - startedAt)
    }
    return quantile(samples, 0.5)
  }
  try {
    await time({})
    return { first: await time({}), ofZap: await time({ zapId }), failed: await time({ zapId, status: 'failed' }) }
  } finally {
    socket.terminate()
  }
}

/** `npm run bench -- --only history`: what a run and a page of the history cost as the history grows. Takes about 3.5 GB of disk. */
export async function measureHistory(target: CountingTarget): Promise<void> {
  const folder = await temporaryFolder()
  try {
    const first = await startHost({ dataDir: folder.path })
    own(first.child)
    const zapFile = await writeZap(folder.path, 'bench', relayZap('bench', target.url))
    const { zaps } = await first.ask(importSchema, 'zap', 'import', zapFile, '--enable')
    await timeRuns(`${first.hooks}/hooks/bench`, 1, 1, target)
    await first.stop()

    console.log('\n| stored runs | complete runs | SQLite a run | first page | of a zap | its failed runs | disk |')
    console.log('| --- | --- | --- | --- | --- | --- | --- |')
    for (const size of SIZES) {
      console.error(`filling the history to ${size.toLocaleString('en')} runs …`)
      fillHistory(join(folder.path, 'hookline.db'), size)
      const { size: bytes } = await stat(join(folder.path, 'hookline.db'))
      const counters = join(folder.path, 'commits.json')
      const host = await startHost({ dataDir: folder.path, env: observed(counters) })
      own(host.child)
      const pages = await pageTimes(folder.path, zaps[0].id)
      const hook = `${host.hooks}/hooks/bench`
      await timeRuns(hook, CONNECTIONS, WARM_UP_RUNS, target)
      const seconds = (await timeRuns(hook, CONNECTIONS, RUNS, target)).ms / 1_000
      await host.stop()
      const { ms } = await readCommits(counters)
      const cells = [
        size.toLocaleString('en'),
        `${Math.round(RUNS / seconds).toLocaleString('en')}/s`,
        `${Math.round((ms * 1_000) / (RUNS + WARM_UP_RUNS))} µs`,
        ...[pages.first, pages.ofZap, pages.failed].map((value) => `${value.toFixed(2)} ms`),
        `${Math.round(bytes / 2 ** 20)} MB`,
      ]
      console.log(`| ${cells.join(' | ')} |`)
    }
  } finally {
    await folder.remove()
  }
}
