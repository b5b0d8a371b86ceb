import { Zap } from 'lucide-react'
import { expect, it } from 'vitest'
import type { PaletteEntry } from '../commands/palette-store.ts'
import { findEntries } from './find-entries.ts'

const entry = (group: string, title: string, words = ''): PaletteEntry => ({
  id: `${group} ${title}`,
  group,
  title,
  words,
  icon: Zap,
  run: () => undefined,
})
const ENTRIES = [
  entry('Go to', 'Zaps'),
  entry('Go to', 'Runs'),
  entry('Zaps', 'Paid orders', 'webhook post'),
  entry('Zaps', 'Run the backup'),
]
const titles = (search: string) =>
  findEntries(ENTRIES, search).map(({ group, entries }) => [group, entries.map((one) => one.title)])

it('shows everything in its order while nothing is searched for', () => {
  expect(titles('')).toEqual([
    ['Go to', ['Zaps', 'Runs']],
    ['Zaps', ['Paid orders', 'Run the backup']],
  ])
})

it('finds by every word, in any order, also by what is not shown', () => {
  expect(titles('orders PAID')).toEqual([['Zaps', ['Paid orders']]])
  expect(titles('webhook')).toEqual([['Zaps', ['Paid orders']]])
  expect(titles('orders runs')).toEqual([])
})

it('puts first what begins with the search, and its group with it', () => {
  expect(titles('run')).toEqual([
    ['Go to', ['Runs']],
    ['Zaps', ['Run the backup']],
  ])
  expect(titles('paid')[0]?.[0]).toBe('Zaps')
})

it('says how many of a group it leaves out', () => {
  const many = Array.from({ length: 40 }, (_, n) => entry('Zaps', `Zap ${n}`))
  expect(findEntries(many, 'zap').map(({ entries, more }) => [entries.length, more])).toEqual([[30, 10]])
})
