import type { ApprovalAt } from '../../db/approvals.ts'
import { createFormSeal } from '../forms/form-seal.ts'

/** What the paths of all links to questions begin with. */
export const APPROVALS = '/approvals/'

/**
 * The paths at which questions of runs are answered. A path follows from the question and a secret of this data folder, so it is known before the
 * question is asked and no one else can make it. It opens nothing by itself: whether it still answers is looked up whenever it is used.
 */
export type ApprovalLinks = {
  pathOf(at: ApprovalAt): string
  /** The question of a path; null for one that we did not make. */
  read(path: string): ApprovalAt | null
}

export function createApprovalLinks(secret: string): ApprovalLinks {
  const sealed = createFormSeal(secret)
  const pathOf: ApprovalLinks['pathOf'] = ({ runId, stepId, scope }) =>
    APPROVALS + sealed.seal(APPROVALS, [runId, stepId, scope].join('\n'))
  return {
    pathOf,
    read(path) {
      const opened = sealed.open(APPROVALS, path.slice(APPROVALS.length))
      if (opened === null) return null
      const [runId = '', stepId = '', scope = ''] = opened.split('\n')
      const at = { runId, stepId, scope }
      // The last character of a seal can be written in several ways; a link has one.
      return pathOf(at) === path ? at : null
    },
  }
}
