import type { ZapRow } from '../db/zaps.ts'
import { awaitsReview, UNREADABLE_PERMISSIONS } from '../domain/trust/permissions.ts'
import type { Problem } from '../domain/zap/problem.ts'

/** Why something cannot be done with a zap, as sentences for the person who wanted it. */
export const noZap = (id: string): string => `There is no zap ${id}.`

export function notPublished(zap: ZapRow, problems: readonly Problem[]): string {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return `The zap "${zap.name}" cannot run yet: ${first?.message ?? ''}${more}`
}

/** Whether a zap came from elsewhere and no person has said yet what it may touch. */
export const isUnreviewed = ({ permissions }: Pick<ZapRow, 'permissions'>): boolean => awaitsReview(permissions)

/** Why a zap cannot run before a person has looked at it. */
export const reviewFirst = (zap: Pick<ZapRow, 'id' | 'name' | 'permissions'>): string =>
  `${
    zap.permissions === UNREADABLE_PERMISSIONS
      ? `What the zap "${zap.name}" may do cannot be read from the database any more, so it is locked`
      : `The zap "${zap.name}" came from elsewhere and was not reviewed`
  }: see what it may do with "hookline zap review ${zap.id}", then approve it there or with "hookline zap approve ${zap.id}".`
