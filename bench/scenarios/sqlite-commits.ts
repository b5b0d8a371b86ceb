import { join } from 'node:path'
import { openTwoRows } from '../limits/two-rows.ts'
import { ORDER } from '../load.ts'
import { withFolder } from '../owned-processes.ts'
import type { Figures } from '../scenario.ts'

/** Commits of two rows a second that better-sqlite3 manages by itself, one after the other. */
export function sqliteCommits(seconds: number): Promise<Figures> {
  return withFolder(async (folder) => {
    const perSecond = (synchronous: 'FULL' | 'NORMAL'): number => {
      const commit = openTwoRows(join(folder, `${synchronous}.db`), synchronous)
      const startedAt = performance.now()
      let count = 0
      while (performance.now() - startedAt < seconds * 1_000) {
        commit(ORDER)
        count++
      }
      return count / ((performance.now() - startedAt) / 1_000)
    }
    return { 'FULL, commits/s': perSecond('FULL'), 'NORMAL, commits/s': perSecond('NORMAL') }
  })
}
