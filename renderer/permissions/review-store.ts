import { create } from 'zustand'
import type { ImportPreview } from '../../core/contract/values.ts'

/** What was picked or pasted and is looked at before it is stored, one after the other. */
export const useReviews = create<{ readonly waiting: readonly ImportPreview[]; readonly total: number }>(() => ({
  waiting: [],
  total: 0,
}))

export function beginReviews(previews: readonly ImportPreview[]): void {
  useReviews.setState({ waiting: previews, total: previews.length })
}

/** Goes on with the next one. True when there is one. */
export function nextReview(): boolean {
  useReviews.setState(({ waiting }) => ({ waiting: waiting.slice(1) }))
  return useReviews.getState().waiting.length > 0
}
