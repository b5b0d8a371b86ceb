import { describe, expect, it } from 'vitest'
import { type DataSource, dataRows, openedAtFirst } from './data-tree.ts'

const sources: readonly DataSource[] = [
  { id: 'filter', name: 'Filter', uses: 'logic.filter', sample: { value: { passed: true }, from: 'connector' } },
  {
    id: 'hook',
    name: 'Payment captured',
    uses: 'webhook.catch',
    sample: { value: { method: 'POST', body: { amount: 75, items: [{ sku: 'A1' }] } }, from: 'event' },
  },
  { id: 'new', name: 'Not run yet', uses: 'http.request', sample: undefined },
]
const paths = (rows: ReturnType<typeof dataRows>) => rows.map((row) => row.path)

describe('data tree', () => {
  it('opens with the outputs and the body that arrived, but not with what a filter says', () => {
    expect(paths(dataRows(sources, openedAtFirst(sources), ''))).toEqual([
      'filter',
      'hook',
      'hook.method',
      'hook.body',
      'hook.body.amount',
      'hook.body.items',
      'new',
    ])
  })

  it('finds paths by words and values, however deep', () => {
    expect(paths(dataRows(sources, new Set(), 'a1'))).toEqual(['hook.body.items[0].sku'])
    expect(paths(dataRows(sources, new Set(), 'body amount'))).toEqual(['hook.body.amount'])
    expect(paths(dataRows(sources, new Set(), 'payment post'))).toEqual(['hook.method'])
    expect(dataRows(sources, new Set(), 'nothing like it')).toEqual([])
  })
})
