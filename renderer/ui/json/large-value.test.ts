import { expect, it } from 'vitest'
import { branchSize, childrenOf, initiallyOpen } from './json-tree.ts'
import { asLargeValue, largeValueWords } from './large-value.ts'

const reference = { $blob: 'a'.repeat(64), bytes: 48_000_000, type: 'json' as const }

it('tells of a value that is kept elsewhere by its size', () => {
  const large = asLargeValue(reference)
  expect(large && largeValueWords(large)).toBe('Large value, 48.0 MB, kept beside the database')
})

it('takes nothing for one that only looks like it', () => {
  expect(asLargeValue({ ...reference, $blob: 'short' })).toBeNull()
  expect(asLargeValue({ ...reference, more: 1 })).toBeNull()
  expect(asLargeValue([reference])).toBeNull()
  expect(asLargeValue(undefined)).toBeNull()
})

it('is a leaf of the tree, not a branch', () => {
  expect(childrenOf(reference)).toBeNull()
  expect(branchSize({ body: reference })).toBe('1 field')
  expect([...initiallyOpen({ body: reference }, 'hook')]).toEqual(['hook'])
})
