import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { connectTo } from '../../e2e/fixtures/control-client.ts'
import { type CountingTarget, startTarget } from '../../e2e/fixtures/counting-target.ts'
import { fillHistory } from '../../e2e/fixtures/fill-history.ts'
import { startHost } from '../../e2e/fixtures/headless-host.ts'
import { relayZap, writeZap } from '../../e2e/fixtures/zap-files.ts'
import { timeRuns } from '../load.ts'
import { observed, readCommits } from '../observed-host.ts'
import { own, withFolder } from '../owned-processes.ts'
import { quantile } from '../quantile.ts'
import type { Figures } from '../scenario.ts'

const SIZES = [1_000, 100_000, 1_000_000] as const
const RUNS = 6_000
const WARM_UP_RUNS = 500
const CONNECTIONS = 50
const PAGES = 40

const importSchema = z.object({ zaps: z.tuple([z.object({ id: z.string(), status: z.literal('enabled') })]) })

/** Milliseconds (median) of pages: the newest, a zap's, a zap's failed runs, those of a time in the middle; and of one call of a search. */
type PageTimes = Readonly<Record<'first' | 'ofZap' | 'failed' | 'ofTime' | 'search', number>> & {
  /** Runs that the search looked through a second. */
  readonly searched: number
}

async function pageTimes(dataDir: string, zapId: string, size: number): Promise<PageTimes> {
  const { client, close } = await connectTo(dataDir)
  const time = async (query: Parameters<typeof client.runs.list>[0]): Promise<number> => {
    const samples: number[] = []
    for (let n = 0; n < PAGES; n++) {
      const startedAt = performance.now()
      await client.runs.list(query)
      samples.push(performance.now() - startedAt)
    }
    return quantile(samples, 0.5)
  }
  /** A search for what no run has, from a time on back: until the end, or for as many calls as are measured. */
  const timeSearch = async (until: string) => {
    const samples: number[] = []
    let searchedTo = Date.parse(until)
    let cursor: string | undefined
    do {
      const startedAt = performance.now()
      const page = await client.runs.list({ text: 'nowhere in any run', until, cursor })
      samples.push(performance.now() - startedAt)
      searchedTo = Date.parse(page.searchedTo ?? until)
      cursor = page.next ?? undefined
    } while (cursor !== undefined && samples.length < PAGES)
    const took = samples.reduce((sum, ms) => sum + ms, 0)
    // The copies are one a second.
    return { search: quantile(samples, 0.5), searched: (Date.parse(until) - searchedTo) / took }
  }
  try {
    await time({})
    const first = await time({})
    const ofZap = await time({ zapId })
    const failed = await time({ zapId, status: 'failed' })
    const middle = Date.now() - size * 500
    const [since, until] = [new Date(middle - 100_000).toISOString(), new Date(middle).toISOString()]
    return { first, ofZap, failed, ofTime: await time({ since, until }), ...(await timeSearch(until)) }
  } finally {
    close()
  }
}

/** What a run and a page of the history cost as the history grows. Takes about 3.5 GB of disk. */
export function measureHistory(): Promise<Figures> {
  return withFolder(async (folder) => {
    const target = await startTarget()
    try {
      const first = await startHost({ dataDir: folder })
      own(first.child)
      const zapFile = await writeZap(folder, 'bench', relayZap('bench', target.url))
      const { zaps } = await first.ask(importSchema, 'zap', 'import', zapFile, '--enable')
      await timeRuns([`${first.hooks}/hooks/bench`], 1, 1, target)
      await first.stop()
      const figures: Record<string, number> = {}
      for (const size of SIZES) {
        const stored = size.toLocaleString('en')
        console.error(`  filling the history to ${stored} runs …`)
        fillHistory(join(folder, 'hookline.db'), size)
        const measured = await measureAt(folder, zaps[0].id, target, size)
        for (const [figure, value] of Object.entries(measured)) figures[`${stored} runs stored: ${figure}`] = value
      }
      return figures
    } finally {
      await target.close()
    }
  })
}

async function measureAt(dataDir: string, zapId: string, target: CountingTarget, size: number): Promise<Figures> {
  const { size: bytes } = await stat(join(dataDir, 'hookline.db'))
  const counters = join(dataDir, 'commits.json')
  const host = await startHost({ dataDir, env: observed(counters) })
  own(host.child)
  const pages = await pageTimes(dataDir, zapId, size)
  const hooks = [`${host.hooks}/hooks/bench`]
  await timeRuns(hooks, CONNECTIONS, WARM_UP_RUNS, target)
  const seconds = (await timeRuns(hooks, CONNECTIONS, RUNS, target)).ms / 1_000
  await host.stop()
  const { ms } = await readCommits(counters)
  return {
    'runs/s': RUNS / seconds,
    'SQLite µs a run': (ms * 1_000) / (RUNS + WARM_UP_RUNS),
    'first page ms': pages.first,
    'first page of a zap ms': pages.ofZap,
    'its failed runs ms': pages.failed,
    'a page of a time ms': pages.ofTime,
    'a call of a search ms': pages.search,
    'searched runs/s': pages.searched,
    'disk MB': bytes / 2 ** 20,
  }
}
