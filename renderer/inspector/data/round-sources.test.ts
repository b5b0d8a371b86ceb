import { describe, expect, it } from 'vitest'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { ShownSample } from './data-tree.ts'
import { roundSources, withRound } from './round-sources.ts'

const manifest: ConnectorManifest = {
  id: 'logic.for-each',
  kind: 'action',
  title: 'For each',
  description: '',
  keywords: [],
  icon: 'repeat',
  category: 'logic',
  input: { type: 'object', properties: { items: {} } },
  ports: [{ id: 'each' }, { id: 'done' }],
  portsFrom: null,
  isLoop: true,
  bodyField: null,
  itemFields: [],
  verbatim: [],
  summary: '',
  sample: null,
  effect: 'none',
}
const samples = new Map<string, ShownSample>([['hook', { value: { body: { lines: [{ sku: 'A1' }] } }, from: 'event' }]])
const loop = (items: string) => ({ id: 'loop', uses: 'logic.for-each', input: { items } })

describe('the data of a round', () => {
  it('is the first item of the list as far as it is known, and its number', () => {
    const sources = roundSources(loop('{{ hook.body.lines }}'), manifest, samples)
    expect(sources.map((source) => [source.id, source.sample?.value])).toEqual([
      ['item', { sku: 'A1' }],
      ['index', 0],
    ])
    expect(Object.keys(withRound({ hook: {} }, sources))).toEqual(['hook', 'item', 'index'])
  })

  it('has an item without an example while the list is not known', () => {
    const sources = roundSources(loop('{{ later.lines }}'), manifest, samples)
    expect(sources[0]).toMatchObject({ id: 'item', sample: undefined })
    expect(Object.keys(withRound({ hook: {} }, sources))).toEqual(['hook', 'index'])
  })

  it('is only a number for a loop without a list', () => {
    const counting = { ...manifest, input: { type: 'object', properties: { times: {} } } }
    expect(roundSources(loop(''), counting, samples).map((source) => source.id)).toEqual(['index'])
  })
})
