import { expect, test } from 'vitest'
import { enableZap, runToEnd, testApp } from '../test-app.ts'

test('what steps keep by name is seen with its time, and forgotten: one value, or all of a zap', async () => {
  const { client } = await testApp()
  const set = (id: string, input: Record<string, string>) => ({ id, uses: 'store.set', input })
  const id = await enableZap(client, {
    name: 'Keeper',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      set('a', { key: 'last', value: '{{ go.n }}', ttl: '1h' }),
      set('b', { key: '__proto__', value: 'x' }),
      set('c', { key: 'shared', value: 'for all', scope: 'all' }),
    ],
    edges: [
      { from: 'go', to: 'a' },
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
    ],
  })
  await runToEnd(client, id, { n: 7 })
  const own = await client.memory.list({ zapId: id })
  expect(own).toMatchObject({
    more: false,
    values: [
      { key: '__proto__', value: 'x', expiresAt: null },
      { key: 'last', value: 7 },
    ],
  })
  const [, last] = own.values
  expect(Date.parse(last?.expiresAt ?? '') - Date.parse(last?.changedAt ?? '')).toBe(3_600_000)
  expect((await client.memory.list({ zapId: null })).values).toMatchObject([{ key: 'shared', value: 'for all' }])
  expect(await client.memory.forget({ zapId: id, keys: ['last', 'none'] })).toEqual({ forgotten: 1 })
  expect(await client.memory.forget({ zapId: id, keys: null })).toEqual({ forgotten: 1 })
  expect((await client.memory.list({ zapId: id })).values).toEqual([])
  expect((await client.memory.list({ zapId: null })).values).toHaveLength(1)
})
