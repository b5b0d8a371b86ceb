import { expect, test } from 'vitest'
import type { JsonObject } from '../../domain/values/json.ts'
import { dataPick } from '../data/pick.action.ts'
import { dataSet } from '../data/set.action.ts'
import type { Action } from '../define.ts'
import { listMap } from '../list/map.action.ts'
import { runAction } from '../test-context.ts'

/** As JSON has it, so that `__proto__` is a name like any other. */
const read = (text: string): JsonObject => JSON.parse(text)
const hostile = read('{"__proto__":{"x":1},"a":2,"constructor":3}')

test.each<[string, Action, JsonObject, string]>([
  ['set', dataSet, { fields: hostile }, '{"__proto__":{"x":1},"a":2,"constructor":3}'],
  [
    'set beside others',
    dataSet,
    { fields: { b: 1 }, keep: hostile },
    '{"__proto__":{"x":1},"a":2,"constructor":3,"b":1}',
  ],
  ['not dropped', dataPick, { from: hostile, drop: ['a'] }, '{"__proto__":{"x":1},"constructor":3}'],
  ['kept', dataPick, { from: hostile, keep: ['__proto__'] }, '{"__proto__":{"x":1}}'],
  [
    'renamed',
    dataPick,
    { from: hostile, rename: read('{"__proto__":"safe","a":"__proto__"}') },
    '{"safe":{"x":1},"__proto__":2,"constructor":3}',
  ],
  [
    'mapped',
    listMap,
    { items: [hostile], fields: hostile },
    '{"items":[{"__proto__":{"x":1},"a":2,"constructor":3}],"count":1}',
  ],
])('a value whose name means something in JavaScript is %s like any other', async (_how, action, input, text) => {
  const { output } = await runAction(action, { ...input })
  expect(JSON.stringify(output)).toBe(text)
  expect(Object.getPrototypeOf({})).toBe(Object.prototype)
})

test.each([
  [[1], 'must be an object, but is a list'],
  ['text', 'must be an object, but is text'],
  [{ '': 1 }, 'has a row without a name; give it one, or remove it'],
])('%j is refused as values by name, and it says why', (fields, reason) => {
  expect(dataSet.input.safeParse({ fields }).error?.issues[0]?.message).toBe(reason)
})
