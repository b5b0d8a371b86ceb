import type { ApprovalAt } from '../../db/approvals.ts'
import { createFormSeal } from '../forms/form-seal.ts'

/** What the paths of all links to questions begin with. */
export const APPROVALS = '/approvals/'

/**
 * The paths at which questions of runs are answered. A path follows from the question and a secret of this data folder, or one that the hosts of a fleet share, so it is known before the
 * question is asked and no one else can make it. It opens nothing by itself: whether it still answers is looked up whenever it is used.
 */
export type ApprovalLinks = {
  pathOf(at: ApprovalAt): string
  /** The question of a path; null for one that we did not make. */
  read(path: string): ApprovalAt | null
}

/** `secrets`: as those of a {@link createFormSeal}. */
export function createApprovalLinks(...secrets: readonly [string, ...string[]]): ApprovalLinks {
  const sealed = createFormSeal(...secrets)
  const all = secrets.map((secret) => createFormSeal(secret))
  const pathOf: ApprovalLinks['pathOf'] = ({ runId, stepId, scope }) =>
    APPROVALS + sealed.seal(APPROVALS, [runId, stepId, scope].join('\n'))
  return {
    pathOf,
    read(path) {
      const opened = sealed.open(APPROVALS, path.slice(APPROVALS.length))
      if (opened === null) return null
      const [runId = '', stepId = '', scope = ''] = opened.split('\n')
      const at = { runId, stepId, scope }
      // The last character of a seal can be written in several ways; a link has one for each secret.
      const isOurs = all.some((seal) => APPROVALS + seal.seal(APPROVALS, opened) === path)
      return isOurs ? at : null
    },
  }
}
