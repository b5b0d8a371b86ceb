import { expect, test } from 'vitest'
import { isUsable, missingScopes } from './account-state.ts'

test.each([
  ['all of it was granted', ['a'], { signIn: 'good', granted: ['a', 'b'] }, []],
  ['a part was', ['a', 'c'], { signIn: 'good', granted: ['a', 'b'] }, ['c']],
  ['the service does not say', ['a'], { signIn: 'good', granted: null }, []],
  ['the sign-in was withdrawn', ['a'], { signIn: 'withdrawn', granted: [] }, []],
  ['the step needs nothing', undefined, { signIn: 'good', granted: [] }, []],
] as const)('when %s, what is missing is said', (_when, needed, { signIn, granted }, missing) => {
  expect(missingScopes(needed, { signIn, granted: granted === null ? null : [...granted] })).toEqual(missing)
})

test('without a credential nothing is missing yet', () => {
  expect(missingScopes(['a'], undefined)).toEqual([])
})

test('an account is usable when it is signed in, or when none has to', () => {
  expect(
    (['good', null, 'never', 'withdrawn', 'unreadable'] as const).filter((signIn) => isUsable({ signIn })),
  ).toEqual(['good', null])
})
