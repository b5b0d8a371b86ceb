import { createHash } from 'node:crypto'
import type { KeepBytes } from './parse-body.ts'

/** Keeps files in memory, and remembers them in order. */
export function keptBytes(): { readonly keep: KeepBytes; readonly files: Uint8Array[] } {
  const files: Uint8Array[] = []
  return {
    files,
    keep: async (content) => {
      files.push(Uint8Array.from(content))
      return { $blob: createHash('sha256').update(content).digest('hex'), bytes: content.length, type: 'bytes' }
    },
  }
}
