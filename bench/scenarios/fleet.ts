import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { hasServer, startNats } from '../../core/test-servers.ts'
import { type CountingTarget, startTarget } from '../../e2e/fixtures/counting-target.ts'
import { runCli } from '../../e2e/fixtures/headless-host.ts'
import { relayZap, writeZap } from '../../e2e/fixtures/zap-files.ts'
import { sendOne, timeRuns } from '../load.ts'
import { end, firstLine, spawnOwned, withFolder, within } from '../owned-processes.ts'
import { quantile } from '../quantile.ts'
import type { Figures, Size } from '../scenario.ts'
import { GAP_MS, WARM_UP } from './idle-latency.ts'

const cli = join(import.meta.dirname, '..', '..', 'out', 'headless', 'cli.js')
const readySchema = z.object({ hooks: z.string(), pid: z.int() })
const listSchema = z.object({ zaps: z.array(z.looseObject({ status: z.string() })) })

const WORKERS = [1, 2, 4] as const
const PATIENCE_MS = 180_000
const LOOK_MS = 100

type Host = { readonly hooks: string; readonly pid: number; readonly dataDir: string; stop(): Promise<void> }

async function startHost(folder: string, name: string, fleet: readonly string[]): Promise<Host> {
  const dataDir = join(folder, name)
  const own = fleet.length === 0 ? [] : [...fleet, '--name', name]
  const child = spawnOwned([
    cli,
    'start',
    '--json',
    '--no-open',
    '--port',
    '0',
    '--hook-port',
    '0',
    '--data',
    dataDir,
    ...own,
  ])
  const { hooks, pid } = await firstLine(child, readySchema)
  return { hooks, pid, dataDir, stop: () => end(child, 'SIGKILL') }
}

/** One host that takes in and so many that work, or with 0 one host that stands alone; with a zap that posts to the target. */
async function withFleet<T>(
  workers: number,
  use: (hook: string, target: CountingTarget, pids: readonly number[]) => Promise<T>,
): Promise<T> {
  return withFolder(async (folder) => {
    const target = await startTarget()
    const nats = await startNats()
    const hosts: Host[] = []
    try {
      const url = `nats://127.0.0.1:${nats.port}`
      const roles = (role: string): string[] => (workers === 0 ? [] : ['--fleet', url, '--role', role])
      const intake = await startHost(folder, 'intake', roles('intake'))
      hosts.push(intake)
      for (let n = 0; n < workers; n++) hosts.push(await startHost(folder, `worker-${n}`, roles('worker')))
      const file = await writeZap(folder, 'bench', relayZap('bench', target.url))
      const { code, stderr } = await runCli(['zap', 'import', file, '--enable', '--json', '--data', intake.dataDir])
      if (code !== 0) throw new Error(`the zap was not imported: ${stderr}`)
      for (const host of hosts) await within(30_000, 'the zap to be on every host', untilZap(host))
      return await use(
        `${intake.hooks}/hooks/bench`,
        target,
        hosts.map(({ pid }) => pid),
      )
    } finally {
      for (const host of hosts) await host.stop()
      await nats.stop()
      await target.close()
    }
  })
}

async function untilZap({ dataDir }: Host): Promise<void> {
  for (;;) {
    const { stdout } = await runCli(['zap', 'list', '--json', '--data', dataDir])
    const { zaps } = listSchema.parse(JSON.parse(stdout))
    if (zaps.some(({ status }) => status === 'enabled')) return
    await pause(LOOK_MS)
  }
}

/** Milliseconds that the threads of a process have had a processor, all of them. */
function processorMs(pid: number): number {
  let ns = 0
  for (const thread of readdirSync(`/proc/${pid}/task`))
    ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
  return ns / 1e6
}

async function latencies(hook: string, target: CountingTarget, count: number): Promise<number[]> {
  const samples: number[] = []
  for (let n = 0; n < count + WARM_UP; n++) {
    const next = target.requests.length + 1
    const startedAt = performance.now()
    const arrived = target.until((requests) => requests.length >= next).then(() => performance.now() - startedAt)
    await sendOne(hook)
    const ms = await within(10_000, 'an event to come through the log', arrived)
    if (n >= WARM_UP) samples.push(ms)
    await pause(GAP_MS)
  }
  return samples
}

/**
 * Hosts joined by a nats-server: events a second from the first request to the last run’s call, what the way through the log adds for a single event, and
 * what an event costs of processor time on all hosts together. On a computer with fewer cores than hosts, more workers share the same cores.
 */
export async function measureFleet({ runs, warmUpRuns, latencySamples }: Size): Promise<Figures> {
  if (!hasServer.nats) throw new Error('nats-server is not here: install Debian’s package of that name')
  const alone = await withFleet(0, (hook, target) => latencies(hook, target, latencySamples))
  const figures: Record<string, number> = {}
  for (const workers of WORKERS) {
    await withFleet(workers, async (hook, target, pids) => {
      const time = (count: number) =>
        within(PATIENCE_MS, `${count} events through the log`, timeRuns([hook], 50, count, target))
      await time(warmUpRuns)
      if (workers === 1) {
        const joined = await latencies(hook, target, latencySamples)
        figures['added p50 ms'] = quantile(joined, 0.5) - quantile(alone, 0.5)
        figures['added p99 ms'] = quantile(joined, 0.99) - quantile(alone, 0.99)
      }
      const total = (): number => pids.reduce((sum, pid) => sum + processorMs(pid), 0)
      const before = total()
      const { ms } = await time(runs)
      figures[`events/s with ${workers} ${workers === 1 ? 'worker' : 'workers'}`] = runs / (ms / 1_000)
      figures[`processor ms/event with ${workers}`] = (total() - before) / runs
    })
  }
  return figures
}
