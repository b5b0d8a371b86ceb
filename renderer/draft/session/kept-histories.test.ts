import { expect, test } from 'vitest'
import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { record, startHistory, undo } from './history.ts'
import { historyOf, keepHistory } from './kept-histories.ts'

const zap = (name: string): ZapFile => ({ format: 'hookline/zap@1', name, steps: [], edges: [] })
const worked = record(startHistory(zap('Before')), zap('After'), 0)

test('after coming back to a zap, what was done before it was left can be undone', () => {
  keepHistory('a', worked)
  // The host's own copy of the draft, whose members may stand in another order.
  const stored: ZapFile = { edges: [], steps: [], name: 'After', format: 'hookline/zap@1' }
  expect(undo(historyOf('a', stored)).present).toEqual(zap('Before'))
})

test('a draft that another window changed meanwhile begins anew', () => {
  keepHistory('a', worked)
  expect(historyOf('a', zap('Of another window'))).toEqual(startHistory(zap('Of another window')))
  expect(historyOf('b', zap('After'))).toEqual(startHistory(zap('After')))
})

test('the zap that was left longest ago is forgotten first', () => {
  for (const id of ['old', ...'123456789', 'old', 'new']) keepHistory(id, worked)
  expect(historyOf('1', zap('After')).past).toHaveLength(0)
  expect(historyOf('2', zap('After')).past).toHaveLength(1)
  expect(historyOf('old', zap('After')).past).toHaveLength(1)
})
