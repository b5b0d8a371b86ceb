// `npm test`: every check that the project has, each step named, and one line of counts at the end.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { electronBinary } from './electron-binary.mjs'
import { findBrowser } from './find-browser.mjs'
import { findServers } from './find-servers.mjs'

const root = join(import.meta.dirname, '..')
const reports = join(tmpdir(), `hookline-test-${process.pid}`)
const counts = { passed: 0, failed: 0, skipped: 0 }
const failedSteps = []
/** Tests that failed first and passed then. A second try tells what else held the machine up from a fault; each is named, to be looked at. */
const unsteady = []
/** Files of unit tests that have a second try at most: where more fail the machine is not the reason. */
const MOST_UNSTEADY = 3

const secondsSince = (startedAt) => ((performance.now() - startedAt) / 1000).toFixed(1)

/** Runs a step beside others: what it writes is shown when it is over, so that nothing mixes. */
async function step(name, command, args, env) {
  const startedAt = performance.now()
  const output = []
  const isPassed = await succeeds(command, args, env, (chunk) => output.push(chunk))
  console.log(`\n── ${name}`)
  for (const chunk of output) process.stdout.write(chunk)
  return ended(name, isPassed, startedAt)
}

/** Runs a step that nothing else runs beside: what it writes is shown at once. */
async function stepAlone(name, command, args, env) {
  const startedAt = performance.now()
  console.log(`\n── ${name}`)
  const isPassed = await succeeds(command, args, env, (chunk) => process.stdout.write(chunk))
  return ended(name, isPassed, startedAt)
}

const isWindows = process.platform === 'win32'
/** No step is silent for half as long where it works; one that never ends must not keep what it has said for itself. */
const SILENT_MINUTES = 5
const running = new Set()

/** Ends a step with all the programs that it started. */
function end(child) {
  try {
    if (isWindows) child.kill()
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    for (const child of running) end(child)
    process.exit(1)
  })

async function succeeds(command, args, env, onOutput) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: isWindows,
    // A group of its own, so that it can be ended as a whole.
    detached: !isWindows,
  })
  running.add(child)
  const giveUp = () => {
    const left = isWindows ? '' : execFileSync('ps', ['-ww', '-o', 'pid,etimes,stat,args', '-g', String(child.pid)])
    const what = [command, ...args].join(' ')
    onOutput(`\n${what} is ended, as it has said nothing for ${SILENT_MINUTES} minutes. Its programs:\n${left}`)
    end(child)
  }
  let deadline = setTimeout(giveUp, SILENT_MINUTES * 60_000)
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      clearTimeout(deadline)
      deadline = setTimeout(giveUp, SILENT_MINUTES * 60_000)
      onOutput(chunk)
    })
  }
  const [code] = await once(child, 'close')
  clearTimeout(deadline)
  running.delete(child)
  return code === 0
}

function ended(name, isPassed, startedAt) {
  if (!isPassed) failedSteps.push(name)
  console.log(`── ${name}: ${isPassed ? 'passed' : 'FAILED'} in ${secondsSince(startedAt)} s`)
  return isPassed
}

/** A step without tests of its own counts as one. */
async function check(name, command, ...args) {
  counts[(await step(name, command, args)) ? 'passed' : 'failed']++
}
const checkByScript = (name, script) => check(name, 'npm', 'run', '--silent', script)

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

async function checkSources() {
  await checkByScript('types', 'types')
  await checkByScript('lint and format', 'lint')
  await checkByScript('layers', 'layers')
  await checkByScript('unused code', 'unused')
  await checkByScript('licences', 'licences')
  await checkByScript('known holes', 'audit')
}

/**
 * Runs all unit tests, or those of some files. Resolves with what is known of each file, also when the run did not come to its end: should
 * the process of some tests be lost between two files, their runner waits for it for ever.
 */
async function unitTests(name, files = []) {
  const file = join(reports, `unit-${files.length}.ndjson`)
  const args = ['vitest', 'run', '--reporter=default', '--reporter=./scripts/unit-results.mjs', ...files]
  await step(name, 'npx', args, { HOOKLINE_UNIT_RESULTS: file })
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  return new Map(lines.map((line) => JSON.parse(line)).map((result) => [result.file, result]))
}

async function runUnits() {
  const name = 'unit and integration'
  const results = await unitTests(name)
  const failed = [...results.values()]
    .filter(({ state }) => state === 'failed' || state === 'begun')
    .map(({ file }) => file)
  if (failedSteps.includes(name) && failed.length > 0 && failed.length <= MOST_UNSTEADY) {
    failedSteps.splice(failedSteps.indexOf(name), 1)
    const second = await unitTests(`${name}, a second try of ${failed.join(', ')}`, failed)
    unsteady.push(...failed.filter((file) => second.get(file)?.state === 'passed'))
    for (const [file, result] of second) results.set(file, result)
  }
  if (results.size === 0) counts.failed++
  for (const { state, passed = 0, failed = 0, skipped = 0 } of results.values()) {
    counts.passed += passed
    counts.skipped += skipped
    // It may also have broken outside of its tests, or with its process.
    counts.failed += failed > 0 ? failed : state === 'failed' || state === 'begun' ? 1 : 0
  }
}

async function runFaults() {
  const file = join(reports, 'faults.json')
  await step('faults, a short round', 'npm', ['run', '--silent', 'faults', '--', '--quick', '--report', file])
  const faults = readReport(file)
  counts.passed += faults?.passed ?? 0
  counts.failed += faults?.failed ?? 1
}

/** The titles of the specs in a report of Playwright's that failed first and passed then. */
function unsteadySpecs(suites) {
  return suites.flatMap(({ suites: inner = [], specs = [] }) => [
    ...specs
      .filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
      .map(({ file, title }) => `${file}: ${title}`),
    ...unsteadySpecs(inner),
  ])
}

const startedAt = performance.now()
mkdirSync(reports, { recursive: true })
// One after the other, as the package manager does one thing at a time; beside them what needs neither.
const servers = findServers()
const browsers = servers.then(findBrowser)
console.log(
  '── build, and a short round of faults; beside them types, lint, layers, unused code, licences, known holes, and the unit tests',
)
await Promise.all([
  check('build', 'node', 'scripts/build-if-stale.mjs').then(runFaults),
  Promise.all([servers, checkSources()]).then(runUnits),
])

const browser = await browsers
const missingServers = await servers
console.log(`\nbrowser: ${browser}`)
const e2eReport = join(reports, 'e2e.json')
// A screen on a machine that something else holds up may miss a moment.
// The specs of single faults and of the desktop's shell take two minutes, which this command does not have: a round of faults ran above, and the
// packed app does all that an app does.
const projects = ['host', 'built-app', 'headless', 'desktop'].map((project) => `--project=${project}`)
await stepAlone('end to end', 'npx', ['playwright', 'test', ...projects, '--retries=1', '--reporter=list,json'], {
  HOOKLINE_BROWSER: browser,
  PLAYWRIGHT_JSON_OUTPUT_FILE: e2eReport,
})
const e2e = readReport(e2eReport)
counts.passed += (e2e?.stats.expected ?? 0) + (e2e?.stats.flaky ?? 0)
counts.failed += e2e === undefined ? 1 : e2e.stats.unexpected
counts.skipped += e2e?.stats.skipped ?? 0

if (electronBinary() === undefined) {
  console.log(
    '\nSkipped: the desktop app end to end, as there is no Electron binary here ("npx install-electron" gets it).',
  )
}
console.log('\nNot run here: the specs of single faults, and of the desktop’s shell ("npm run e2e" runs them too).')
if (missingServers.length > 0)
  console.log(
    `\nSkipped: tests with ${missingServers.join(', ')}, of which there is none here (scripts/find-servers.mjs names the packages).`,
  )
unsteady.push(...unsteadySpecs(e2e?.suites ?? []))
if (unsteady.length > 0) console.log(`\nPassed only at the second try, so look at it: ${unsteady.join('; ')}`)
rmSync(reports, { recursive: true, force: true })
if (failedSteps.length > 0) console.log(`\nFailed: ${failedSteps.join(', ')}`)
console.log(`\nAll of it took ${secondsSince(startedAt)} s`)
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = failedSteps.length > 0 || counts.failed > 0 ? 1 : 0
