import type { Database } from '../db/open.ts'
import { findPermissions } from '../db/zaps.ts'
import type { ZapPermissions } from '../domain/trust/permissions.ts'

/** What zaps may touch, at hand for every step. */
export type PermissionBook = {
  /** Null for a zap that may touch all that its steps name. */
  of(zapId: string): ZapPermissions | null
  /** Must be awaited after permissions were stored. */
  refresh(): Promise<void>
}

export async function openPermissions(database: Database): Promise<PermissionBook> {
  let known = await findPermissions(database.reader)
  let reading = Promise.resolve()
  return {
    of: (zapId) => known.get(zapId) ?? null,
    refresh() {
      // One after the other: an older reading that is slower must not undo a newer one.
      reading = reading
        .catch(() => undefined)
        .then(async () => {
          known = await findPermissions(database.reader)
        })
      return reading
    },
  }
}
