import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { FleetLog, StateEntry } from './log.ts'
import { decode, encode } from './records.ts'

/** Files that are named one by one at most; half of them when there are more. */
const MAX_FILES = 1_000
/** Of an id, what no other file has: its digest. */
const ID_CHARS = 16

const watchSchema = z.object({
  zap: z.string().max(100),
  step: z.string().max(200),
  subject: z.string(),
  before: z.number(),
  /** With when each was changed. */
  files: z.array(z.tuple([z.string().max(ID_CHARS), z.number()])).max(MAX_FILES),
  /** The host that told it. */
  by: z.string().max(63),
})
type ToldWatch = z.infer<typeof watchSchema>

/** What this host has dealt with. */
type OwnWatch = {
  readonly zap: string
  readonly step: string
  readonly subject: string
  before: number
  /** When each was changed, by its id. */
  readonly files: Map<string, number>
}

/**
 * What each watch of a folder has dealt with: a new owner notes that, and what else it finds in the folder is news. What the last owner could not tell of any
 * more gets the same ids, which follow from the file.
 */
export type FleetFolders = {
  /** An entry of the shared state; those of other things are passed by. */
  note(entry: StateEntry): Promise<void>
  start(log: FleetLog): void
  stop(): void
  /** The log is another: what is known is told again. */
  reset(): void
  /** This host was the owner of these zaps' watches until now: tells what they have dealt with. */
  leave(zapIds: readonly string[]): Promise<void>
  /** For the watches. `subject` is what is watched, as text. */
  readonly sharing: {
    inherited(at: WatchAt, subject: string): { readonly before: number; has(id: string): boolean } | undefined
    begun(at: WatchAt, subject: string): void
    dealt(at: WatchAt, subject: string, files: readonly DealtFile[]): void
  }
}

type WatchAt = { readonly zapId: string; readonly stepId: string }

/** A file's event, and when anything about the file was changed last. */
type DealtFile = { readonly id: string; readonly changedAt: number }

const KEY = 'folder/'
const GATHER_MS = 500

export function createFleetFolders(config: {
  readonly name: string
  readonly clock: Clock
  readonly log: Log
}): FleetFolders {
  const { name, clock, log } = config
  const known = new Map<string, ToldWatch>()
  const own = new Map<string, OwnWatch>()
  const untold = new Set<string>()
  let connection: FleetLog | undefined
  let isArmed = false
  let telling: Promise<void> = Promise.resolve()

  async function tellAll(): Promise<void> {
    for (const key of untold) {
      const watch = own.get(key)
      if (connection === undefined) return
      untold.delete(key)
      if (watch === undefined) continue
      const { zap, step, subject, before } = watch
      const told: ToldWatch = { zap, step, subject, before, files: [...watch.files], by: name }
      try {
        await connection.state.put(key, await encode(told))
        known.set(key, told)
      } catch (error) {
        untold.add(key)
        throw error
      }
    }
  }

  function tell(): Promise<void> {
    telling = telling.catch(() => undefined).then(tellAll)
    return telling
  }

  function soon(): void {
    if (isArmed || connection === undefined || untold.size === 0) return
    isArmed = true
    clock.after(GATHER_MS, () => {
      isArmed = false
      tell().then(soon, soon)
    })
  }

  function ownOf(at: WatchAt, subject: string): OwnWatch {
    const key = keyOf(at)
    const mine = own.get(key)
    if (mine?.subject === subject) return mine
    const there = known.get(key)
    const isSame = there?.subject === subject
    const files = new Map(isSame ? there.files : [])
    const watch = { zap: at.zapId, step: at.stepId, subject, before: isSame ? there.before : 0, files }
    own.set(key, watch)
    return watch
  }

  function add(watch: OwnWatch, files: readonly DealtFile[]): void {
    for (const { id, changedAt } of files) {
      if (changedAt >= watch.before) watch.files.set(id.slice(-ID_CHARS), changedAt)
      if (watch.files.size <= MAX_FILES) continue
      const sorted = [...watch.files].sort(([, one], [, other]) => one - other)
      const [, before = 0] = sorted[MAX_FILES / 2] ?? []
      watch.before = Math.max(watch.before, before)
      for (const [old, at] of sorted) if (at < before || watch.files.size > MAX_FILES) watch.files.delete(old)
    }
  }

  return {
    async note(entry) {
      if (!entry.key.startsWith(KEY) || entry.bytes === null) return
      try {
        const told = await decode(watchSchema, entry.bytes)
        // An echo: there may be more since.
        if (told.by === name && own.has(entry.key)) return
        known.set(entry.key, told)
        if (told.by !== name) own.delete(entry.key)
      } catch (error) {
        log.warn('What a watch of the fleet has dealt with could not be read.', {
          key: entry.key,
          error: String(error),
        })
      }
    },
    start(opened) {
      connection = opened
      soon()
    },
    stop() {
      connection = undefined
    },
    reset() {
      for (const key of own.keys()) untold.add(key)
    },
    async leave(zapIds) {
      if ([...untold].some((key) => zapIds.includes(own.get(key)?.zap ?? ''))) await tell()
    },
    sharing: {
      inherited(at, subject) {
        const there = known.get(keyOf(at))
        if (there === undefined || there.by === name || there.subject !== subject) return undefined
        const ids = new Map(there.files)
        return { before: there.before, has: (id) => ids.has(id.slice(-ID_CHARS)) }
      },
      begun(at, subject) {
        ownOf(at, subject)
        untold.add(keyOf(at))
        soon()
      },
      dealt(at, subject, files) {
        if (files.length === 0) return
        add(ownOf(at, subject), files)
        untold.add(keyOf(at))
        soon()
      },
    },
  }
}

function keyOf({ zapId, stepId }: WatchAt): string {
  return `${KEY}${zapId}/${createHash('sha256').update(stepId).digest('base64url').slice(0, 16)}`
}
