import { link, mkdir, rename, rm } from 'node:fs/promises'
import type { FileChangeRow, FileOutcome, FileStamp } from '../db/file-changes.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { allowedRoot, type FolderRules } from './allowed-folders.ts'
import { isSame, stampOf } from './file-recorder.ts'
import { type KeptFiles, newerOf } from './kept-files.ts'
import { codeOf, placeToWrite } from './places.ts'
import { findTrashed, type Trash } from './trash.ts'
import { copyWhole, moveWhole, takeBackName } from './write-files.ts'

/** Does once more what was put back: the way back of the way back. */
export type DoAgain = {
  /** Why a change that was put back cannot be done again, as a sentence; null where it can. `stampAt` says what is at a path. */
  obstacle(change: FileChangeRow, stampAt: (path: string) => Promise<FileStamp | null>): Promise<string | null>
  /** Does it. Only after {@link obstacle} found none. */
  redo(change: FileChangeRow): Promise<FileOutcome>
  /** What became of it when its process ended meanwhile; null where it was not done. */
  whatWasRedone(change: FileChangeRow): Promise<FileOutcome | null>
}

export function createDoAgain(rules: FolderRules, kept: KeptFiles, trash: Trash): DoAgain {
  /** Where the file lies since it was put back. */
  const backAt = ({ undoneTo, source, place }: FileChangeRow): string => undoneTo ?? source ?? place

  async function outcome(place: string): Promise<FileOutcome> {
    return { place, trashed: null, stamp: await stampOf(place) }
  }

  return {
    async obstacle(change, stampAt) {
      const { kind, place, stamp, keeps, key } = change
      const at = backAt(change)
      if ([place, at].some((path) => allowedRoot(rules, path) === undefined))
        return 'Its folder is not allowed any more.'
      if (kind === 'folder') return (await stampAt(place)) === null ? null : `There is something at ${place} again.`
      const now = await stampAt(at)
      if (now === null) return `It is not at ${at} any more.`
      if (!isSame(now, stamp)) return 'It was changed since it was put back.'
      switch (kind) {
        case 'move':
          return keeps || at === place || (await stampAt(place)) === null
            ? null
            : `There is something at ${place} again.`
        case 'write':
        case 'copy':
          return (await stampOf(newerOf(kept.path(key)))) === null
            ? 'The newer file was not kept, or not for so long.'
            : null
        case 'trash':
          return null
        case 'delete':
          return 'It was deleted for ever.'
      }
    },

    async redo(change) {
      const { kind, place, keeps, key } = change
      const at = backAt(change)
      switch (kind) {
        case 'move': {
          // What was at its place before is kept once more.
          if (keeps && (await stampOf(place)) !== null) await moveWhole(place, kept.path(key), 'fail')
          await moveWhole(at, await placeToWrite(rules, place), 'fail')
          return outcome(place)
        }
        case 'trash': {
          const stamp = await stampOf(at)
          const trashed = await trash(at)
          return { place, trashed, stamp: trashed === null ? stamp : await stampOf(trashed) }
        }
        case 'write':
        case 'copy': {
          const before = kept.path(key)
          const newer = newerOf(before)
          await link(place, before).catch(async () => void (await copyWhole(place, before, 'replace')))
          await rename(newer, place).catch(async (error: unknown) => {
            if (codeOf(error) !== 'EXDEV') throw error
            await copyWhole(newer, place, 'replace')
            await rm(newer)
          })
          return outcome(place)
        }
        case 'folder':
          await mkdir(await placeToWrite(rules, place))
          return outcome(place)
        case 'delete':
          throw new StepError({ code: 'file', message: `${place} was deleted for ever.`, retryable: false })
      }
    },

    async whatWasRedone(change) {
      const { kind, place, stamp, key, keeps } = change
      const at = backAt(change)
      const isStillBack = isSame(await stampOf(at), stamp)
      switch (kind) {
        case 'move': {
          if (!isStillBack && isSame(await stampOf(place), stamp)) return outcome(place)
          await takeBackName(at, place)
          // What was at its place had made way already.
          if (keeps && (await stampOf(place)) === null && (await stampOf(kept.path(key))) !== null) {
            await moveWhole(kept.path(key), place, 'fail')
          }
          return null
        }
        case 'trash': {
          if (isStillBack) return null
          const trashed = stamp === null ? null : await findTrashed(at, stamp)
          return { place, trashed, stamp }
        }
        case 'write':
        case 'copy':
          return (await stampOf(newerOf(kept.path(key)))) !== null ? null : outcome(place)
        case 'folder':
          return (await stampOf(place)) === null ? null : outcome(place)
        case 'delete':
          return null
      }
    },
  }
}
