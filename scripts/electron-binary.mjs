import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Path of the Electron binary that its package has downloaded, or undefined: `npm ci` does not bring it, `npx install-electron` does.
 *
 * @returns {string | undefined}
 */
export function electronBinary() {
  const folder = join(import.meta.dirname, '..', 'node_modules', 'electron')
  const name = join(folder, 'path.txt')
  if (!existsSync(name)) return undefined
  const binary = join(folder, 'dist', readFileSync(name, 'utf8').trim())
  return existsSync(binary) ? binary : undefined
}
