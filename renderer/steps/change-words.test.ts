import { describe, expect, it } from 'vitest'
import { differenceOf } from '../../core/domain/zap/zap-difference.ts'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import { changeWords, summaryOfChanges } from './change-words.ts'

const zap: ZapFile = {
  format: 'hookline/zap@1',
  name: 'Orders',
  steps: [
    { id: 'hook', uses: 'webhook.catch', name: 'Order', input: { path: 'orders' }, position: { x: 0, y: 0 } },
    { id: 'post', uses: 'http.request', name: 'Post', input: { url: 'http://a' }, position: { x: 0, y: 100 } },
  ],
  edges: [{ from: 'hook', to: 'post' }],
}
const [hook, post] = zap.steps
if (hook === undefined || post === undefined) throw new Error('the zap has two steps')
const set = { id: 'set', uses: 'data.set', name: 'Set', input: {} }

const lines = (after: ZapFile) =>
  differenceOf(zap, after)
    .map((change) => changeWords(change, { ...after, steps: [...after.steps, ...zap.steps] }, new Map()))
    .map(({ subject, words, values }) => [`${subject}: ${words}`, ...(values ? [values] : [])])
const summary = (after: ZapFile) => summaryOfChanges(differenceOf(zap, after), new Map())

describe('a change', () => {
  it('is told with the values before and after', () => {
    expect(lines({ ...zap, steps: [hook, { ...post, input: { url: 'http://b', body: '' } }] })).toEqual([
      ['Post: url', { from: 'http://a', to: 'http://b' }],
      ['Post: body', { from: null, to: null }],
    ])
  })

  it('names both ends of a connection', () => {
    expect(lines({ ...zap, edges: [] })).toEqual([['Order → Post: Disconnected']])
  })
})

describe('a step of work', () => {
  it.each<[string, ZapFile]>([
    ['Added Set', { ...zap, steps: [...zap.steps, set], edges: [...zap.edges, { from: 'post', to: 'set' }] }],
    ['Removed 2 steps', { ...zap, steps: [], edges: [] }],
    ['Disconnected two steps', { ...zap, edges: [] }],
    [
      'Added a note',
      { ...zap, notes: [{ id: 'note-1', text: 'Hi', position: { x: 0, y: 0 }, width: 200, height: 100 }] },
    ],
    [
      'Added frame “Orders”',
      { ...zap, groups: [{ id: 'group-1', title: 'Orders', position: { x: 0, y: 0 }, width: 200, height: 100 }] },
    ],
    ['Changed url of Post', { ...zap, steps: [hook, { ...post, input: { url: 'http://b' } }] }],
    ['Renamed Post', { ...zap, steps: [hook, { ...post, name: 'Send' }] }],
    ['Post: switched off', { ...zap, steps: [hook, { ...post, settings: { disabled: true } }] }],
    ['Moved 2 steps', { ...zap, steps: zap.steps.map((step) => ({ ...step, position: { x: 9, y: 9 } })) }],
    ['Renamed the zap', { ...zap, name: 'Paid' }],
  ])('is %s', (words, after) => {
    expect(summary(after)).toBe(words)
  })
})
