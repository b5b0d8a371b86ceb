import { randomBytes } from 'node:crypto'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'

/**
 * 32 random bytes that are kept in a file which only its owner may read. Made at the first use.
 *
 * @throws Error when the file is there but holds something else: then nothing is overwritten.
 */
export function readKeyFile(path: string): Buffer {
  try {
    writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    chmodSync(path, 0o600)
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url')
  if (key.length !== 32) throw new Error(`${path} does not hold a key: restore it from a backup, or move it away.`)
  return key
}
