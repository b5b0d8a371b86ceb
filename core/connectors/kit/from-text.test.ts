import { expect, test } from 'vitest'
import { z } from 'zod'
import { csvParse } from '../csv/parse.action.ts'
import { fileList } from '../file/list.action.ts'
import { listMap } from '../list/map.action.ts'
import { logicCallZap } from '../logic/call-zap.action.ts'
import { logicForEach } from '../logic/for-each.action.ts'
import { logicOnChange } from '../logic/on-change.action.ts'
import { logicRepeatUntil } from '../logic/repeat-until.action.ts'
import { logicThrottle } from '../logic/throttle.action.ts'
import { manifestOf } from '../manifest.ts'
import { storeAppend } from '../store/append.action.ts'
import { textMatch } from '../text/match.action.ts'
import { numberField, switchField } from './from-text.ts'

test('a number is read from text, and stays within its bounds', () => {
  const schema = numberField(z.int().min(1).max(10)).prefault(3)
  for (const [value, read] of [
    [5, 5],
    [' 5 ', 5],
    ['1e1', 10],
    [undefined, 3],
  ] as const) {
    expect(schema.parse(value)).toBe(read)
  }
  for (const value of ['', 'x', '0', '11', '1.5', '9007199254740993', true, null, [5]]) {
    expect(schema.safeParse(value).success, String(value)).toBe(false)
  }
})

test('a switch is read from text', () => {
  const schema = switchField().optional()
  expect(['true', ' false', true, undefined].map((value) => schema.parse(value))).toEqual([
    true,
    false,
    true,
    undefined,
  ])
  for (const value of ['', 'yes', 'TRUE ', 1, null, '__proto__']) expect(schema.safeParse(value).success).toBe(false)
})

test('in the form they are a number and a switch', () => {
  expect(manifestOf(fileList).input).toMatchObject({
    properties: { limit: { type: 'integer', minimum: 1, maximum: 100_000, default: 1_000 } },
  })
  expect(manifestOf(textMatch).input).toMatchObject({
    properties: { all: { type: 'boolean', default: false, title: 'Every match' } },
  })
})

test.each([
  [logicForEach, 'parallel', '2'],
  [logicRepeatUntil, 'max', '7'],
  [logicThrottle, 'limit', '3'],
  [logicCallZap, 'wait', 'false'],
  [logicOnChange, 'tolerance', '0.5'],
  [fileList, 'limit', '5'],
  [storeAppend, 'limit', '5'],
  [csvParse, 'header', 'false'],
  [listMap, 'keep', 'true'],
] as const)('$0.id takes its $1 as text', ({ input }, name, text) => {
  const isRefused = (value: string): boolean =>
    input.safeParse({ [name]: value }).error?.issues.some(({ path }) => path[0] === name) ?? false
  expect(isRefused(text)).toBe(false)
  expect(isRefused('neither')).toBe(true)
})
