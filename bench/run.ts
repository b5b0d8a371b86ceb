// `npm run bench`: Hookline beside its peers and limits, as ratios within one run on one machine. Loopback only; every process is ended.
import { measureAll } from './measure.ts'
import { readOptions } from './options.ts'
import { endAll } from './owned-processes.ts'
import { PEERS, QUICK, SCENARIOS, SINGLES, WHOLE } from './plan.ts'
import { measureProfile } from './profile/measure-profile.ts'
import { report } from './report.ts'
import { measureTrace } from './trace/measure-trace.ts'

const ALL = [...SCENARIOS, ...SINGLES]
const NAMES = ALL.map(({ name }) => name)
const LONG = ALL.filter(({ isLong }) => isLong).map(({ name }) => name)
const APART = SINGLES.filter(({ isApart }) => isApart).map(({ name }) => name)

const HELP = `npm run bench -- [options]

  --quick         one short round, less than two minutes: to try, not to cite
  --rounds N      so many rounds instead of three
  --minutes N     how long the soak takes instead of sixty
  --only a,b      only these scenarios:
${ALL.map(({ name, about }) => `                    ${name.padEnd(8)} ${about}`).join('\n')}
  --peers x,y     only these of: ${PEERS.map(({ name }) => name).join(', ')} (installed from npm when missing)
  --profile       instead of all that: where the host's main thread spends its time
  --trace         instead of all that: what an event waits for on its way through an idle host
`

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
  const base = options.quick ? QUICK : WHOLE
  const { rounds = base.rounds, minutes: soakMinutes = base.soakMinutes } = options
  const size = { ...base, rounds, soakMinutes }
  const isWanted = (name: string): boolean =>
    options.only?.includes(name) ?? !(APART.includes(name) || (options.quick && LONG.includes(name)))
  if (options.help) {
    console.log(HELP)
  } else if (options.profile) {
    await measureProfile(size)
  } else if (options.trace) {
    await measureTrace(size)
  } else {
    const startedAt = performance.now()
    // What is measured of Hookline alone needs none of them.
    const peers = SCENARIOS.some(({ name }) => isWanted(name)) ? PEERS : []
    for (const peer of peers) if (options.peers.includes(peer.name) && !peer.installed()) await peer.install()
    const measured = await measureAll(size, isWanted, options.peers)
    await report(measured, size, (performance.now() - startedAt) / 60_000)
    if (measured.failures.length > 0) process.exitCode = 1
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await endAll()
}
