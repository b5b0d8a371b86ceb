// `npm test`: every check that the project has, each step named, and one line of counts at the end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { electronBinary } from './electron-binary.mjs'
import { findBrowser } from './find-browser.mjs'
import { findServers } from './find-servers.mjs'

const root = join(import.meta.dirname, '..')
const reports = join(tmpdir(), `hookline-test-${process.pid}`)
const counts = { passed: 0, failed: 0, skipped: 0 }
const failedSteps = []

const secondsSince = (startedAt) => ((performance.now() - startedAt) / 1000).toFixed(1)

/** Runs a step beside others: what it writes is shown when it is over, so that nothing mixes. */
async function step(name, command, args) {
  const startedAt = performance.now()
  const output = []
  const isPassed = await succeeds(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }, (chunk) => output.push(chunk))
  console.log(`\n── ${name}`)
  process.stdout.write(Buffer.concat(output))
  return ended(name, isPassed, startedAt)
}

/** Runs a step that has the terminal for itself. */
async function stepAlone(name, command, args, env) {
  const startedAt = performance.now()
  console.log(`\n── ${name}`)
  const isPassed = await succeeds(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  return ended(name, isPassed, startedAt)
}

async function succeeds(command, args, options, onOutput) {
  const child = spawn(command, args, { cwd: root, shell: process.platform === 'win32', ...options })
  child.stdout?.on('data', onOutput)
  child.stderr?.on('data', onOutput)
  const [code] = await once(child, 'close')
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

async function runUnits() {
  const file = join(reports, 'unit.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  await step('unit and integration', 'npx', ['vitest', 'run', ...reporters])
  const unit = readReport(file)
  counts.passed += unit?.numPassedTests ?? 0
  counts.failed +=
    unit === undefined ? 1 : unit.numFailedTests + (unit.numFailedTestSuites > 0 && unit.numFailedTests === 0 ? 1 : 0)
  counts.skipped += unit?.numPendingTests ?? 0
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
// A screen on a machine that something else holds up may miss a moment. A second try tells that from a fault; whatever needs one is named.
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
const unsteady = unsteadySpecs(e2e?.suites ?? [])
if (unsteady.length > 0) console.log(`\nPassed only at the second try, so look at it: ${unsteady.join('; ')}`)
rmSync(reports, { recursive: true, force: true })
if (failedSteps.length > 0) console.log(`\nFailed: ${failedSteps.join(', ')}`)
console.log(`\nAll of it took ${secondsSince(startedAt)} s`)
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = failedSteps.length > 0 || counts.failed > 0 ? 1 : 0
