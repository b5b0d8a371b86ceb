import { expect, it } from 'vitest'
import { successShare } from './success-share.ts'

it('says nothing where nothing ended', () => {
  expect(successShare({ succeeded: 0, failed: 0 })).toBeNull()
})

it('is full or empty only when every run was alike', () => {
  expect(successShare({ succeeded: 12, failed: 0 })).toEqual({ succeeded: 100, failed: 0, words: '100 %' })
  expect(successShare({ succeeded: 0, failed: 3 })).toEqual({ succeeded: 0, failed: 100, words: '0 %' })
})

it('keeps one failure among thousands in sight', () => {
  expect(successShare({ succeeded: 9999, failed: 1 })).toEqual({ succeeded: 94, failed: 6, words: '99 %' })
  expect(successShare({ succeeded: 1, failed: 9999 })).toEqual({ succeeded: 6, failed: 94, words: '1 %' })
})

it('is exact in between', () => {
  expect(successShare({ succeeded: 3, failed: 1 })).toEqual({ succeeded: 75, failed: 25, words: '75 %' })
})
