// Hookline needs a newer Node than some systems have, and its database driver crashes on Node 20. The repository brings a
// pinned Node as a package; whoever starts a program with an older one is handed over to it, or told what to do.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const MINIMUM = [22, 12]

const pinnedNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** Resolves when the Node at hand is new enough; otherwise runs the same command on the pinned Node and ends with its exit code. */
export async function requireNewNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return
  if (!existsSync(pinnedNode) || process.env.HOOKLINE_PINNED === '1') {
    process.stderr.write(
      `hookline: Node.js ${process.versions.node} is too old: run "npm ci" in ${root}, which brings the right one, or install Node.js 24.\n`,
    )
    process.exit(1)
  }
  const child = spawn(pinnedNode, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, HOOKLINE_PINNED: '1' },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
  // Nothing after this call may run in the old Node.
  return new Promise(() => undefined)
}
