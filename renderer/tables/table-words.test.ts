import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shownCell, textOfCell, valueOfText } from './cell-values.ts'
import { at, blockOf, type GridSize, moved } from './selection.ts'
import { readTsv, writeTsv } from './tsv.ts'

test('a block goes to the clipboard and back as it is', () => {
  const cell = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('a\tb', 'a\nb', '"', '""', '\r\n', 'x"y'))
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 4 }), (rows) => {
      expect(readTsv(writeTsv(rows))).toEqual(rows)
    }),
  )
})

test('a block is read as Excel, Numbers and LibreOffice write it', () => {
  expect(readTsv('a\tb\r\n1\t2\r\n')).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ])
  expect(readTsv('one')).toEqual([['one']])
  expect(readTsv('"two\nlines"\t"say ""hi"""\n')).toEqual([['two\nlines', 'say "hi"']])
  expect(readTsv('5" pipe\tx')).toEqual([['5" pipe', 'x']])
  expect(readTsv('a\t\n\tb')).toEqual([
    ['a', ''],
    ['', 'b'],
  ])
})

test.each([
  ['number', '12.5', 12.5],
  ['number', ' 1,500.00 ', 1500],
  ['number', '9007199254740993', '9007199254740993'],
  ['number', '', null],
  ['boolean', 'Yes', true],
  ['boolean', 'x', true],
  ['boolean', 'FALSE', false],
  ['date', '2026-11-26', '2026-11-26'],
  ['date', '26 Nov 2026', '2026-11-26'],
  ['choice', 'shipped', 'Shipped'],
  ['choice', 'Lost', 'Lost'],
  ['json', '{"a":[1]}', { a: [1] }],
  ['json', '{a', '{a'],
  ['text', ' 007 ', ' 007 '],
] as const)('in a column of %s %j is %j', (type, text, value) => {
  expect(valueOfText({ type, choices: ['Paid', 'Shipped'] }, text)).toEqual({ ok: true, value })
})

test.each([
  ['number', '12,5o', 'is not a number'],
  ['boolean', 'perhaps', 'is neither yes nor no'],
  ['date', 'someday', 'is not a date'],
] as const)('in a column of %s %j is wrong', (type, text, problem) => {
  expect(valueOfText({ type, choices: [] }, text)).toMatchObject({
    ok: false,
    problem: expect.stringContaining(problem),
  })
})

test('a cell of another kind than its column is shown as it is, and marked', () => {
  expect(shownCell({ type: 'number' }, 'many')).toEqual({ text: 'many', isWrong: true })
  expect(shownCell({ type: 'date' }, { a: 1 })).toEqual({ text: '{"a":1}', isWrong: true })
  expect(shownCell({ type: 'boolean' }, false)).toEqual({ text: '', isWrong: false })
  expect(textOfCell(null)).toBe('')
})

const SIZE: GridSize = { rows: 11, columns: 4, page: 5 }
const key = (name: string, more: { isFar?: boolean; extends?: boolean } = {}) => ({
  key: name,
  isFar: false,
  extends: false,
  ...more,
})

test('keys move the focus inside the grid, and up to its heads', () => {
  expect(moved(at(0, 0), key('ArrowUp'), SIZE)?.focus).toEqual({ row: -1, column: 0 })
  expect(moved(at(10, 3), key('ArrowDown'), SIZE)?.focus).toEqual({ row: 10, column: 3 })
  expect(moved(at(2, 3), key('ArrowRight'), SIZE)?.focus).toEqual({ row: 2, column: 3 })
  expect(moved(at(2, 1), key('End', { isFar: true }), SIZE)?.focus).toEqual({ row: 10, column: 3 })
  expect(moved(at(2, 1), key('PageDown'), SIZE)?.focus).toEqual({ row: 7, column: 1 })
  expect(moved(at(2, 1), key('a'), SIZE)).toBeUndefined()
})

test('with Shift a block grows and shrinks from where it began', () => {
  let selection = at(2, 2)
  for (const name of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowLeft'])
    selection = moved(selection, key(name, { extends: true }), SIZE) ?? selection
  expect(blockOf(selection)).toEqual({ top: 0, bottom: 2, left: 1, right: 2 })
  selection = moved(selection, key('ArrowDown', { extends: true }), SIZE) ?? selection
  expect(blockOf(selection)).toEqual({ top: 1, bottom: 2, left: 1, right: 2 })
  expect(blockOf(moved(selection, key('ArrowRight'), SIZE) ?? selection)).toEqual({
    top: 1,
    bottom: 1,
    left: 2,
    right: 2,
  })
})
