import { expect, test } from 'vitest'
import { logLines } from './log-lines.ts'

test('a line has its time, its level and its words', () => {
  const [line] = logLines(['2026-11-30T08:00:00.000Z warn It was late. {"ms":7}'])
  expect(line).toMatchObject({ level: 'warn', text: 'It was late. {"ms":7}' })
  expect(line?.at).not.toBe('')
})

test('what is no line of ours is shown as it is', () => {
  expect(
    logLines(['', 'at open (a.js:1)', '2026-99-99 warn x']).map(({ at, level, text }) => [at, level, text]),
  ).toEqual([
    ['', 'info', ''],
    ['', 'info', 'at open (a.js:1)'],
    ['', 'info', '2026-99-99 warn x'],
  ])
})
