import type { Stats } from 'node:fs'
import { lstat, readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import type { FolderEvent, FolderToWatch } from '../../connectors/trigger-sources.ts'
import type { Tx } from '../../db/executor.ts'
import { stampsPutBack } from '../../db/file-changes.ts'
import {
  deleteWatch,
  deleteWatchedFile,
  getWatchedFiles,
  getWatchedFolders,
  getWatchedStamp,
  writeWatch,
  writeWatchedFile,
} from '../../db/watched-files.ts'
import { isZapEnabled } from '../../db/zaps.ts'
import type { IncomingEvent } from '../../domain/runs/incoming-event.ts'
import type { Clock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import { isSame, stampIn } from '../../files/file-recorder.ts'
import { compileGlob } from '../../files/glob.ts'
import { readScanned, stampOf } from '../../files/scan-folder.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import type { WorkThread } from '../../threads/work-thread.ts'
import type { At } from '../live-triggers.ts'
import { type FolderListener, listenTo } from './folder-listener.ts'
import { type Dealt, type DealtFile, type FolderSharing, fileEventId } from './folder-sharing.ts'

/** A trigger that watches a folder. `subject` is what it watches, as text: of another one nothing is known yet. */
export type LiveFolderWatch = At & { readonly subject: string; readonly watch: FolderToWatch }

/** Paths that are looked at in one go, and whose events are one transaction. */
const AT_ONCE = 200
/** Files that are noted in one transaction while a folder is looked through for the first time. */
const NOTED_AT_ONCE = 2_000
/** The folder is looked through anew so often: the system may have told of nothing, as it does while the computer sleeps. */
const RESCAN_MS = 300_000
/** The same where the system tells of nothing at all. */
const UNHEARD_RESCAN_MS = 30_000
/** A folder that is not there, such as one of a network drive, is looked for so often. */
const LOOK_FOR_MS = 5_000

export type FolderWatchConfig = {
  readonly clock: Clock
  readonly outbox: Pick<Outbox, 'acceptAll'>
  readonly thread: Pick<WorkThread, 'run'>
  /** The real path of the folder. Rejects with a StepError where it is not there or not allowed. */
  locate(folder: string): Promise<string>
  /** Whether nothing is known of what is watched. */
  isNew(tx: Tx): boolean
  readonly sharing?: FolderSharing | undefined
  /** Tells what keeps it from watching; null when nothing does any more. */
  report(problem: string | null): void
}

/** One folder under watch. */
export type FolderWatch = {
  /** Looks through the whole folder soon. */
  look(): void
  /** Resolves when what is under way is stored. */
  end(): Promise<void>
}

/**
 * Watches a folder. What is known of its files is in the database, and changes in the transaction of the event that says so: a change starts one
 * run, however often the system tells of it and whenever the host was killed. A file counts when nothing was written to it for `settleMs`.
 */
export function watchFolder(live: LiveFolderWatch, config: FolderWatchConfig): FolderWatch {
  const { clock, outbox, thread, sharing } = config
  const { glob, events, settleMs, existing } = live.watch
  const { fits } = compileGlob(glob)
  const ended = new AbortController()
  /** Paths of which something was heard: when to look at them, how they looked then, and whether something was heard since. */
  const heard = new Map<string, { dueAt: number; stamp: string | null; isAgain: boolean }>()
  let listener: FolderListener | undefined
  let root: { readonly path: string; readonly dev: number } | undefined
  let isScanDue = true
  let working: Promise<void> | undefined
  let cancelTimer = (): void => undefined
  let timerAt = Number.POSITIVE_INFINITY
  let nextScanAt = 0

  /** Works on what is due in so many milliseconds at the latest, and then comes back for the rest. */
  function wake(ms = 0): void {
    const at = clock.now() + ms
    // To put off what is due again and again would be never to do it.
    if (ended.signal.aborted || working !== undefined || timerAt <= at) return
    cancelTimer()
    timerAt = at
    cancelTimer = clock.after(ms, () => {
      timerAt = Number.POSITIVE_INFINITY
      working = work()
        .catch((error: unknown) => {
          if (ended.signal.aborted) return
          config.report(error instanceof Error ? error.message : String(error))
          lose()
        })
        .finally(() => {
          working = undefined
          wake(untilNext())
        })
    })
  }

  function untilNext(): number {
    if (root === undefined) return LOOK_FOR_MS
    if (isScanDue) return 0
    const now = clock.now()
    let next = nextScanAt
    for (const { dueAt } of heard.values()) next = Math.min(next, dueAt)
    return Math.max(0, next - now)
  }

  async function work(): Promise<void> {
    if (root === undefined) await find()
    if (isScanDue || clock.now() >= nextScanAt) await scan()
    await lookAtHeard()
  }

  /** The folder is not there any more, which says nothing about what is in it. */
  function lose(): void {
    listener?.close()
    listener = undefined
    root = undefined
    heard.clear()
    isScanDue = true
  }

  async function find(): Promise<void> {
    const path = await config.locate(live.watch.folder)
    const { dev } = await stat(path)
    root = { path, dev }
    isScanDue = true
    listener = listenTo(path, hear, (error) => {
      config.report(
        `The system does not tell of changes in ${path} (${error.message}), so it is looked through every ${UNHEARD_RESCAN_MS / 1_000} s. ` +
          'On Linux, "sysctl fs.inotify.max_user_watches" says how many folders it tells of.',
      )
    })
    config.report(null)
  }

  function hear(path: string): void {
    if (ended.signal.aborted) return
    if (path === '') {
      isScanDue = true
      wake(settleMs)
      return
    }
    const known = heard.get(path)
    if (known !== undefined) known.isAgain = true
    else heard.set(path, { dueAt: clock.now(), stamp: null, isAgain: false })
    wake()
  }

  /** Whether the folder is the one that was found: of a drive that went away the empty place is left. */
  async function isThere(): Promise<boolean> {
    if (root === undefined) return false
    const stats = await stat(root.path).catch(() => null)
    if (stats?.isDirectory() !== true) return false
    return stats.dev === root.dev || (await readdir(root.path)).length > 0
  }

  async function mustBeThere(): Promise<void> {
    if (!(await isThere())) throw new Error(`The folder ${live.watch.folder} is not there: it is looked for.`)
  }

  async function scan(below = ''): Promise<void> {
    await mustBeThere()
    const isWhole = below === ''
    if (isWhole) isScanDue = false
    const inherited = isWhole ? sharing?.inherited(live, live.subject) : undefined
    // What this host knew is from before another one kept the watch.
    if (inherited !== undefined) await reading((tx) => deleteWatch(tx, live))
    const isFirst = isWhole && (inherited !== undefined || (await reading(config.isNew)))
    const seen = new Set<string>()
    for await (const piece of thread.run(
      'folder.scan',
      nothing(),
      { root: root?.path ?? '', below, glob },
      ended.signal,
    )) {
      const { folder, files } = readScanned(piece)
      if (files === undefined) {
        listener?.add(folder)
        continue
      }
      seen.add(folder)
      if (inherited !== undefined) await inherit(folder, files, inherited)
      else if (isFirst && existing === 'ignore') await note(folder, files)
      else await compare(folder, files)
    }
    if (isFirst) {
      await reading((tx) => writeWatch(tx, live, live.subject))
      sharing?.begun(live, live.subject)
    }
    // Folders that are not there any more had files.
    const known = await reading((tx) => getWatchedFolders(tx, live))
    for (const folder of known) {
      const isOf = isWhole || folder === below || folder.startsWith(`${below}/`)
      if (isOf && !seen.has(folder)) await compare(folder, [])
    }
    if (isWhole) nextScanAt = clock.now() + (listener?.isHeard() === true ? RESCAN_MS : UNHEARD_RESCAN_MS)
  }

  /** Reads or writes by the writer: what it wrote a moment ago must be seen. */
  async function reading<T>(read: (tx: Tx) => T): Promise<T> {
    let result: { readonly value: T } | undefined
    await outbox.acceptAll((tx) => {
      result = { value: read(tx) }
      return []
    })
    if (result === undefined) throw new Error('nothing was read')
    return result.value
  }

  /** Files that are there when a folder is watched for the first time start nothing. */
  async function note(folder: string, files: readonly FoundFile[]): Promise<void> {
    for (let at = 0; at < files.length; at += NOTED_AT_ONCE) {
      const some = files.slice(at, at + NOTED_AT_ONCE)
      await outbox.acceptAll((tx) => {
        for (const [name, stamp] of some) writeWatchedFile(tx, live, folder, name, stamp)
        return []
      })
      sharing?.dealt(
        live,
        live.subject,
        some.map(([name, stamp, changedAt]) => dealtFile(pathOf(folder, name), stamp, changedAt)),
      )
    }
  }

  /** Another host kept this watch: what that has dealt with starts nothing, and what came since does. */
  async function inherit(folder: string, files: readonly FoundFile[], { before, has }: Dealt): Promise<void> {
    const isDealtWith = ([name, stamp, changedAt]: FoundFile): boolean =>
      changedAt < before || has(dealtFile(pathOf(folder, name), stamp, changedAt).id)
    await note(folder, files.filter(isDealtWith))
    for (const file of files) if (!isDealtWith(file)) hear(pathOf(folder, file[0]))
  }

  const dealtFile = (path: string, stamp: string, changedAt: number): DealtFile => ({
    id: fileEventId(live, path, stamp, changedAt),
    changedAt,
  })

  /** Hears of every file of a folder that is not as it is known. */
  async function compare(folder: string, files: readonly FoundFile[]): Promise<void> {
    const known = await reading((tx) => getWatchedFiles(tx, live, folder))
    for (const [name, stamp] of files) {
      if (known.get(name) !== stamp) hear(pathOf(folder, name))
      known.delete(name)
    }
    for (const name of known.keys()) hear(pathOf(folder, name))
  }

  async function lookAtHeard(): Promise<void> {
    while (!ended.signal.aborted) {
      const now = clock.now()
      const due: string[] = []
      for (const [path, { dueAt }] of heard) if (dueAt <= now && due.push(path) === AT_ONCE) break
      if (due.length === 0) return
      const looks = await Promise.all(due.map(lookAt))
      const settled = looks.filter((look) => look !== null)
      if (settled.length > 0) await accept(settled)
      for (const { path } of settled) {
        if (heard.get(path)?.isAgain === true) heard.set(path, { dueAt: clock.now(), stamp: null, isAgain: false })
        else heard.delete(path)
      }
    }
  }

  type Look = { readonly path: string; readonly stats: Stats | null }

  /** How a path looks; null for what is no file that counts, or not yet. */
  async function lookAt(path: string): Promise<Look | null> {
    const entry = heard.get(path)
    if (entry !== undefined) entry.isAgain = false
    const stats = await lstat(join(root?.path ?? '', path)).catch(() => null)
    if (stats === null) await mustBeThere()
    if (stats?.isDirectory() === true) {
      heard.delete(path)
      await scan(path)
      return null
    }
    // What went away may have been a folder, also one that was moved.
    if (stats === null && (await isNoKnownFile(path))) {
      heard.delete(path)
      const known = await reading((tx) => getWatchedFolders(tx, live))
      for (const folder of known) if (folder === path || folder.startsWith(`${path}/`)) await compare(folder, [])
      return null
    }
    if (!fits(path) || (stats !== null && !stats.isFile())) {
      heard.delete(path)
      return null
    }
    const now = clock.now()
    const before = heard.get(path)?.stamp
    const stamp = stats === null ? '' : stampOf(stats)
    // By the clock of its disk nothing happened to it for so long; where that clock goes otherwise, by two looks.
    const isSettled = settleMs === 0 || (stats !== null && now - stats.ctimeMs >= settleMs) || before === stamp
    if (isSettled) return { path, stats }
    const wait = stats === null ? settleMs : Math.min(settleMs, Math.max(20, stats.ctimeMs + settleMs - now))
    heard.set(path, { dueAt: now + wait, stamp, isAgain: false })
    return null
  }

  async function isNoKnownFile(path: string): Promise<boolean> {
    const folder = path.includes('/') ? dirname(path) : ''
    return (await reading((tx) => getWatchedStamp(tx, live, folder, basename(path)))) === undefined
  }

  /** Starts runs for what changed, and stores with them what is known now. */
  async function accept(looks: readonly Look[]): Promise<void> {
    const receivedAt = clock.now()
    let isTaken = false
    await outbox.acceptAll((tx) => {
      isTaken = !ended.signal.aborted && isZapEnabled(tx, live.zapId)
      return isTaken ? looks.flatMap((look) => eventFor(tx, look, receivedAt) ?? []) : []
    })
    if (!isTaken || sharing === undefined) return
    sharing.dealt(
      live,
      live.subject,
      looks.flatMap(({ path, stats }) => (stats === null ? [] : [dealtFile(path, stampOf(stats), stats.ctimeMs)])),
    )
  }

  function eventFor(tx: Tx, { path, stats }: Look, receivedAt: number): IncomingEvent | null {
    const [folder, name] = [path.includes('/') ? dirname(path) : '', basename(path)]
    const known = getWatchedStamp(tx, live, folder, name)
    const stamp = stats === null ? undefined : stampOf(stats)
    if (known === stamp) return null
    if (stamp === undefined) deleteWatchedFile(tx, live, folder, name)
    else writeWatchedFile(tx, live, folder, name, stamp)
    const event: FolderEvent = stamp === undefined ? 'removed' : known === undefined ? 'created' : 'changed'
    if (!events.includes(event)) return null
    // What a person has put back would otherwise be taken away by the same rule at once.
    if (stats !== null && isPutBack(tx, join(root?.path ?? '', path), stats, clock.now())) return null
    const { zapId, version, stepId: triggerStepId } = live
    const data = dataOf(event, join(root?.path ?? '', path), stats, clock.now())
    return { zapId, version, triggerStepId, data, receivedAt, ...namedBy(path, stats, receivedAt) }
  }

  /** In a fleet an event is known by its file. Where the clock of the disk goes otherwise, its run would stand in another time. */
  function namedBy(path: string, stats: Stats | null, now: number): Pick<IncomingEvent, 'id' | 'dedupeKey'> {
    if (sharing === undefined || stats === null || Math.abs(now - stats.ctimeMs) > DAY_MS) return { dedupeKey: null }
    const { id } = dealtFile(path, stampOf(stats), stats.ctimeMs)
    return { id, dedupeKey: `file:${id}` }
  }

  wake()
  return {
    look() {
      isScanDue = true
      wake()
    },
    async end() {
      ended.abort(new Error('the watch has ended'))
      cancelTimer()
      listener?.close()
      await working
    },
  }
}

type FoundFile = readonly [name: string, stamp: string, changedAt: number]

const DAY_MS = 86_400_000

const pathOf = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

/** Milliseconds for which a file that was put back is known as that: the longest pause between two looks, and much more. */
const PUT_BACK_MS = 3_600_000

function isPutBack(tx: Tx, path: string, stats: Stats, now: number): boolean {
  const stamp = stampIn(stats)
  return stampsPutBack(tx, path, now - PUT_BACK_MS).some((known) => isSame(known, stamp))
}

/** What a run is given. Of a file that is gone its size is not known, and its time is when that was noticed. */
function dataOf(event: FolderEvent, path: string, stats: Stats | null, now: number): Json {
  const name = basename(path)
  return {
    event,
    path,
    name,
    folder: dirname(path),
    extension: extname(name).slice(1).toLowerCase(),
    bytes: stats?.size ?? 0,
    modifiedAt: new Date(stats?.mtimeMs ?? now).toISOString(),
  }
}

async function* nothing(): AsyncIterable<Uint8Array> {}
