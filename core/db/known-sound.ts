import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

/**
 * What a database file was like when Hookline ended as it should, in a file beside it. One that is still so need not be read from end to end
 * at the next start, which takes seconds for each gigabyte.
 */
const markSchema = z.object({
  /** Which format its tables had: another version of Hookline looks for itself. */
  format: z.int(),
  bytes: z.string(),
  changedNs: z.string(),
  inode: z.string(),
  /** When it was last read from end to end, in milliseconds since 1970 UTC. */
  checkedAt: z.number(),
})

const DAY_MS = 86_400_000
/** After so many days it is read all the same: a disk can lose what was stored well. Each backup is read from end to end as well. */
const TRUSTED_DAYS = 7

const markFile = (file: string): string => `${file}-sound`

/** When the database was last read from end to end, if it is as it was left then and that was not long ago; else null. */
export function knownSoundSince(file: string, format: number, now = Date.now()): number | null {
  try {
    const { checkedAt, ...left } = markSchema.parse(JSON.parse(readFileSync(markFile(file), 'utf8')))
    const found = lookOf(file, format)
    const isAsLeft = found !== null && JSON.stringify(found) === JSON.stringify(left)
    // A check in the future is one of a clock that was wrong.
    return isAsLeft && checkedAt <= now && now - checkedAt < TRUSTED_DAYS * DAY_MS ? checkedAt : null
  } catch {
    // There is none, or it was cut off when it was written.
    return null
  }
}

/** To be called before a database is used: what it was like says nothing from now on. */
export function forgetSound(file: string): void {
  rmSync(markFile(file), { force: true })
}

/** To be called when a database is closed, with everything in it stored. Where it cannot be noted, the next start reads the database. */
export function noteSound(file: string, format: number, checkedAt: number): void {
  try {
    const look = lookOf(file, format)
    if (look === null) return
    const mark: z.infer<typeof markSchema> = { ...look, checkedAt }
    writeFileSync(markFile(file), JSON.stringify(mark), { mode: 0o600 })
  } catch {
    // The disk is full, or only to be read.
  }
}

/** Null when there is a log beside it, as after an end that was none, or no such file. */
function lookOf(file: string, format: number) {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })
  if (stat === undefined || (log !== undefined && log.size > 0)) return null
  return { format, bytes: String(stat.size), changedNs: String(stat.mtimeNs), inode: String(stat.ino) }
}
