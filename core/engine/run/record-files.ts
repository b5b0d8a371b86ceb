import { randomUUID } from 'node:crypto'
import { dropFileChange, insertFileChange, settleFileChange } from '../../db/file-changes.ts'
import type { Database } from '../../db/open.ts'
import type { Clock } from '../../domain/time/clock.ts'
import type { FileRecorder } from '../../files/file-recorder.ts'
import type { KeptFiles } from '../../files/kept-files.ts'
import type { RunJournal } from './run-journal.ts'

/**
 * Writes into the journal of a run what one of its steps does to files. What can be put back is on the disk before it is done, and what it replaces is
 * kept; what became of it is committed with the end of the step.
 */
export function recordFiles(
  { database, clock, kept }: { readonly database: Database; readonly clock: Clock; readonly kept: KeptFiles },
  journal: RunJournal,
  at: { readonly runId: string; readonly stepId: string; readonly scope: string },
): FileRecorder {
  return {
    async intend({ kind, place, source, replaces, stamp }) {
      const key = randomUUID()
      const intended = { ...at, key, kind, place, source, keeps: replaces, stamp, at: clock.now() }
      await database.write((tx) => insertFileChange(tx, intended))
      if (replaces) await kept.keep(place, key)
      return {
        done: (outcome) => journal.add((tx) => settleFileChange(tx, key, outcome)),
        failed() {
          journal.add((tx) => dropFileChange(tx, key))
          if (replaces) void kept.forget(key).catch(() => undefined)
        },
      }
    },
    made(kind, outcome) {
      const { place } = outcome
      const { stamp } = outcome
      const made = { ...at, key: randomUUID(), kind, place, source: null, keeps: false, stamp, at: clock.now() }
      journal.add((tx) => insertFileChange(tx, made, outcome))
    },
  }
}
