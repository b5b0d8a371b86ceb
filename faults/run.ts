// `npm run faults`: drives the built headless host through operations and faults chosen by chance, and checks that no promise is broken.
// `--seed N` repeats a choice, `--minutes N` goes on for longer, `--quick` is the short round of `npm test`, and `--report FILE` writes how
// many promises were kept and broken. `--fleet` does it to several hosts that are joined, with `--events N`; `--log cluster`, `nats` or `kafka` says by what.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hasServer } from '../core/test-servers.ts'
import { temporaryFolder } from '../e2e/fixtures/headless-host.ts'
import { BROKERS } from './fleet/brokers.ts'
import { FLEET_RULES } from './fleet/check-fleet.ts'
import { runFleet } from './fleet/run-fleet.ts'
import { ROUND_RULES, type RoundResult, runRound } from './round/round.ts'

/** Milliseconds of operations in one round; then everything is let come to its end and checked. */
const ROUND_MS = 60_000
const QUICK_MS = 25_000

/** Times as many random crashes of random zaps as `npm test` tries. */
const CRASH_TIMES = 10

/** Lines of the log of operations that are printed when a promise was broken. */
const TOLD_LINES = 60

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string', default: '2' },
    quick: { type: 'boolean', default: false },
    report: { type: 'string' },
    fleet: { type: 'boolean', default: false },
    events: { type: 'string', default: '10000' },
    log: { type: 'string', default: 'cluster' },
  },
})
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000_000))
const minutes = Number(values.minutes)
const events = Number(values.events)
if (!Number.isSafeInteger(seed) || !(minutes > 0) || !Number.isSafeInteger(events) || events < 1) {
  console.error('--seed and --events take whole numbers, and --minutes a number above 0.')
  process.exit(2)
}
console.log(`seed ${seed}`)
if (values.fleet) process.exit(await breakFleet())

if (!values.quick) {
  console.log(`interrupting runs at every write, ${CRASH_TIMES} times as often as the tests do …`)
  const env = { ...process.env, HOOKLINE_CRASH_TIMES: String(CRASH_TIMES) }
  const crashes = spawn('npx', ['vitest', 'run', 'core/crash.test.ts'], { stdio: 'inherit', env })
  const [code] = await once(crashes, 'close')
  if (code !== 0) process.exit(1)
}

const folder = await temporaryFolder()
const startedAt = performance.now()
const totals = new Map<string, number>()
let rounds = 0
const broken = new Set<string>()

const add = (what: string, count: number): void => {
  totals.set(what, (totals.get(what) ?? 0) + count)
}

do {
  // Each round can be repeated alone, with the seed that it is told with.
  const roundSeed = seed + rounds
  const roundFolder = join(folder.path, `round-${roundSeed}`)
  const result = await runRound({ seed: roundSeed, ms: values.quick ? QUICK_MS : ROUND_MS, folder: roundFolder })
  rounds++
  tell(roundSeed, result)
  for (const { rule } of result.violations) broken.add(rule)
  if (broken.size > 0) {
    console.log(`\nRepeat it with: npm run faults -- --seed ${roundSeed}\nKept: ${roundFolder}`)
    break
  }
  await rm(roundFolder, { recursive: true, force: true, maxRetries: 3 })
} while (!values.quick && performance.now() - startedAt < minutes * 60_000)

console.log(`\n${rounds} rounds in ${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes, seed ${seed}`)
for (const [what, count] of [...totals].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(`  ${what}: ${count}`)
if (broken.size === 0) await folder.remove()
const kept = ROUND_RULES.length - broken.size
console.log(`\n${kept} promises kept, ${broken.size} broken`)
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify({ passed: kept, failed: broken.size }))
process.exitCode = broken.size === 0 ? 0 : 1

function tell(
  roundSeed: number,
  { violations, counts, kills, accepted, duplicates, effects, logFile }: RoundResult,
): void {
  const operations = [...counts].filter(([what]) => what.startsWith('operation: ')).reduce((sum, [, n]) => sum + n, 0)
  const faults = [...counts].filter(([what]) => what.startsWith('fault: ')).reduce((sum, [, n]) => sum + n, 0)
  const lost = violations.filter(({ rule }) => rule === 'lost-event').length
  console.log(
    `round ${roundSeed}: ${operations} operations, ${faults} faults, ${kills} kills; ${accepted} events accepted, ${lost} lost; ` +
      `${duplicates} repeats recognised; ${effects} effects at the target; ${violations.length} violations`,
  )
  for (const [what, count] of counts) add(what, count)
  add('events accepted', accepted)
  add('events lost', lost)
  add('repeats recognised', duplicates)
  add('effects at the target', effects)
  add('kills', kills)
  if (violations.length === 0) return
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n')
  console.log(`\nThe last of ${lines.length} lines of ${logFile}:\n${lines.slice(-TOLD_LINES).join('\n')}\n`)
  for (const { rule, message } of violations) console.log(`VIOLATION ${rule}: ${message}`)
}

/** The code to end with. */
async function breakFleet(): Promise<number> {
  const log = BROKERS.find((one) => one === values.log)
  if (log === undefined) {
    console.error(`--log is one of ${BROKERS.join(', ')}.`)
    return 2
  }
  const server = log === 'kafka' ? 'kcat' : 'nats-server'
  if (!(log === 'kafka' ? hasServer.kafka : hasServer.nats)) {
    console.error(`${server} is not here: install Debian’s package of that name.`)
    return 2
  }
  const place = await temporaryFolder()
  const startedAt = performance.now()
  const seconds = (): string => ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6)
  const result = await runFleet({
    seed,
    events,
    log,
    folder: place.path,
    tell: (line) => console.log(`${seconds()} s  ${line}`),
  })
  console.log()
  for (const [what, count] of result.faults) console.log(`  ${what}: ${count}`)
  const { accepted, effects, requests, violations } = result
  console.log(`  ${accepted} events accepted; ${requests} requests at the target, of ${effects} keys`)
  for (const { rule, message } of violations.slice(0, TOLD_LINES)) console.log(`VIOLATION ${rule}: ${message}`)
  const broken = new Set(violations.map(({ rule }) => rule)).size
  if (broken === 0) await place.remove()
  else
    console.log(
      `\nRepeat it with: npm run faults -- --fleet --log ${log} --seed ${seed} --events ${events}\nKept: ${place.path}`,
    )
  console.log(`\n${FLEET_RULES.length - broken} promises kept, ${broken} broken`)
  if (values.report !== undefined)
    writeFileSync(values.report, JSON.stringify({ passed: FLEET_RULES.length - broken, failed: broken }))
  return broken === 0 ? 0 : 1
}
