import { expect, test } from 'vitest'
import type { Json } from '../domain/json.ts'
import { enableZap, runToEnd, testApp } from '../test-app.ts'

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
  expect((await runToEnd(client, id, { n: 1 })).run).toMatchObject({ status: 'succeeded', reason })
})
