import { expect, it } from 'vitest'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import { overlay } from './overlaid-zap.ts'

const before: ZapFile = {
  format: 'hookline/zap@1',
  name: 'Orders',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: {}, position: { x: 0, y: 0 } },
    { id: 'post', uses: 'http.request', input: { url: 'a' } },
    { id: 'log', uses: 'file.append', input: {} },
  ],
  edges: [
    { from: 'hook', to: 'post' },
    { from: 'post', to: 'log' },
  ],
}

it('draws what came, what went and what changed over the later state', () => {
  const after: ZapFile = {
    ...before,
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: {}, position: { x: 8, y: 0 } },
      { id: 'post', uses: 'http.request', input: { url: 'b' } },
      { id: 'set', uses: 'data.set', input: {} },
    ],
    edges: [
      { from: 'hook', to: 'post' },
      { from: 'post', to: 'set' },
    ],
  }
  const { zap, overlay: drawn } = overlay(before, after)
  expect(zap.steps.map((step) => step.id)).toEqual(['hook', 'post', 'set', 'log'])
  expect([...(drawn.changes?.steps ?? [])].map(([id, badge]) => [id, badge.kind])).toEqual([
    ['post', 'changed'],
    ['set', 'added'],
    ['log', 'removed'],
  ])
  expect([...(drawn.changes?.edges.values() ?? [])]).toEqual(['added', 'removed'])
  expect(zap.edges).toContainEqual({ from: 'post', to: 'log' })
})
