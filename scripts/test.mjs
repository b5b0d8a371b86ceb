// `npm test`: every check that the project has, each step named, and one line of counts at the end.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { electronBinary } from './electron-binary.mjs'
import { findBrowser } from './find-browser.mjs'
import { findSshd } from './find-sshd.mjs'

const root = join(import.meta.dirname, '..')
const reports = join(tmpdir(), `hookline-test-${process.pid}`)
const counts = { passed: 0, failed: 0, skipped: 0 }
const failedSteps = []

function step(name, command, args, env = {}) {
  const startedAt = performance.now()
  console.log(`\n── ${name}`)
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...env },
  })
  const isPassed = result.status === 0
  if (!isPassed) failedSteps.push(name)
  console.log(
    `── ${name}: ${isPassed ? 'passed' : 'FAILED'} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  )
  return isPassed
}

/** A step without tests of its own counts as one. */
function check(name, command, ...args) {
  counts[step(name, command, args) ? 'passed' : 'failed']++
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

check('build', 'npm', 'run', '--silent', 'build')
check('types', 'npm', 'run', '--silent', 'types')
check('lint and format', 'npm', 'run', '--silent', 'lint')
check('layers', 'npm', 'run', '--silent', 'layers')
check('unused code', 'npm', 'run', '--silent', 'unused')

const unitReport = join(reports, 'unit.json')
step('unit and integration', 'npx', [
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${unitReport}`,
])
const unit = readReport(unitReport)
counts.passed += unit?.numPassedTests ?? 0
counts.failed +=
  unit === undefined ? 1 : unit.numFailedTests + (unit.numFailedTestSuites > 0 && unit.numFailedTests === 0 ? 1 : 0)
counts.skipped += unit?.numPendingTests ?? 0

const faultsReport = join(reports, 'faults.json')
mkdirSync(reports, { recursive: true })
step('faults, a short round', 'npm', ['run', '--silent', 'faults', '--', '--quick', '--report', faultsReport])
const faults = readReport(faultsReport)
counts.passed += faults?.passed ?? 0
counts.failed += faults?.failed ?? 1

const hasSshd = findSshd()
const browser = await findBrowser()
console.log(`\nbrowser: ${browser}`)
const e2eReport = join(reports, 'e2e.json')
step('end to end', 'npx', ['playwright', 'test', '--reporter=list,json'], {
  HOOKLINE_BROWSER: browser,
  PLAYWRIGHT_JSON_OUTPUT_FILE: e2eReport,
})
const e2e = readReport(e2eReport)
counts.passed += e2e?.stats.expected ?? 0
counts.failed += e2e === undefined ? 1 : e2e.stats.unexpected + e2e.stats.flaky
counts.skipped += e2e?.stats.skipped ?? 0

if (electronBinary() === undefined) {
  console.log(
    '\nSkipped: the desktop app end to end, as there is no Electron binary here ("npx install-electron" gets it).',
  )
}
if (!hasSshd)
  console.log('\nSkipped: tunnels over SSH, as there is no OpenSSH server here ("apt install openssh-server" gets it).')
rmSync(reports, { recursive: true, force: true })
if (failedSteps.length > 0) console.log(`\nFailed: ${failedSteps.join(', ')}`)
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = failedSteps.length > 0 || counts.failed > 0 ? 1 : 0
