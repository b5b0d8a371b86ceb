import { z } from 'zod'
import { type BackupFailure, getBackupFailure, writeBackupFailure } from '../db/backup-failures.ts'
import type { Database } from '../db/open.ts'
import { readSetting, writeSetting } from '../db/settings.ts'
import type { Log } from '../domain/host/log.ts'
import { backupFaultText } from '../domain/runs/backup-fault.ts'
import { readStoredSection, type SettingsOf } from '../domain/settings/settings.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { Signals } from '../signals.ts'
import { type BackupFile, createBackupFiles } from './backup-files.ts'
import { BackupError, faultOf, makeReady, ownBackupFolder } from './backup-room.ts'

/** Makes a backup a day, and keeps the newest ones. */
export type BackupKeeper = {
  start(): void
  /** Breaks off what is under way. */
  stop(): Promise<void>
  /** Makes a backup when one is due. Returns whether it did; a failure is kept, and does not reject. */
  runOnce(): Promise<boolean>
  /** Makes one whether it is due or not. Rejects with an Error that says what to do. */
  backUpNow(): Promise<BackupFile>
  state(): Promise<BackupState>
  /** The folder must have been found fit. */
  settings(): SettingsOf<'backups'>
  configure(settings: SettingsOf<'backups'>): Promise<void>
}

export type BackupState = {
  readonly settings: SettingsOf<'backups'>
  readonly folder: string
  /** The newest first. */
  readonly files: readonly BackupFile[]
  /** Why they cannot be listed. */
  readonly unreadable: string | null
  /** When the next one is made by itself; null when none is. */
  readonly nextAt: number | null
  /** How much of the one that is under way is copied: from 0 to 1. */
  readonly copied: number | null
  readonly failure: BackupFailure
}

const DAY_MS = 86_400_000
/** Milliseconds after a start, or a sleep, before one is made: what waits to run goes first. */
const SETTLE_MS = 120_000
/** A failed one is tried again after so long. */
const RETRY_MS = 3_600_000
/** The longest time between two looks, as files may be taken away. */
const LOOK_MS = 3_600_000

const SETTING = 'backups'

export async function createBackupKeeper(config: {
  readonly dataDir: string
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  /** What the copies of this installation say of themselves. */
  readonly mark: number
  readonly signals: Signals
}): Promise<BackupKeeper> {
  const { dataDir, database, clock, log, signals, mark } = config
  const files = createBackupFiles(mark)
  let settings = readStoredSection(SETTING, await readSetting(database.reader, SETTING, z.unknown()))
  let failure = await database.write(getBackupFailure)
  let running: { copied: number; readonly made: Promise<BackupFile> } | null = null
  /** None is made by itself before. */
  let settledAt = clock.now() + SETTLE_MS
  const stopping = new AbortController()

  const folder = (): string => settings.folder ?? ownBackupFolder(dataDir)

  /** When one is due, going by those that are there. Those of the future are of a clock that was set back since. */
  function dueAt(found: readonly BackupFile[], now: number): number {
    const last = found.find(({ at }) => at <= now)
    const due = last === undefined ? now : last.at + DAY_MS
    const retryAt = failure === null || failure.at > now ? now : failure.at + RETRY_MS
    return Math.max(due, retryAt, Math.min(settledAt, now + SETTLE_MS))
  }

  async function make(): Promise<BackupFile> {
    const where = folder()
    const known = await files.list(where).catch(() => [])
    const older = known[0]?.file ?? null
    await makeReady(dataDir, where, older)
    await files.removeUnfinished(where)
    const at = clock.now()
    const file = files.newFile(where, at)
    const progress = (share: number): void => {
      if (running !== null) running.copied = share
      signals.emit('backups:changed')
    }
    try {
      await database.backup({ file, older, mark, signal: stopping.signal, progress })
    } catch (error) {
      throw new BackupError(faultOf(error, file), error)
    }
    const present = await files.list(where)
    // Never the one just made, also when a clock that was set gave the others later times.
    const old = present.filter((one) => one.file !== file).slice(settings.keep - 1)
    for (const one of old) {
      await files
        .remove(one.file)
        .catch((error: unknown) =>
          log.warn(`The old backup ${one.file} could not be deleted.`, { error: String(error) }),
        )
    }
    log.info('A backup was made.', { file })
    return present.find((one) => one.file === file) ?? { file, at, bytes: 0 }
  }

  /** Makes one; a caller that wants one while another is under way gets that. */
  function begin(): Promise<BackupFile> {
    if (running !== null) return running.made
    const made = make().finally(() => {
      running = null
      signals.emit('backups:changed')
    })
    running = { copied: 0, made }
    signals.emit('backups:changed')
    return made
  }

  async function note(next: BackupFailure): Promise<void> {
    if (next === null && failure === null) return
    failure = next
    await database.write((tx) => writeBackupFailure(tx, next))
    signals.emit('incidents:suspected')
    signals.emit('backups:changed')
  }

  async function runOnce(): Promise<boolean> {
    const now = clock.now()
    if (!settings.enabled || stopping.signal.aborted) return false
    if (dueAt(await files.list(folder()).catch(() => []), now) > now) return false
    try {
      await begin()
    } catch (error) {
      if (stopping.signal.aborted) return false
      const fault = faultOf(error, files.newFile(folder(), now))
      log.warn('The backup of today could not be made.', { error: backupFaultText(fault) })
      await note({ at: now, message: fault })
      return false
    }
    await note(null)
    return true
  }

  async function untilDue(): Promise<number> {
    const due = dueAt(await files.list(folder()).catch(() => []), clock.now())
    return Math.min(Math.max(due - clock.now(), 1_000), LOOK_MS)
  }

  const failed = 'Backups could not be looked after.'
  const rounds = repeat({ clock, log, failed, everyMs: untilDue, run: runOnce })

  signals.on('clock:jumped', () => {
    settledAt = clock.now() + SETTLE_MS
    void rounds.replan()
  })

  return {
    start: rounds.start,
    async stop() {
      stopping.abort(new Error('Hookline was stopped before the backup was whole.'))
      await running?.made.catch(() => undefined)
      await rounds.stop()
    },
    runOnce,
    async backUpNow() {
      const made = await begin()
      await note(null)
      return made
    },
    async state() {
      const where = folder()
      let unreadable: string | null = null
      const found = await files.list(where).catch((error: unknown) => {
        const isNew = settings.folder === null && error instanceof Error && 'code' in error && error.code === 'ENOENT'
        if (!isNew) unreadable = backupFaultText(faultOf(error, files.newFile(where, clock.now())))
        return []
      })
      return {
        settings,
        folder: where,
        files: found,
        unreadable,
        nextAt: settings.enabled ? dueAt(found, clock.now()) : null,
        copied: running?.copied ?? null,
        failure,
      }
    },
    settings: () => settings,
    async configure(next) {
      await database.write((tx) => writeSetting(tx, SETTING, next))
      const isElsewhere = next.folder !== settings.folder
      settings = next
      // Where it failed, or that it was to be made at all, is over.
      if (!next.enabled || isElsewhere) await note(null)
      signals.emit('backups:changed')
      void rounds.replan()
    },
  }
}
