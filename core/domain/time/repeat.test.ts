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

test('the time of the next round is found when it is planned, and found anew when that has changed', async () => {
  const clock = manualClock(0)
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const rounds: (number | undefined)[] = []
  let dueAt = 1_000
  const service = repeat({
    clock,
    log,
    failed: 'It failed.',
    everyMs: async () => dueAt - clock.now(),
    async run(plannedAt) {
      rounds.push(plannedAt)
      dueAt = Number.POSITIVE_INFINITY
    },
  })
  service.start()
  dueAt = 50
  await service.replan()
  clock.advance(50)
  await vi.waitFor(() => expect(rounds).toEqual([50]))
  clock.advance(1_000_000)
  expect(rounds).toHaveLength(1)
  service.soon()
  await vi.waitFor(() => expect(rounds).toHaveLength(2))
  await service.stop()
  service.soon()
  await service.now()
  expect(rounds).toHaveLength(3)
})

test('a round that failed is tried again after its own time, also when the time of the next one cannot be found', async () => {
  const clock = manualClock(0)
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  let rounds = 0
  const everyMs = vi.fn(async (): Promise<number> => 1_000)
  const run = async (): Promise<void> => {
    rounds++
    if (rounds === 1) throw new Error('no disk')
  }
  const service = repeat({ clock, log, failed: 'It failed.', everyMs, firstMs: 0, retryMs: 10, run })
  everyMs.mockRejectedValueOnce(new Error('no table'))
  service.start()
  for (const expected of [1, 2, 3]) {
    await vi.waitFor(() => {
      clock.advance(10)
      expect(rounds).toBe(expected)
    })
  }
  expect(log.error.mock.calls).toEqual([
    ['It failed.', { error: 'Error: no disk' }],
    ['It failed.', { error: 'Error: no table' }],
  ])
  await service.stop()
})
