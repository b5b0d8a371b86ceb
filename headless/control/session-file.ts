import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const storedSessionSchema = z.object({
  id: z.string(),
  /** The public half of the browser's key, as base64url of its SPKI form. Nothing in this file opens anything. */
  key: z.string(),
  openedAt: z.int(),
  lastSeenAt: z.int(),
  userAgent: z.string(),
})
export type StoredSession = z.infer<typeof storedSessionSchema>

/** None when the file is missing. A damaged one holds none either: every browser then needs a fresh address. */
export function readSessionFile(path: string): StoredSession[] {
  try {
    return z.array(storedSessionSchema).parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return []
  }
}

/** Appears whole or not at all, and is on the disk when this returns: a session that was ended stays ended. */
export function writeSessionFile(path: string, sessions: readonly StoredSession[]): void {
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, JSON.stringify(sessions), { mode: 0o600, flush: true })
  renameSync(unfinished, path)
}
