import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { basename, join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { z } from 'zod'
import type { Evidence, Violation } from './evidence.ts'

const referenceSchema = z.object({ $blob: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int() })

/** Every large value that a row refers to is there, byte by byte, and none is half written. */
export function checkLargeValues(database: Sqlite.Database, dataDir: string): Violation[] {
  const rows = database.prepare<[], { place: string; value: string }>(
    `SELECT id AS place, data AS value FROM trigger_event WHERE data LIKE '{"$blob"%'
      UNION ALL SELECT run_id || ':' || step_id, input FROM step_run WHERE input LIKE '{"$blob"%'
      UNION ALL SELECT run_id || ':' || step_id, output FROM step_run WHERE output LIKE '{"$blob"%'`,
  )
  const sound = new Set<string>()
  const violations: Violation[] = []
  for (const { place, value } of rows.iterate()) {
    const reference = referenceSchema.safeParse(JSON.parse(value))
    if (!reference.success || sound.has(reference.data.$blob)) continue
    const { $blob, bytes } = reference.data
    const file = join(dataDir, 'blobs', $blob)
    const content = existsSync(file) ? readFileSync(file) : undefined
    const isSound = content?.length === bytes && createHash('sha256').update(content).digest('hex') === $blob
    if (isSound) sound.add($blob)
    else violations.push({ rule: 'large-value-missing', message: `${$blob} of ${place}` })
  }
  const half = existsSync(join(dataDir, 'blobs'))
    ? readdirSync(join(dataDir, 'blobs')).filter((name) => name.endsWith('.part'))
    : []
  return [...violations, ...half.map((name) => ({ rule: 'half-a-large-value', message: name }))]
}

/** Bytes that are read at once. */
const WINDOW = 8_388_608

/** No secret is in any file, neither as it is nor in the usual encodings. */
export function checkSecrets({ dataDir, logFiles, secrets }: Evidence): Violation[] {
  const needles = secrets.flatMap((secret) => [
    Buffer.from(secret),
    Buffer.from(Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1)),
    Buffer.from(Buffer.from(secret).toString('hex')),
  ])
  const inside = readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return [...inside, ...logFiles.filter((file) => existsSync(file))]
    .filter((file) => containsAny(file, needles))
    .map((file) => ({ rule: 'secret-in-a-file', message: basename(file) }))
}

function containsAny(file: string, needles: readonly Buffer[]): boolean {
  const overlap = Math.max(0, ...needles.map((needle) => needle.length - 1))
  const handle = openSync(file, 'r')
  try {
    const window = Buffer.alloc(WINDOW)
    for (let at = 0; ; at += WINDOW - overlap) {
      const length = readSync(handle, window, 0, WINDOW, at)
      const read = window.subarray(0, length)
      if (needles.some((needle) => read.includes(needle))) return true
      if (length < WINDOW) return false
    }
  } finally {
    closeSync(handle)
  }
}
