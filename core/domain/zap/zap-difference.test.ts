import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differenceOf } from './zap-difference.ts'
import type { ZapFile } from './zap-file.ts'

const zap: ZapFile = {
  format: 'hookline/zap@1',
  name: 'Orders',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'orders' }, position: { x: 0, y: 0 } },
    { id: 'post', uses: 'http.request', input: { method: 'POST', url: 'http://127.0.0.1' } },
  ],
  edges: [{ from: 'hook', to: 'post' }],
}
const [hook, post] = zap.steps
if (hook === undefined || post === undefined) throw new Error('the zap has two steps')
const kinds = (after: ZapFile) => differenceOf(zap, after).map((change) => change.kind)

describe('the difference of two states of a zap', () => {
  it('names each field that changed, with both values', () => {
    const after = {
      ...zap,
      steps: [hook, { ...post, input: { method: 'POST', url: 'http://localhost', body: '{{ hook.body }}' } }],
    }
    expect(differenceOf(zap, after)).toMatchObject([
      { kind: 'field-changed', field: 'url', from: 'http://127.0.0.1', to: 'http://localhost' },
      { kind: 'field-changed', field: 'body', from: undefined, to: '{{ hook.body }}' },
    ])
  })

  it('knows what came, went, moved, and got another name or setting', () => {
    expect(kinds({ ...zap, steps: [hook], edges: [] })).toEqual(['step-removed', 'edge-removed'])
    expect(kinds({ ...zap, steps: [...zap.steps, { id: 'set', uses: 'data.set', input: {} }] })).toEqual(['step-added'])
    expect(kinds({ ...zap, steps: [{ ...hook, position: { x: 8, y: 0 } }, post] })).toEqual(['step-moved'])
    expect(kinds({ ...zap, steps: [hook, { ...post, position: { x: 8, y: 0 } }] })).toEqual([])
    expect(kinds({ ...zap, steps: [{ ...hook, name: 'Order' }, post] })).toEqual(['step-renamed'])
    expect(kinds({ ...zap, steps: [hook, { ...post, settings: { disabled: true } }] })).toEqual([
      'step-settings-changed',
    ])
    expect(kinds({ ...zap, name: 'Paid', description: 'x', settings: { concurrency: 'queued' } })).toEqual([
      'zap-renamed',
      'description-changed',
      'zap-settings-changed',
    ])
  })

  it('takes a step that does something else for another one', () => {
    const after = { ...zap, steps: [hook, { id: 'post', uses: 'data.set', input: {} }] }
    expect(kinds(after)).toEqual(['step-added', 'step-removed'])
  })

  it('does not mind order, default ports and members that say nothing', () => {
    expect(
      differenceOf(zap, {
        ...zap,
        description: '',
        steps: [{ ...post, settings: undefined }, hook],
        edges: [{ from: 'hook', port: 'main', to: 'post' }],
      }),
    ).toEqual([])
  })

  it('tells of notes and groups that came, changed and went', () => {
    const note = { id: 'note-1', text: 'Ask Ada', position: { x: 0, y: 0 }, width: 200, height: 100 }
    const group = { id: 'group-1', title: 'Orders', position: { x: 0, y: 0 }, width: 200, height: 100 }
    const before: ZapFile = { ...zap, notes: [note, { ...note, id: 'note-2' }] }
    const after: ZapFile = { ...zap, notes: [{ ...note, text: 'Ask Bob' }], groups: [group] }
    expect(differenceOf(before, after).map(({ kind }) => kind)).toEqual(['note-changed', 'note-removed', 'group-added'])
    expect(differenceOf(after, structuredClone(after))).toEqual([])
  })

  it('is nothing between a zap and its copy, and as long one way as the other', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd')
    const step = fc.record({
      id: ids,
      uses: fc.constantFrom('data.set', 'http.request'),
      input: fc.dictionary(fc.constantFrom('x', 'y'), fc.jsonValue()),
      name: fc.constantFrom('One', 'Two'),
    })
    const zaps = fc.record({
      format: fc.constant('hookline/zap@1' as const),
      name: fc.string({ minLength: 1 }),
      steps: fc.uniqueArray(step, { selector: ({ id }) => id }),
      edges: fc.uniqueArray(fc.record({ from: ids, to: ids }), { selector: ({ from, to }) => `${from} ${to}` }),
    })
    fc.assert(
      fc.property(zaps, zaps, (one, other) => {
        // As they come out of storage: what JSON does not keep (-0) is no difference.
        const [a, b] = JSON.parse(JSON.stringify([one, other])) as [ZapFile, ZapFile]
        expect(differenceOf(a, structuredClone(a))).toEqual([])
        expect(differenceOf(a, b).length).toBe(differenceOf(b, a).length)
      }),
    )
  })
})
