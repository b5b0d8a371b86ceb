import { expect, test, vi } from 'vitest'
import { manualClock } from './clock.ts'
import { repeat } from './repeat.ts'

function setUp(run: () => Promise<number>) {
  const clock = manualClock(0)
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  return { clock, log, service: repeat({ clock, log, failed: 'It failed.', everyMs: 100, firstMs: 10, run }) }
}

test('the first round comes after its own time, later ones after the end of the one before', async () => {
  let rounds = 0
  const { clock, service } = setUp(async () => ++rounds)
  service.start()
  clock.advance(9)
  expect(rounds).toBe(0)
  clock.advance(1)
  await vi.waitFor(() => expect(rounds).toBe(1))
  await vi.waitFor(() => {
    clock.advance(100)
    expect(rounds).toBeGreaterThan(1)
  })
  await service.stop()
})

test('rounds never overlap, and a stop waits for the one under way', async () => {
  const gates = [Promise.withResolvers<number>(), Promise.withResolvers<number>()]
  let begun = 0
  let stopped = false
  const { service } = setUp(() => (gates[begun++] ?? Promise.withResolvers<number>()).promise)
  const first = service.now()
  const second = service.now()
  await vi.waitFor(() => expect(begun).toBe(1))
  const stopping = service.stop().then(() => {
    stopped = true
  })
  gates[0]?.resolve(1)
  expect(await first).toBe(1)
  await vi.waitFor(() => expect(begun).toBe(2))
  expect(stopped).toBe(false)
  gates[1]?.resolve(2)
  expect(await second).toBe(2)
  await stopping
  expect(stopped).toBe(true)
})

test('a round that fails is logged, and the next one comes all the same', async () => {
  let rounds = 0
  const { clock, log, service } = setUp(async () => {
    rounds++
    throw new Error('no disk')
  })
  service.start()
  await vi.waitFor(() => {
    clock.advance(100)
    expect(rounds).toBeGreaterThan(2)
  })
  expect(log.error).toHaveBeenCalledWith('It failed.', { error: 'Error: no disk' })
  await service.stop()
  const before = rounds
  clock.advance(1_000)
  expect(rounds).toBe(before)
})
