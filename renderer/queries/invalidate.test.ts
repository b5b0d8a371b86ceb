import { QueryObserver } from '@tanstack/react-query'
import { afterEach, expect, test, vi } from 'vitest'
import { readAgain } from './invalidate.ts'
import { cache } from './queries.ts'

const KEY = ['what the host says']

/** A host that answers when it is told to, and a screen that shows the answer. */
function watched() {
  const asked: ((answer: number) => void)[] = []
  const shown: number[] = []
  const options = { queryKey: KEY, queryFn: () => new Promise<number>((resolve) => asked.push(resolve)) }
  const leave = new QueryObserver(cache, options).subscribe(({ data }) => {
    if (data !== undefined && data !== shown.at(-1)) shown.push(data)
  })
  return { asked, shown, leave }
}

afterEach(() => cache.clear())

test('a first answer that is older than the event is asked for once more', async () => {
  const { asked, shown, leave } = watched()
  void readAgain({ queryKey: KEY, everyMs: 0 })
  expect(asked).toHaveLength(1)
  asked[0]?.(1)
  await vi.waitFor(() => expect(asked).toHaveLength(2))
  asked[1]?.(2)
  await vi.waitFor(() => expect(shown).toEqual([1, 2]))
  leave()
})

test('events while an answer is on its way lead to one more question, and to no two at a time', async () => {
  const { asked, shown, leave } = watched()
  asked[0]?.(1)
  await vi.waitFor(() => expect(shown).toEqual([1]))
  for (let n = 0; n < 5; n++) void readAgain({ queryKey: KEY, everyMs: 0 })
  await vi.waitFor(() => expect(asked).toHaveLength(2))
  asked[1]?.(2)
  await vi.waitFor(() => expect(asked).toHaveLength(3))
  asked[2]?.(3)
  await vi.waitFor(() => expect(shown).toEqual([1, 2, 3]))
  expect(asked).toHaveLength(3)
  leave()
})

test('what no screen shows is not asked for until one does', async () => {
  const { asked, leave } = watched()
  asked[0]?.(1)
  await vi.waitFor(() => expect(cache.getQueryData(KEY)).toBe(1))
  leave()
  await readAgain({ queryKey: KEY, everyMs: 0 })
  expect(asked).toHaveLength(1)
  const again = watched()
  expect(again.asked).toHaveLength(1)
  again.leave()
})
