import { expect, test } from 'vitest'
import { verdict } from './budgets.ts'
import { readOptions } from './options.ts'
import { median, quantile } from './quantile.ts'
import { medianOf, medianRatio, type Sample } from './results.ts'
import { budgetTable, digits, figureTable, table } from './table.ts'

const sample = (round: number, program: string, value: number): Sample => ({
  round,
  scenario: 'runs',
  program,
  figure: 'runs/s',
  value,
})
const which = (program: string) => ({ scenario: 'runs', program, figure: 'runs/s' })

test('a quantile is one of the values, whatever their order', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(quantile([5, 1, 4, 2, 3], 0.99)).toBe(5)
  expect(quantile([5, 1, 4, 2, 3], 0)).toBe(1)
  expect(quantile([], 0.5)).toBeNaN()
})

test('a budget holds at its limit, is missed beyond it, and says so when nothing was measured', () => {
  expect(verdict(0.6, 'at least', 0.6)).toBe('holds')
  expect(verdict(0.59, 'at least', 0.6)).toBe('missed')
  expect(verdict(180, 'at most', 180)).toBe('holds')
  expect(verdict(181, 'at most', 180)).toBe('missed')
  expect(verdict(undefined, 'at most', 180)).toBe('not measured')
  expect(verdict(Number.NaN, 'at most', 180)).toBe('not measured')
})

test('programs are compared within a round, so a round in which the machine was busy does no harm', () => {
  const samples = [
    ...[sample(1, 'hookline', 200), sample(1, 'node-red', 100)],
    ...[sample(2, 'hookline', 20), sample(2, 'node-red', 10)],
    ...[sample(3, 'hookline', 300), sample(3, 'node-red', 150)],
  ]
  expect(medianRatio(samples, which('hookline'), which('node-red'))).toBe(2)
  expect(medianRatio(samples, which('hookline'), which('n8n'))).toBeUndefined()
  expect(medianOf(samples, which('hookline'))).toBe(200)
})

test('a table is Markdown, with a dash for what was not measured of a program', () => {
  expect(
    table([
      ['a', 'b'],
      ['1', '2'],
    ]),
  ).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |')
  expect(figureTable([sample(1, 'hookline', 2500), { ...sample(1, 'n8n', 4), figure: 'drain ms' }])).toContain(
    '| runs: runs/s | 2,500 | – |',
  )
  const budgets = budgetTable([sample(1, 'hookline', 110), sample(1, 'node-red', 100)])
  expect(budgets).toContain('| complete runs, c = 50, of Node-RED | at least 1 times | 1.1 times | holds |')
  expect(budgets).toContain('| complete runs, c = 50, of n8n | at least 100 times | – | not measured |')
})

test('large numbers lose their decimals and small ones keep two', () => {
  expect(digits(2503.7)).toBe('2,504')
  expect(digits(1.316)).toBe('1.32')
})

test('the command line refuses a scenario or a peer that does not exist by name, and rounds that are no number', () => {
  expect(readOptions(['--only', 'ingest', '--quick'], ['ingest'], ['hookline'])).toEqual({
    help: false,
    quick: true,
    profile: false,
    trace: false,
    rounds: undefined,
    only: ['ingest'],
    peers: ['hookline'],
  })
  expect(readOptions(['--rounds', '2'], [], []).rounds).toBe(2)
  expect(() => readOptions(['--rounds', 'two'], [], [])).toThrow('--rounds two: must be a whole number from 1')
  expect(() => readOptions(['--only', 'nothing'], ['ingest'], [])).toThrow('no scenario "nothing"')
  expect(() => readOptions(['--peers', 'n8n'], [], ['hookline'])).toThrow('no peer "n8n"')
})
