import { expect, it } from 'vitest'
import { triggerWords } from './trigger-words.ts'

it('takes the address of a webhook apart', () => {
  expect(triggerWords('POST /hooks/orders')).toEqual({ method: 'POST', path: '/hooks/orders' })
  expect(triggerWords('GET/POST /hooks/orders')).toEqual({ method: 'GET/POST', path: '/hooks/orders' })
})

it.each([
  ['every 45m', 'Every 45 minutes'],
  ['every 1h', 'Every hour'],
  ['0 9 * * 1-5', 'Weekdays at 09:00'],
  ['by hand', 'By hand'],
  ['no trigger yet', 'No trigger yet'],
  ['every 1h30m', 'Every 1h30m'],
  ['POST /hooks/a, 0 9 * * 1-5, every 5m', 'POST /hooks/a, weekdays at 09:00, every 5 minutes'],
])('says "%s" as "%s"', (summary, words) => {
  expect(triggerWords(summary)).toEqual({ words })
})
