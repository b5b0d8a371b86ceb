import { describe, expect, it } from 'vitest'
import { blankZap, type Edge, portOf, type ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { edgeKey } from '../graph/connection-rules.ts'
import * as draft from './draft-operations.ts'
import { valueAt } from './input-path.ts'
import * as insert from './insert-steps.ts'
import { isTrigger, manifest } from './test-manifests.ts'

describe('single operations', () => {
  const chain: ZapFile = {
    ...blankZap('Chain'),
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: {}, position: { x: 0, y: 0 } },
      { id: 'filter', uses: 'logic.filter', input: {}, position: { x: 0, y: 144 } },
      {
        id: 'post',
        uses: 'http.request',
        input: { body: '{{ filter.body }} {{ hook.filter }}' },
        position: { x: 0, y: 288 },
      },
    ],
    edges: [
      { from: 'hook', to: 'filter' },
      { from: 'filter', to: 'post' },
    ],
  }
  const filter = manifest('logic.filter', 'action')

  it('joins the chain again when a step in its middle is deleted', () => {
    expect(draft.deleteSteps(chain, ['filter']).edges).toEqual([{ from: 'hook', to: 'post' }])
  })

  it('drops what hung on the error port of a deleted step', () => {
    const routed = { ...chain, edges: [chain.edges[0] as Edge, { from: 'filter', to: 'post', port: 'error' }] }
    expect(draft.deleteSteps(routed, ['filter']).edges).toEqual([])
  })

  it('inserts into an edge and moves what follows down', () => {
    const { zap, ids } = insert.insertOnEdge(chain, filter, { from: 'hook', to: 'filter' }, isTrigger)
    expect(ids).toEqual(['filter_2'])
    expect(zap.edges.map(edgeKey).sort()).toEqual(['filter>main>post', 'filter_2>main>filter', 'hook>main>filter_2'])
    expect(zap.steps.map((step) => step.position?.y)).toEqual([0, 288, 432, 144])
  })

  it('copies steps under new ids, and their templates with them', () => {
    const { zap, ids } = insert.duplicateSteps(chain, ['filter', 'post'])
    expect(ids).toEqual(['filter_2', 'post_2'])
    expect(zap.steps.at(-1)?.input).toEqual({ body: '{{ filter_2.body }} {{ hook.filter }}' })
    expect(zap.edges.map(edgeKey)).toContain('filter_2>main>post_2')
  })

  it('removes the edges of the error port when failures stop the run again', () => {
    const routed = draft.changeStepSettings(chain, 'filter', { onError: 'route' })
    const joined = draft.connect(routed, { from: 'filter', to: 'post', port: 'error' }, isTrigger)
    expect(joined.edges).toHaveLength(3)
    expect(draft.changeStepSettings(joined, 'filter', {}).edges).toEqual(chain.edges)
    expect(draft.changeStepSettings(joined, 'filter', {}).steps[1]).toEqual(chain.steps[1])
  })

  it('keeps the identity of every step but the changed one', () => {
    const changed = draft.updateInput(chain, 'post', ['headers', 'accept'], 'text/plain')
    expect(changed.steps[0]).toBe(chain.steps[0])
    expect(changed.edges).toBe(chain.edges)
    expect(valueAt(changed.steps[2]?.input, ['headers', 'accept'])).toBe('text/plain')
    expect(draft.updateInput(changed, 'post', ['headers', 'accept'], undefined).steps[2]?.input).toEqual({
      ...chain.steps[2]?.input,
      headers: {},
    })
  })

  it('leaves the default port unnamed', () => {
    const joined = draft.connect(chain, { from: 'hook', to: 'post', port: 'main' }, isTrigger)
    expect(joined.edges.at(-1)).toEqual({ from: 'hook', to: 'post' })
    expect(joined.edges.map(portOf)).toEqual(['main', 'main', 'main'])
  })
})
