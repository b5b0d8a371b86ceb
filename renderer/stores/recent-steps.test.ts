import { expect, test } from 'vitest'
import { withNewest } from './recent-steps.ts'

test('what was used last comes first, once, and the oldest of more than four is forgotten', () => {
  const ids = ['a', 'b', 'a', 'c', 'd', 'e']
  expect(ids.reduce<readonly string[]>(withNewest, [])).toEqual(['e', 'd', 'c', 'a'])
})
