// `npm run bench`: Hookline beside its peers and limits, as ratios within one run on one machine. Loopback only; every process is ended.
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { startTarget } from '../e2e/fixtures/counting-target.ts'
import { limits } from './limits/limits.ts'
import { type Options, readOptions } from './options.ts'
import { endAll } from './owned-processes.ts'
import { hookline } from './peers/hookline.ts'
import { nodeRed } from './peers/node-red.ts'
import type { Program } from './program.ts'
import type { Sample } from './results.ts'
import type { Scenario, Size } from './scenario.ts'
import { completeRuns } from './scenarios/complete-runs.ts'
import { measureHistory } from './scenarios/history.ts'
import { idleLatency } from './scenarios/idle-latency.ts'
import { ingest } from './scenarios/ingest.ts'
import { lostEvents } from './scenarios/lost-events.ts'
import { memoryAndDisk } from './scenarios/memory-and-disk.ts'
import { sqliteCommits } from './scenarios/sqlite-commits.ts'
import { startUp } from './scenarios/start-up.ts'
import { budgetTable, figureTable } from './table.ts'

const SCENARIOS: readonly Scenario[] = [ingest, completeRuns, idleLatency, startUp, memoryAndDisk, lostEvents]
const NAMES = [...SCENARIOS.map(({ name }) => name), 'sqlite', 'history']
const PEERS: readonly Program[] = [hookline, nodeRed]
/** Peers that DESIGN compares with, and that no harness starts yet; the table says so. */
const UNMEASURED = ['n8n']

const WHOLE: Size = {
  rounds: 3,
  seconds: 4,
  runs: 10_000,
  warmUpRuns: 1_000,
  memoryRuns: 100_000,
  latencySamples: 200,
  lostEvents: 400,
  patienceMs: 45_000,
}
const QUICK: Size = {
  rounds: 1,
  seconds: 1,
  runs: 3_000,
  warmUpRuns: 500,
  memoryRuns: 5_000,
  latencySamples: 60,
  lostEvents: 100,
  patienceMs: 15_000,
}

const HELP = `npm run bench -- [options]

  --quick         one short round, under two minutes: to try, not to cite
  --only a,b      only these scenarios:
${SCENARIOS.map(({ name, about }) => `                    ${name.padEnd(8)} ${about}`).join('\n')}
                    sqlite   commits a second of better-sqlite3 alone
                    history  as the history grows to a million runs (3.5 GB of disk; only when it is named)
  --peers x,y     only these of: ${PEERS.map(({ name }) => name).join(', ')} (installed from npm when missing)
`

async function measure(options: Options, size: Size): Promise<Sample[]> {
  const isWanted = (name: string): boolean => options.only?.includes(name) ?? name !== 'history'
  const programs = [...PEERS.filter(({ name }) => options.peers.includes(name)), ...limits]
  const scenarios = SCENARIOS.filter(({ name }) => isWanted(name))
  for (const program of programs) if (!program.installed()) await program.install()

  const samples: Sample[] = []
  const keep = (round: number, scenario: string, program: string, figures: Readonly<Record<string, number>>): void => {
    for (const [figure, value] of Object.entries(figures)) samples.push({ round, scenario, program, figure, value })
  }
  for (let round = 1; round <= size.rounds; round++) {
    for (const scenario of scenarios) {
      for (const program of programs.filter((program) => scenario.fits(program))) {
        console.error(`round ${round} of ${size.rounds}: ${scenario.name}, ${program.name} …`)
        keep(round, scenario.name, program.name, await scenario.measure(program, size))
      }
    }
    if (isWanted('sqlite')) keep(round, 'sqlite', 'raw better-sqlite3', await sqliteCommits(size.seconds))
  }
  if (options.only?.includes('history')) {
    const target = await startTarget()
    await measureHistory(target).finally(() => target.close())
  }
  return samples
}

async function report(samples: readonly Sample[], size: Size): Promise<void> {
  const machine = `Node ${process.versions.node}, ${process.platform} ${release()}, ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB`
  const text = [
    `${machine}; medians of ${size.rounds} ${size.rounds === 1 ? 'round' : 'rounds'}, 1 KB JSON, programs in turn.`,
    budgetTable(samples),
    figureTable(samples, UNMEASURED),
  ].join('\n\n')
  console.log(`\n${text}`)
  const folder = join(import.meta.dirname, 'results')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'latest.md'), `${text}\n`)
  await writeFile(
    join(folder, 'latest.json'),
    `${JSON.stringify({ machine, at: new Date().toISOString(), size, samples }, null, 2)}\n`,
  )
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => void endAll().finally(() => process.exit(code)))
}
try {
  const options = readOptions(
    process.argv.slice(2),
    NAMES,
    PEERS.map(({ name }) => name),
  )
  if (options.help) {
    console.log(HELP)
  } else {
    const size = options.quick ? QUICK : WHOLE
    const samples = await measure(options, size)
    if (samples.length > 0) await report(samples, size)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await endAll()
}
