import { expect, test } from 'vitest'
import { cronInWords, everyInWords } from './schedule-in-words.ts'

test.each([
  ['45m', 'every 45 minutes'],
  ['1h', 'every hour'],
  ['1d', 'every day'],
  ['1h30m', 'every 1h30m'],
  ['{{ pause }}', 'every {{ pause }}'],
])('a pause of %s is said as "%s"', (pause, words) => {
  expect(everyInWords(pause)).toBe(words)
})

test.each([
  ['30 7 * * 1-5', 'weekdays at 07:30'],
  ['0 9 * * SUN', 'every Sunday at 09:00'],
  ['0 0 1 1 *', 'day 1 of January at 00:00'],
  ['@hourly', 'every hour'],
  ['0 0 L * *', '0 0 L * *'],
])('the expression %s is said as "%s"', (cron, words) => {
  expect(cronInWords(cron)).toBe(words)
})
