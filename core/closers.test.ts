import { expect, test, vi } from 'vitest'
import { createClosers } from './closers.ts'

test('what was begun last is stopped first, and what holds a stop up is named', async () => {
  const held = Promise.withResolvers<void>()
  const told = Promise.withResolvers<string>()
  const log = { info: vi.fn(), warn: vi.fn(), error: (message: string) => told.resolve(message) }
  const closers = createClosers(log, 1)
  const order: string[] = []
  closers.add('the database', () => order.push('database'))
  closers.add('the parts', async () => {
    await closers.atOnce({ 'the tunnel': Promise.resolve(), 'runs under way': held.promise })
    order.push('parts')
  })
  const closed = closers.close()
  expect(await told.promise).toBe('Hookline stops, but still waits for runs under way, the parts.')
  held.resolve()
  await closed
  expect(order).toEqual(['parts', 'database'])
})
