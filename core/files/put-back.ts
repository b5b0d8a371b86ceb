import { link, lstat, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import {
  beginRedo,
  beginUndo,
  dropFileChange,
  dropRedo,
  dropUndo,
  endRedo,
  endUndo,
  type FileChangeRow,
  type FileOutcome,
  type FileStamp,
  findFileChanges,
  findOpenFileChanges,
  isRedo,
  keysThatKeep,
  leaveUnclear,
  settleFileChange,
} from '../db/file-changes.ts'
import type { Database } from '../db/open.ts'
import { StepError } from '../domain/runs/step-error.ts'
import type { Clock } from '../domain/time/clock.ts'
import { allowedRoot, type FolderRules } from './allowed-folders.ts'
import { createDoAgain } from './do-again.ts'
import { isSame, stampOf } from './file-recorder.ts'
import { type KeptFiles, newerOf, plainKey } from './kept-files.ts'
import { codeOf, placeToWrite } from './places.ts'
import { findTrashed, systemTrash, type Trash } from './trash.ts'
import { copyWhole, moveWhole, numbered, takeBackName } from './write-files.ts'

/** Whether something that a run did to a file can be put back, and else why not. */
export type PutBackState = 'can' | 'changed' | 'in-the-way' | 'gone' | 'stays' | 'back' | 'unclear'

export type SeenChange = {
  readonly change: FileChangeRow
  readonly state: PutBackState
  /** Why, as a sentence; empty where it can go back. */
  readonly why: string
  /** Where it would go back to. */
  readonly to: string | null
  /** Whether it is back, and can be done again. */
  readonly canRedo: boolean
}

export type PutBackResult = {
  readonly changes: readonly SeenChange[]
  /** How many this call has put back, or done again. */
  readonly count: number
  readonly failed: ReadonlyMap<string, string>
}

/** Puts back what runs did to files, as far as that is still possible. */
export type PutBack = {
  /** What a run did to files, in its order, and what of it could be put back now. */
  see(runId: string): Promise<readonly SeenChange[]>
  /**
   * Puts back what was done, the last thing first: all that can go back, or of that the named ones. What is in the way is left alone, or with `number` the
   * file gets a numbered name beside it. Returns the same as `see` afterwards, with what went wrong by the keys of the changes.
   */
  putBack(
    runId: string,
    options: { readonly keys?: readonly string[] | undefined; readonly inTheWay: 'leave' | 'number' },
  ): Promise<PutBackResult>
  /** Does again what was put back, the first thing first: all that can be, or of that the named ones. */
  redo(runId: string, options: { readonly keys?: readonly string[] | undefined }): Promise<PutBackResult>
  /** Finds out what became of changes that were cut off, of one run or of all. */
  reconcile(runId?: string): Promise<void>
  /** Forgets what was replaced too long ago, or by a run that is not in the history any more. */
  tidy(): Promise<void>
}

export function createPutBack(config: {
  readonly database: Database
  readonly clock: Clock
  readonly rules: FolderRules
  readonly kept: KeptFiles
  readonly trash?: Trash
}): PutBack {
  const { database, clock, rules, kept } = config
  const doAgain = createDoAgain(rules, kept, config.trash ?? systemTrash())
  const { reader } = database
  /** One at a time: each looks at what the others have done. */
  let last: Promise<unknown> = Promise.resolve()
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }

  /** `disk` says what is at a path, with what was put back behind a change in mind. */
  async function look(change: FileChangeRow, disk: Disk): Promise<Omit<SeenChange, 'change' | 'canRedo'>> {
    const { kind, place, source, state, keeps } = change
    const to = kind === 'move' ? source : kind === 'folder' ? null : place
    const no = (other: PutBackState, why: string) => ({ state: other, why, to })
    if (state === 'undone') return { state: 'back', why: '', to: change.undoneTo }
    if (state === 'unclear')
      return no('unclear', 'Hookline was ended while it was done, and it cannot be told what became of it.')
    if (state !== 'done') return no('unclear', 'It is under way.')
    if (kind === 'delete') return no('gone', 'It was deleted for ever.')
    const isAllowed = [place, to].every((path) => path === null || allowedRoot(rules, path) !== undefined)
    if (!isAllowed) return no('stays', 'Its folder is not allowed any more: allow it in the settings to put this back.')
    if (kind === 'trash') {
      if (change.trashed === null) return no('stays', 'It is in the trash of the system: put it back from there.')
      const inTrash = await disk.stamp(change.trashed)
      if (inTrash === null) return no('gone', 'It is not in the trash any more.')
      if (!isSame(inTrash, change.stamp)) return no('changed', 'It was changed in the trash.')
      if ((await disk.stamp(place)) !== null) return no('in-the-way', `There is something at ${place} again.`)
      return { state: 'can', why: '', to }
    }
    const now = await disk.stamp(place)
    if (now === null) return no('gone', `It is not at ${place} any more.`)
    if (!isSame(now, change.stamp)) return no('changed', 'It was changed since, so it is left alone.')
    switch (kind) {
      case 'move':
        if (source !== null && !isOneName(source, place) && (await disk.stamp(source)) !== null) {
          return no('in-the-way', `There is something at ${source} again.`)
        }
        return { state: 'can', why: '', to }
      case 'folder':
        return (await disk.isEmpty(place))
          ? { state: 'can', why: '', to }
          : no('stays', 'Other files are in it by now.')
      case 'write':
      case 'copy':
        if (!keeps) return no('stays', 'It is new: nothing was there before.')
        if ((await stampOf(kept.path(change.key))) === null) {
          return no('gone', 'What it replaced was not kept, or not for so long.')
        }
        return { state: 'can', why: '', to }
    }
  }

  /** Those that were put back and can be done again, in their order: each is looked at as if those before it were done again already. */
  async function redoable(changes: readonly FileChangeRow[]): Promise<ReadonlySet<string>> {
    const there = new Map<string, FileStamp | null>()
    const keys = new Set<string>()
    const stampAt = async (path: string): Promise<FileStamp | null> =>
      there.has(path) ? (there.get(path) ?? null) : stampOf(path)
    for (const change of changes) {
      if (change.state !== 'undone' || (await doAgain.obstacle(change, stampAt)) !== null) continue
      keys.add(change.key)
      if (change.undoneTo !== null) there.set(change.undoneTo, null)
      if (change.kind !== 'trash') there.set(change.place, change.stamp)
    }
    return keys
  }

  async function see(runId: string): Promise<readonly SeenChange[]> {
    const changes = await findFileChanges(reader, runId)
    const again = await redoable(changes)
    const disk = createDisk()
    const seen: SeenChange[] = []
    for (const change of changes.toReversed()) {
      const one = { change, ...(await look(change, disk)), canRedo: again.has(change.key) }
      // What was done before is looked at as if this were back already.
      if (one.state === 'can') disk.putBack(change, change.keeps ? await stampOf(kept.path(change.key)) : null)
      seen.push(one)
    }
    return seen.toReversed()
  }

  /** Does it. Returns where it was put. */
  async function undo(change: FileChangeRow, inTheWay: 'leave' | 'number'): Promise<string> {
    const { kind, place, source, trashed, key, keeps } = change
    const ifExists = inTheWay === 'number' ? 'number' : 'fail'
    switch (kind) {
      case 'move': {
        const back = await moveWhole(place, await placeToWrite(rules, source ?? place), ifExists)
        if (keeps && (await stampOf(kept.path(key))) !== null) await moveWhole(kept.path(key), place, 'fail')
        return back
      }
      case 'trash': {
        const back = await moveWhole(trashed ?? place, await placeToWrite(rules, place), ifExists)
        if (trashed !== null) await rm(noteOf(trashed), { force: true })
        return back
      }
      case 'write':
      case 'copy': {
        const before = kept.path(key)
        // The newer one stays for as long as the older one was kept.
        await link(place, newerOf(before)).catch(async () => void (await copyWhole(place, newerOf(before), 'replace')))
        await rename(before, place).catch(async (error: unknown) => {
          if (codeOf(error) !== 'EXDEV') throw error
          await copyWhole(before, place, 'replace')
          await rm(before)
        })
        return place
      }
      case 'folder':
        await rmdir(place)
        return dirname(place)
      case 'delete':
        throw new StepError({ code: 'file', message: `${place} was deleted for ever.`, retryable: false })
    }
  }

  async function putBackOne(change: FileChangeRow, inTheWay: 'leave' | 'number'): Promise<string | null> {
    if (!(await database.write((tx) => beginUndo(tx, change.key, clock.now())))) return 'It was put back by another.'
    try {
      const to = await undo(change, inTheWay)
      const stamp = await stampOf(to)
      await database.write((tx) => endUndo(tx, change.key, to, stamp))
      return null
    } catch (error) {
      await database.write((tx) => dropUndo(tx, change.key))
      return error instanceof StepError ? error.message : `It cannot be put back: ${codeOf(error) ?? String(error)}.`
    }
  }

  async function redoOne(change: FileChangeRow): Promise<string | null> {
    const obstacle = await doAgain.obstacle(change, stampOf)
    if (obstacle !== null) return obstacle
    if (!(await database.write((tx) => beginRedo(tx, change.key)))) return 'It was done by another.'
    try {
      const outcome = await doAgain.redo(change)
      await database.write((tx) => endRedo(tx, change.key, outcome))
      return null
    } catch (error) {
      await database.write((tx) => dropRedo(tx, change.key))
      return error instanceof StepError ? error.message : `It cannot be done again: ${codeOf(error) ?? String(error)}.`
    }
  }

  /** What became of something that was under way when its process ended. */
  async function settle(change: FileChangeRow): Promise<void> {
    const { key } = change
    if (isRedo(change)) {
      const redone = await doAgain.whatWasRedone(change)
      await database.write((tx) => (redone === null ? dropRedo(tx, key) : endRedo(tx, key, redone)))
      return
    }
    const found = change.state === 'intended' ? await whatWasDone(change) : undefined
    const undone = change.state === 'undoing' ? await whatWasUndone(change, kept) : undefined
    const stamp = typeof undone === 'string' ? await stampOf(undone) : null
    await database.write((tx) => {
      if (change.state === 'undoing') {
        if (undone === undefined) leaveUnclear(tx, key)
        else if (undone === null) dropUndo(tx, key)
        else endUndo(tx, key, undone, stamp)
      } else if (found === null) dropFileChange(tx, key)
      else if (found === undefined) leaveUnclear(tx, key)
      else settleFileChange(tx, key, found)
    })
  }

  return {
    see: (runId) => alone(() => see(runId)),
    putBack: (runId, { keys, inTheWay }) =>
      alone(async () => {
        const failed = new Map<string, string>()
        let count = 0
        for (const change of (await findFileChanges(reader, runId)).toReversed()) {
          if (keys !== undefined && !keys.includes(change.key)) continue
          // Looked at now: what came after it is back already.
          const { state, why } = await look(change, createDisk())
          if (state !== 'can' && !(state === 'in-the-way' && inTheWay === 'number')) {
            if (keys !== undefined && why !== '') failed.set(change.key, why)
            continue
          }
          const wrong = await putBackOne(change, inTheWay)
          if (wrong === null) count++
          else failed.set(change.key, wrong)
        }
        return { changes: await see(runId), count, failed }
      }),
    redo: (runId, { keys }) =>
      alone(async () => {
        const failed = new Map<string, string>()
        let count = 0
        for (const change of await findFileChanges(reader, runId)) {
          if (change.state !== 'undone' || (keys !== undefined && !keys.includes(change.key))) continue
          const wrong = await redoOne(change)
          if (wrong === null) count++
          else if (keys !== undefined) failed.set(change.key, wrong)
        }
        return { changes: await see(runId), count, failed }
      }),
    reconcile: (runId) =>
      alone(async () => {
        for (const change of await findOpenFileChanges(reader, runId)) await settle(change)
      }),
    tidy: () =>
      alone(async () => {
        const since = clock.now() - KEPT_MS
        for (const keys of chunks(await kept.keys(), 400)) {
          const wanted = await keysThatKeep(reader, keys.map(plainKey), since)
          for (const key of keys) if (!wanted.has(plainKey(key))) await kept.forget(key)
        }
      }),
  }
}

/** What is at paths, with what would be put back. */
type Disk = {
  stamp(path: string): Promise<FileStamp | null>
  isEmpty(folder: string): Promise<boolean>
  putBack(change: FileChangeRow, before: FileStamp | null): void
}

function createDisk(): Disk {
  const other = new Map<string, FileStamp | null>()
  return {
    stamp: async (path) => (other.has(path) ? (other.get(path) ?? null) : stampOf(path)),
    async isEmpty(folder) {
      const names = await readdir(folder).catch((): string[] => [''])
      return names.every((name) => other.get(join(folder, name)) === null)
    },
    putBack({ kind, place, source, stamp }, before) {
      if (kind === 'trash') other.set(place, stamp)
      else other.set(place, kind === 'folder' ? null : before)
      if (kind === 'move' && source !== null) other.set(source, stamp)
    },
  }
}

/** Names that differ in case or Unicode form alone may be one. */
const isOneName = (a: string, b: string): boolean =>
  a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase()

/** Milliseconds for which what was replaced is kept, so that it can be put back. */
const KEPT_MS = 30 * 86_400_000

function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

/** The note about a file in a trash of the freedesktop specification: `files/x` has `info/x.trashinfo`. */
const noteOf = (trashed: string): string => join(dirname(dirname(trashed)), 'info', `${basename(trashed)}.trashinfo`)

/** Names that a number may have made of a place. */
const MOST_LOOKED_AT = 50

/** What was done; null when it was not, undefined when that cannot be told. `stamp` is of the file as it was before. */
async function whatWasDone({ kind, place, source, stamp }: FileChangeRow): Promise<FileOutcome | null | undefined> {
  const there = await stampOf(place)
  switch (kind) {
    case 'delete':
      return there === null ? { place, trashed: null, stamp } : undefined
    case 'trash': {
      if (there !== null) return null
      const trashed = stamp === null ? null : await findTrashed(place, stamp)
      return { place, trashed, stamp }
    }
    case 'move': {
      if (source !== null && isSame(await stampOf(source), stamp)) {
        await takeBackName(source, (await findAgain(place, stamp)) ?? place)
        return null
      }
      const moved = await findAgain(place, stamp)
      return moved === undefined ? undefined : { place: moved, trashed: null, stamp: await stampOf(moved) }
    }
    case 'write':
    case 'copy':
    case 'folder':
      if (there === null) return undefined
      return isSame(there, stamp) ? null : { place, trashed: null, stamp: there }
  }
}

/** Where it was put back to; null when it was not, undefined when that cannot be told. */
async function whatWasUndone(change: FileChangeRow, kept: KeptFiles): Promise<string | null | undefined> {
  const { kind, place, source, trashed, stamp, key, keeps } = change
  const isHere = isSame(await stampOf(place), stamp)
  switch (kind) {
    case 'move': {
      const back = await findAgain(source ?? place, stamp)
      if (isHere) {
        if (back !== undefined) await takeBackName(place, back)
        return null
      }
      if (back === undefined) return undefined
      if (keeps && (await lstat(place).catch(() => null)) === null && (await stampOf(kept.path(key))) !== null) {
        await moveWhole(kept.path(key), place, 'fail')
      }
      return back
    }
    case 'trash': {
      if (trashed !== null && isSame(await stampOf(trashed), stamp)) return null
      const back = await findAgain(place, stamp)
      if (back !== undefined && trashed !== null) await rm(noteOf(trashed), { force: true })
      return back
    }
    case 'write':
    case 'copy':
      if ((await stampOf(kept.path(key))) !== null) return null
      return (await stampOf(place)) === null ? undefined : place
    case 'folder':
      return isHere ? null : dirname(place)
    case 'delete':
      return null
  }
}

/** Where a file is that went to a place, or to a numbered name beside it. */
async function findAgain(place: string, stamp: FileStamp | null): Promise<string | undefined> {
  for (let number = 1; number <= MOST_LOOKED_AT; number++) {
    const path = number === 1 ? place : numbered(place, number, stamp?.isFolder === true)
    const there = await stampOf(path)
    if (there === null) return undefined
    if (isSame(there, stamp)) return path
  }
  return undefined
}
