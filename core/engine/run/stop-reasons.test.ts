import { expect, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, runToEnd, testApp } from '../../test-app.ts'

const steps: [name: string, step: { id: string; uses: string; input: Record<string, Json> }, reason: string][] = [
  [
    'filter',
    { id: 'gate', uses: 'logic.filter', input: { all: [{ left: '{{ go.n }}', op: 'gt', right: '1' }] } },
    'Stopped by "Filter" (gate): its conditions were not met.',
  ],
  [
    'throttle',
    { id: 'gate', uses: 'logic.throttle', input: { limit: 1, window: '1h', mode: 'drop' } },
    'Stopped by "Throttle" (gate): as many runs as it allows had passed already.',
  ],
  [
    'memory of what was seen',
    { id: 'gate', uses: 'logic.skip-seen', input: { key: '{{ go.n }}' } },
    'Stopped by "Skip what was seen" (gate): an earlier run came with the same value.',
  ],
]

test.each(steps)('a run that ends at a %s says why', async (_name, step, reason) => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [{ id: 'go', uses: 'manual.run', input: {} }, step],
    edges: [{ from: 'go', to: 'gate' }],
  })
  await runToEnd(client, id, { n: 1 })
  expect((await runToEnd(client, id, { n: 1 })).run).toMatchObject({
    status: 'succeeded',
    shownAs: 'filtered',
    reason,
  })
})

test.each([
  ['an end was reached beside it', { from: 'go', to: 'note' }, 'succeeded'],
  ['only steps before it did something', { from: 'note', to: 'gate' }, 'filtered'],
] as const)('a run that a filter stopped is shown as it went where %s', async (_where, edge, shownAs) => {
  const { client } = await testApp()
  const before = edge.from === 'note' ? [{ from: 'go', to: 'note' }, edge] : [{ from: 'go', to: 'gate' }, edge]
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'note', uses: 'data.set', input: { fields: { seen: true } } },
      { id: 'gate', uses: 'logic.filter', input: { all: [{ left: '{{ go.n }}', op: 'gt', right: '1' }] } },
    ],
    edges: before,
  })
  expect((await runToEnd(client, id, { n: 1 })).run).toMatchObject({ status: 'succeeded', shownAs })
  expect((await runToEnd(client, id, { n: 2 })).run).toMatchObject({ status: 'succeeded', shownAs: 'succeeded' })
  expect((await client.runs.list({ zapId: id, status: 'filtered' })).runs).toHaveLength(shownAs === 'filtered' ? 1 : 0)
  expect((await client.zaps.list())[0]?.last24h).toEqual({ succeeded: 2, failed: 0 })
})
