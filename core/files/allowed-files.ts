import { constants } from 'node:fs'
import { mkdir, realpath, rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { FileAccess, IfExists } from '../connectors/action-context.ts'
import { openRegularFile } from '../db/regular-file.ts'
import { StepError } from '../domain/runs/step-error.ts'
import type { FolderRules } from './allowed-folders.ts'
import { type FileIntent, type FileNote, type FileRecorder, NO_RECORDER, stampOf } from './file-recorder.ts'
import { findFiles, infoOf } from './find-files.ts'
import {
  existingEntry,
  existingPlace,
  fileError,
  findEntry,
  findPlace,
  isAllowedPlace,
  placeToWrite,
} from './places.ts'
import { systemTrash, type Trash } from './trash.ts'
import { type BeforeName, copyWhole, moveWhole, writeWhole } from './write-files.ts'

/**
 * Files inside the allowed folders, and no others: symbolic links are followed before the check. What is no regular file is neither read nor
 * written, and a link as the last part of a path that is written to is refused or replaced, never followed.
 */
export function createFileAccess(
  rules: FolderRules,
  trash: Trash = systemTrash(),
  recorder: FileRecorder = NO_RECORDER,
): FileAccess {
  /** Does what may fail in the words of the system, and says it in words about the path that was given. */
  async function trying<T>(path: string, done: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw fileError(path, done, error)
    }
  }

  /** Where something named `name` goes that is sent to `to`: into the folder, where `to` ends with a slash or is one. */
  async function target(to: string, name: string): Promise<string> {
    const intoFolder = /[\\/]\s*$/.test(to)
    const found = intoFolder ? undefined : await findPlace(rules, to)
    const isFolder = found?.isThere === true && (await stat(found.path)).isDirectory()
    return placeToWrite(rules, intoFolder || isFolder ? join(to.trim(), name) : to)
  }

  /** Does something to a place that can be put back, with a note before it and one after it. */
  async function noted<T extends { readonly path: string; readonly trashed?: string | null }>(
    intent: Pick<FileIntent, 'kind' | 'place' | 'source'>,
    ifExists: IfExists,
    work: (before: BeforeName) => Promise<T>,
  ): Promise<T> {
    const { kind, place } = intent
    const there = ifExists === 'replace' ? await stampOf(place) : null
    const replaces = there !== null && !there.isFolder
    // Something new leaves nothing to put back, so it is only told afterwards.
    const isNew = (kind === 'write' || kind === 'copy') && !replaces
    let note: FileNote | undefined
    try {
      const result = await work(async () => {
        if (isNew) return
        const stamp = kind === 'write' || kind === 'copy' ? there : await stampOf(intent.source ?? place)
        note = await recorder.intend({ ...intent, replaces, stamp })
      })
      const { path, trashed = null } = result
      const outcome = { place: path, trashed, stamp: await stampOf(trashed ?? path) }
      if (isNew) recorder.made(kind, outcome)
      else note?.done(outcome)
      return result
    } catch (error) {
      note?.failed()
      throw error
    }
  }

  return {
    append: (path, text) =>
      trying(path, 'written', async () => {
        const file = await placeToWrite(rules, path)
        const flags = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0)
        const handle = await openRegularFile(file, flags, 0o600)
        try {
          const data = Buffer.from(text, 'utf8')
          await handle.appendFile(data)
          // A step that is journaled as done must have reached the disk.
          await handle.datasync()
          return { path: file, bytes: data.length }
        } finally {
          await handle.close()
        }
      }),

    open: (path) =>
      trying(path, 'read', async () => {
        const place = await existingPlace(rules, path)
        const handle = await openRegularFile(place, constants.O_RDONLY)
        const info = infoOf(place, await handle.stat())
        return {
          info,
          stream: (): AsyncIterable<Uint8Array> => handle.createReadStream({ autoClose: false }),
          close: () => handle.close(),
        }
      }),

    write: (path, content, ifExists) =>
      trying(path, 'written', async () => {
        const place = await placeToWrite(rules, path)
        return noted({ kind: 'write', place, source: null }, ifExists, (before) =>
          writeWhole(place, content, ifExists, before),
        )
      }),

    copy: (from, to, ifExists) =>
      trying(from, 'copied', async () => {
        const source = await existingPlace(rules, from)
        if (!(await stat(source)).isDirectory()) await (await openRegularFile(source, constants.O_RDONLY)).close()
        const place = await target(to, basename(source))
        return noted({ kind: 'copy', place, source: null }, ifExists, async (before) => ({
          path: await copyWhole(source, place, ifExists, before),
          from: source,
        }))
      }),

    move: (from, to, ifExists) =>
      trying(from, 'moved', async () => {
        const source = await existingEntry(rules, from)
        const place = await target(to, basename(source))
        return noted({ kind: 'move', place, source }, ifExists, async (before) => {
          await before()
          return { path: await moveWhole(source, place, ifExists), from: source }
        })
      }),

    remove: (path, how) =>
      trying(path, 'deleted', async () => {
        const { path: entry, isThere } = await findEntry(rules, path)
        if (!isThere) return { path: entry, existed: false, trashed: null }
        const kind = how === 'trash' ? 'trash' : 'delete'
        return noted({ kind, place: entry, source: null }, 'fail', async (before) => {
          await before()
          const trashed = how === 'trash' ? await trash(entry) : null
          if (how === 'forever') await rm(entry, { recursive: true })
          return { path: entry, existed: true, trashed }
        })
      }),

    list: (folder, glob, signal) =>
      trying(folder, 'listed', async () => {
        const place = await existingPlace(rules, folder)
        if (!(await stat(place)).isDirectory()) {
          const message = `"${folder}" is a file: name the folder that it is in.`
          throw new StepError({ code: 'bad-input', message, retryable: false })
        }
        return findFiles(place, glob, (real) => isAllowedPlace(rules, real), signal)
      }),

    info: (path) =>
      trying(path, 'looked at', async () => {
        const { path: place, isThere } = await findPlace(rules, path)
        return isThere ? infoOf(place, await stat(place)) : { path: place, missing: true }
      }),

    makeFolder: (path) =>
      trying(path, 'made', async () => {
        const place = await placeToWrite(rules, resolve(rules.all()[0], path))
        const existed = await mkdir(place, { mode: 0o700 }).then(
          () => false,
          async (error: unknown) => {
            // A link to a folder is one, if it leads to an allowed place.
            if ((await stat(place).catch(() => null))?.isDirectory() !== true) throw error
            return true
          },
        )
        if (!(await isAllowedPlace(rules, await realpath(place)))) await existingPlace(rules, path)
        if (!existed) recorder.made('folder', { place, trashed: null, stamp: await stampOf(place) })
        return { path: place, existed }
      }),
  }
}
