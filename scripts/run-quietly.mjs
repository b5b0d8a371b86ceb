import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs a program whose words all go to stderr, and says whether it succeeded. Others have their turn meanwhile. */
export async function runQuietly(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32', ...options })
  const [code] = await once(child, 'close').catch(() => [1])
  return code === 0
}
