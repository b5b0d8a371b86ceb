import { expect, test } from 'vitest'
import type { InboxRequest } from '../../core/contract/values.ts'
import { type InboxPages, withNewest, withOlder } from './inbox-pages.ts'

const request = (id: number): InboxRequest => ({
  id,
  receivedAt: '2026-11-24T09:00:00.000Z',
  method: 'POST',
  path: '/hooks/in',
  remoteAddress: null,
  verdict: 'accepted',
  status: 200,
  note: null,
  zapId: null,
  zapName: null,
  runId: null,
  sender: null,
  repeats: 0,
})
const pages = (ids: readonly number[], next: number | null): InboxPages => ({ requests: ids.map(request), next })
const idsOf = ({ requests, next }: InboxPages) => ({ ids: requests.map(({ id }) => id), next })

test('the newest page comes before what is shown, and nothing twice', () => {
  expect(idsOf(withNewest(pages([8, 7, 6, 5], 5), pages([10, 9, 8, 7], 7)))).toEqual({
    ids: [10, 9, 8, 7, 6, 5],
    next: 5,
  })
})

test('when more came than a page holds, the list begins anew', () => {
  expect(idsOf(withNewest(pages([4, 3], 3), pages([10, 9], 9)))).toEqual({ ids: [10, 9], next: 9 })
})

test('a first page that is the last one takes the place of everything', () => {
  expect(idsOf(withNewest(pages([4, 3], null), pages([5, 4], null)))).toEqual({ ids: [5, 4], next: null })
  expect(idsOf(withNewest(null, pages([], null)))).toEqual({ ids: [], next: null })
})

test('an older page comes behind, and nothing twice', () => {
  expect(idsOf(withOlder(pages([4, 3], 3), pages([3, 2], null)))).toEqual({ ids: [4, 3, 2], next: null })
})
