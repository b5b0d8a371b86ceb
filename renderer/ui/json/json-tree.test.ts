import { describe, expect, it } from 'vitest'
import { branchSize, childPath, childrenOf, initiallyOpen } from './json-tree.ts'

describe('childPath', () => {
  it('writes paths as templates do', () => {
    expect(childPath('hook', 'body')).toBe('hook.body')
    expect(childPath('hook.items', 0)).toBe('hook.items[0]')
    expect(childPath('hook.headers', 'content-type')).toBe('hook.headers.content-type')
    expect(childPath('hook', 'x odd')).toBe('hook["x odd"]')
    expect(childPath('', 'body')).toBe('body')
  })
})

describe('childrenOf', () => {
  it('knows lists, objects and leaves apart', () => {
    expect(childrenOf(['a'])).toEqual([[0, 'a']])
    expect(childrenOf({ a: 1 })).toEqual([['a', 1]])
    expect(childrenOf('text')).toBeNull()
    expect(childrenOf(null)).toBeNull()
  })
})

describe('branchSize', () => {
  it('counts in words', () => {
    expect(branchSize([1, 2])).toBe('2 items')
    expect(branchSize({ a: 1 })).toBe('1 field')
  })
})

describe('initiallyOpen', () => {
  it('opens small values entirely', () => {
    expect([...initiallyOpen({ a: { b: [1] } }, 'x')]).toEqual(['x', 'x.a', 'x.a.b'])
  })
  it('keeps a branch closed that would fill the screen, and still opens its neighbours', () => {
    const big = Array.from({ length: 500 }, (_, at) => at)
    expect([...initiallyOpen({ big, small: { a: 1 } }, '', 200)]).toEqual(['', 'small'])
  })
  it('does not open empty branches', () => {
    expect(initiallyOpen({}, 'x').size).toBe(0)
  })
})
