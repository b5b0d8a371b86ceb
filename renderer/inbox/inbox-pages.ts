import type { InboxRequest } from '../../core/contract/values.ts'

/** Requests, newest first, and the cursor of the next older page; null when there is none. */
export type InboxPages = { readonly requests: readonly InboxRequest[]; readonly next: number | null }

/** The newest page laid over what is shown. What lies behind stays, unless so much came that the two do not meet any more. */
export function withNewest(shown: InboxPages | null, newest: InboxPages): InboxPages {
  const oldest = newest.requests.at(-1)
  if (shown === null || oldest === undefined || newest.next === null) return newest
  const behind = shown.requests.filter((request) => request.id < oldest.id)
  const meets = shown.requests.some((request) => request.id >= oldest.id)
  return meets && behind.length > 0 ? { requests: [...newest.requests, ...behind], next: shown.next } : newest
}

/** An older page put behind what is shown. */
export function withOlder(shown: InboxPages, older: InboxPages): InboxPages {
  const last = shown.requests.at(-1)?.id ?? Number.POSITIVE_INFINITY
  return { requests: [...shown.requests, ...older.requests.filter(({ id }) => id < last)], next: older.next }
}
