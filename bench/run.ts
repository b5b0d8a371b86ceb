// `npm run bench`: how fast Hookline is (with `-- --history`: also when a million runs are stored), as ratios within one run on one machine. Loopback only; every process is ended.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { type CountingTarget, startTarget } from '../e2e/fixtures/counting-target.ts'
import { type RunningHost, startHost, temporaryFolder } from '../e2e/fixtures/headless-host.ts'
import { relayZap, writeZap } from '../e2e/fixtures/zap-files.ts'
import { measureHistory } from './history.ts'
import { quantile, sendOne, throughput, timeRuns } from './load.ts'
import { type Commits, observed, readCommits } from './observed-host.ts'

const ROUNDS = 3
const SECONDS = 4
const CONNECTIONS = 50
const RUNS = 6_000
const WARM_UP_RUNS = 500
const LATENCY_SAMPLES = 150

const importSchema = z.object({ zaps: z.array(z.object({ status: z.literal('enabled') })) })

/** Starts a host with one enabled zap, calls `measure`, and stops it. */
async function withHost<T>(
  zap: unknown,
  measure: (hook: string, host: RunningHost) => Promise<T>,
  env: Record<string, string> = {},
): Promise<T> {
  const folder = await temporaryFolder()
  const host = await startHost({ dataDir: folder.path, env })
  try {
    await host.ask(importSchema, 'zap', 'import', await writeZap(folder.path, 'bench', zap), '--enable')
    return await measure(`${host.hooks}/hooks/bench`, host)
  } finally {
    await host.kill()
    await folder.remove()
  }
}

async function bareExpress(): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare-express.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    const { url } = z.object({ url: z.string() }).parse(JSON.parse(String(line)))
    await throughput(`${url}/hooks/bench`, CONNECTIONS, 1)
    return await throughput(`${url}/hooks/bench`, CONNECTIONS, SECONDS)
  } finally {
    child.kill()
    await once(child, 'close')
  }
}

/** Acknowledged requests a second. One run at a time is allowed and its target never answers, so this is intake alone. */
function ingest(silentUrl: string): Promise<number> {
  const zap = relayZap('bench', silentUrl)
  const queued = { ...z.record(z.string(), z.unknown()).parse(zap), settings: { concurrency: 'queued' } }
  return withHost(queued, async (hook) => {
    await throughput(hook, CONNECTIONS, 1)
    return throughput(hook, CONNECTIONS, SECONDS)
  })
}

type Runs = { readonly perSecond: number; readonly commits: Commits; readonly count: number }

/** Complete runs a second: from the first request to the arrival of the last step's own request. */
async function completeRuns(target: CountingTarget): Promise<Runs> {
  const folder = await temporaryFolder()
  const counters = join(folder.path, 'commits.json')
  const measure = async (hook: string, host: RunningHost): Promise<number> => {
    await timeRuns(hook, CONNECTIONS, WARM_UP_RUNS, target)
    const ms = await timeRuns(hook, CONNECTIONS, RUNS, target)
    await host.stop()
    return RUNS / (ms / 1_000)
  }
  try {
    const perSecond = await withHost(relayZap('bench', target.url), measure, observed(counters))
    return { perSecond, commits: await readCommits(counters), count: RUNS + WARM_UP_RUNS }
  } finally {
    await folder.remove()
  }
}

/** Milliseconds from sending a webhook to the arrival of its step's request, while nothing else goes on. */
function idleLatency(target: CountingTarget): Promise<number[]> {
  return withHost(relayZap('bench', target.url), async (hook) => {
    const samples: number[] = []
    for (let n = 0; n < LATENCY_SAMPLES + 30; n++) {
      const next = target.requests.length + 1
      const startedAt = performance.now()
      const answered = sendOne(hook)
      await target.until((requests) => requests.length >= next)
      // The first ones warm both programs up.
      if (n >= 30) samples.push(performance.now() - startedAt)
      await answered
    }
    return samples
  })
}

/** Milliseconds from starting the program to its first answered webhook, on a folder that has been used before. */
async function startUp(): Promise<number> {
  const folder = await temporaryFolder()
  await (await startHost({ dataDir: folder.path })).stop()
  const startedAt = performance.now()
  const host = await startHost({ dataDir: folder.path })
  await sendOne(`${host.hooks}/hooks/welcome`)
  const ms = performance.now() - startedAt
  await host.kill()
  await folder.remove()
  return ms
}

const median = (values: readonly number[]): number => quantile(values, 0.5)

async function main(): Promise<void> {
  const target = await startTarget()
  const silent = await startTarget()
  silent.neverAnswer()
  const rounds: { express: number; ingest: number; runs: Runs; latency: number[]; start: number }[] = []
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      console.error(`round ${round} of ${ROUNDS} …`)
      rounds.push({
        express: await bareExpress(),
        ingest: await ingest(silent.url),
        runs: await completeRuns(target),
        latency: await idleLatency(target),
        start: await startUp(),
      })
    }
  } finally {
    await target.close()
    await silent.close()
  }
  const latencies = rounds.flatMap((round) => round.latency)
  const rate = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`
  const share = (of: (round: (typeof rounds)[number]) => number): string =>
    `${Math.round(median(rounds.map((round) => of(round) / round.express)) * 100)} %`
  const rows = [
    ['what', 'median', 'of bare Express'],
    ['---', '---', '---'],
    [`bare Express 5, c = ${CONNECTIONS}`, rate(median(rounds.map((round) => round.express))), '100 %'],
    [
      `acknowledged ingest, c = ${CONNECTIONS}`,
      rate(median(rounds.map((round) => round.ingest))),
      share((round) => round.ingest),
    ],
    [
      `complete runs, c = ${CONNECTIONS}`,
      rate(median(rounds.map((round) => round.runs.perSecond))),
      share((round) => round.runs.perSecond),
    ],
    ['commits a run', median(rounds.map(({ runs }) => runs.commits.syncs / runs.count)).toFixed(2), ''],
    [
      'operations a commit',
      median(rounds.map(({ runs }) => runs.commits.operations / runs.commits.commits)).toFixed(1),
      '',
    ],
    [
      "the main thread's time in SQLite",
      `${Math.round(median(rounds.map(({ runs }) => runs.commits.ms / runs.commits.activeMs)) * 100)} %`,
      '',
    ],
    [
      'milliseconds that a sync takes',
      median(rounds.map(({ runs }) => runs.commits.syncMs / runs.commits.syncs)).toFixed(2),
      '',
    ],
    ['latency when idle, p50', `${median(latencies).toFixed(2)} ms`, ''],
    ['latency when idle, p95', `${quantile(latencies, 0.95).toFixed(2)} ms`, ''],
    ['start to first webhook answered', `${Math.round(median(rounds.map((round) => round.start)))} ms`, ''],
  ]
  console.log(
    `\nNode ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB; medians of ${ROUNDS} rounds, 1 KB JSON\n`,
  )
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
}

if (process.argv.includes('--history')) {
  const target = await startTarget()
  await measureHistory(target).finally(() => target.close())
} else {
  await main()
}
