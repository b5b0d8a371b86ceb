import type { Decision } from '../../core/contract/values.ts'

/** What became of a question, as a sentence without its time. */
export const DECISION_WORDS: Readonly<Record<Decision, string>> = {
  approved: 'Approved',
  declined: 'Declined',
  chosen: 'Answered',
  expired: 'Not answered in time',
  withdrawn: 'No longer asked, as its run ended',
}
