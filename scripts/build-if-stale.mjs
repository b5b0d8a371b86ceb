// Builds the screens, the desktop app's main process and the headless host, unless what is built is newer than every source.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = join(import.meta.dirname, '..')
const stamp = join(root, 'out', '.built')
const lock = join(root, 'node_modules', '.cache', 'hookline-build')
const SOURCES = [
  'core',
  'electron',
  'headless',
  'renderer',
  'package.json',
  'electron.vite.config.ts',
  'vite.headless.config.ts',
  'scripts/bundled-packages.ts',
  'scripts/connector-manifests.ts',
  'scripts/interpreter-files.ts',
  'scripts/third-party.ts',
  'scripts/worker-entries.ts',
]
const STEPS = [
  ['electron-vite', 'build'],
  ['vite', 'build', '--config', 'vite.headless.config.ts'],
  ['node', 'scripts/licences.ts', '--write', 'out/THIRD-PARTY-NOTICES.txt'],
]
const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}` }
/** No part of the program: what only tests load. */
const IN_TESTS = /\.(?:test|double)\.|[\\/]stand-in$/
const LOCK_STALE_MS = 120_000

function newest(path) {
  const info = statSync(path)
  if (IN_TESTS.test(path)) return 0
  if (!info.isDirectory()) return info.mtimeMs
  return Math.max(info.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function isBuilt() {
  if (!existsSync(stamp)) return false
  const builtAt = statSync(stamp).mtimeMs
  return SOURCES.every((source) => !existsSync(join(root, source)) || newest(join(root, source)) <= builtAt)
}

/** Only one process builds; the others wait for it. */
function withLock(work) {
  mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true })
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (Date.now() - statSync(lock, { throwIfNoEntry: false })?.mtimeMs > LOCK_STALE_MS)
        rmSync(lock, { recursive: true, force: true })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    }
  }
  try {
    work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** Builds if need be. Output goes to stderr, as stdout belongs to whatever is run next. */
export function buildIfStale(isForced = false) {
  if (isBuilt() && !isForced) return
  if (!existsSync(join(root, 'node_modules', 'vite'))) {
    if (existsSync(stamp)) return
    process.stderr.write(
      'hookline: It is not built, and the tools to build it are not installed: run "npm ci" first.\n',
    )
    process.exit(1)
  }
  withLock(() => {
    if (isBuilt() && !isForced) return
    process.stderr.write('hookline: Building …\n')
    const startedAt = new Date()
    for (const [tool, ...args] of STEPS) {
      const result = spawnSync(tool, args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32', env })
      if (result.status === 0) continue
      process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}\nhookline: The build failed.\n`)
      process.exitCode = 1
      return
    }
    writeFileSync(stamp, `${startedAt.toISOString()}\n`)
  })
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  // On install without the development packages there is nothing to build with, and that is fine.
  const isInstall = process.argv.includes('--on-install')
  if (!isInstall || existsSync(join(root, 'node_modules', 'vite'))) buildIfStale(process.argv.includes('--force'))
}
