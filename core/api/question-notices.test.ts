import { expect, test } from 'vitest'
import type { Notice } from '../domain/host/adapters.ts'
import { manualClock } from '../domain/time/clock.ts'
import { createQuestionNotices } from './question-notices.ts'

function setUp() {
  const clock = manualClock(0)
  const shown: Notice[] = []
  const shownOn = async (notice: Notice) => {
    shown.push(notice)
    return ['desktop'] as const
  }
  const notices = createQuestionNotices({ shownOn, show: async (notice) => (await shownOn(notice)).length > 0 }, clock)
  const ask = (n: number) =>
    notices.shownOn({
      title: 'Your answer is needed',
      body: `${n}?`,
      asks: { runId: 'r', step: 's', scope: '', answers: [] },
    })
  return { clock, shown, notices, ask }
}

test('of a thousand questions three are shown, and how many more there are', async () => {
  const { clock, shown, ask } = setUp()
  for (let n = 0; n < 1_000; n++) expect(await ask(n)).toEqual(n < 3 ? ['desktop'] : [])
  expect(shown.map(({ body }) => body)).toEqual(['0?', '1?', '2?'])
  await clock.advance(60_000)
  expect(shown.at(-1)).toEqual({ title: '997 more questions wait for your answer', opens: '/approvals' })
  // That was one of the next minute's.
  for (let n = 0; n < 4; n++) await ask(n)
  expect(shown).toHaveLength(6)
  await clock.advance(60_000)
  expect(shown.at(-1)?.title).toBe('2 more questions wait for your answer')
  await clock.advance(60_000)
  for (let n = 0; n < 3; n++) await ask(n)
  expect(shown).toHaveLength(10)
})

test('what else is told is shown as it comes', async () => {
  const { shown, notices, ask } = setUp()
  for (let n = 0; n < 5; n++) await ask(n)
  for (let n = 0; n < 5; n++) expect(await notices.show({ title: 'Backup failed' })).toBe(true)
  expect(shown).toHaveLength(8)
})

test('nothing is told of what was held back once it is stopped', async () => {
  const { clock, shown, notices, ask } = setUp()
  for (let n = 0; n < 5; n++) await ask(n)
  notices.stop()
  await clock.advance(120_000)
  expect(shown).toHaveLength(3)
})
