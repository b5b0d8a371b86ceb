import { expect, it, onTestFinished, vi } from 'vitest'
import { temporaryDatabase } from '../db/test-database.ts'
import type { TunnelWay } from '../domain/settings/tunnel-settings.ts'
import { manualClock } from '../domain/time/clock.ts'
import { createSignals } from '../signals.ts'
import { type OpenTunnel, TunnelError } from './open-tunnel.ts'
import { createTunnelKeeper, type TunnelState } from './tunnel-keeper.ts'

const WAY: TunnelWay = { provider: 'cloudflared' }

/** A keeper whose tunnels are opened, looked through and lost at the test's word. */
function keeperOf(options: { urls?: readonly string[] } = {}) {
  const database = temporaryDatabase()
  const clock = manualClock(Date.parse('2026-11-26T12:00:00Z'))
  const urls = [...(options.urls ?? ['https://one.example.com'])]
  const opened: { url: string; lose(why: string): void; isClosed: boolean }[] = []
  let refusal: Error | null = null
  let arrives = true
  const news: TunnelState['kind'][] = []
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const signals = createSignals(log)
  signals.on('tunnel:changed', () => news.push(keeper.state().kind))
  const keeper = createTunnelKeeper({
    database,
    clock,
    log,
    pidFile: '/nowhere',
    open: async (): Promise<OpenTunnel> => {
      if (refusal !== null) throw refusal
      const { promise, resolve } = Promise.withResolvers<string>()
      const url = (urls.length > 1 ? urls.shift() : urls[0]) ?? ''
      const entry = { url, lose: resolve, isClosed: false }
      opened.push(entry)
      return {
        url,
        isFresh: true,
        onlyPath: null,
        addressHeader: null,
        closed: promise,
        async close() {
          entry.isClosed = true
        },
      }
    },
    async probe() {
      if (!arrives) throw new Error('it cannot be reached.')
    },
    signals,
    random: () => 1,
  })
  onTestFinished(() => keeper.stop())
  return {
    keeper,
    clock,
    opened,
    news,
    refuse(error: Error | null) {
      refusal = error
    },
    arrive(does: boolean) {
      arrives = does
    },
    /** Waits until the keeper says so. */
    becomes: (kind: TunnelState['kind']) => expect.poll(() => keeper.state().kind).toBe(kind),
  }
}

it('keeps nothing open until somebody wants it, and closes it when nobody does', async () => {
  const { keeper, opened, becomes } = keeperOf()
  await keeper.start(4781)
  expect(keeper.state().kind).toBe('off')
  await keeper.configure({ isOn: true, way: WAY })
  await becomes('open')
  expect(keeper.access()?.url).toBe('https://one.example.com')
  await keeper.configure({ isOn: false, way: WAY })
  expect(keeper.state().kind).toBe('off')
  expect(opened.map((tunnel) => tunnel.isClosed)).toEqual([true])
})

it('opens a lost tunnel again after a pause, and says why it was lost', async () => {
  const { keeper, clock, opened, becomes } = keeperOf({ urls: ['https://one.example.com', 'https://two.example.com'] })
  await keeper.start(4781)
  await keeper.configure({ isOn: true, way: WAY })
  await becomes('open')
  expect(keeper.formerUrl()).toBeNull()
  opened[0]?.lose('The line broke.')
  await becomes('down')
  expect(keeper.state()).toMatchObject({ why: 'The line broke.', retryAt: clock.now() + 1_000 })
  clock.advance(1_000)
  await becomes('open')
  expect(keeper.formerUrl()).toBe('https://one.example.com')
  await keeper.acknowledge()
  expect(keeper.formerUrl()).toBeNull()
})

it('pauses longer after each failure, a minute at most, and tries at once when it is told to', async () => {
  const { keeper, clock, refuse, becomes } = keeperOf()
  refuse(new TunnelError('No way.'))
  await keeper.start(4781)
  await keeper.configure({ isOn: true, way: WAY })
  const pauses: number[] = []
  for (let n = 0; n < 8; n++) {
    await becomes('down')
    const state = keeper.state()
    const pause = state.kind === 'down' && state.retryAt !== null ? state.retryAt - clock.now() : 0
    pauses.push(pause)
    clock.advance(pause)
    await becomes('down')
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  refuse(null)
  keeper.retry()
  await becomes('open')
})

it('promises no next attempt where a person has to do something first, and looks for that all the same', async () => {
  const { keeper, clock, refuse, becomes } = keeperOf()
  refuse(new TunnelError('It is not installed.', { isLasting: true }))
  await keeper.start(4781)
  await keeper.configure({ isOn: true, way: WAY })
  await becomes('down')
  expect(keeper.state()).toMatchObject({ retryAt: null })
  refuse(null)
  clock.advance(60_000)
  await becomes('open')
})

it('calls a tunnel open only once what is sent to it arrives, and down when it does not any more', async () => {
  const { keeper, clock, arrive, opened, news } = keeperOf()
  arrive(false)
  await keeper.start(4781)
  await keeper.configure({ isOn: true, way: WAY })
  await expect.poll(() => opened.length).toBe(1)
  expect(keeper.access()).toBeNull()
  arrive(true)
  await vi.waitFor(() => {
    clock.advance(2_000)
    expect(keeper.state().kind).toBe('open')
  })
  expect(news.includes('down')).toBe(false)
  arrive(false)
  await vi.waitFor(() => {
    clock.advance(60_000)
    expect(opened[0]?.isClosed).toBe(true)
  })
})

it('opens the same tunnel again at the next start', async () => {
  const { keeper, becomes } = keeperOf()
  await keeper.start(4781)
  await keeper.configure({ isOn: true, way: WAY })
  await becomes('open')
  await keeper.stop()
  await keeper.start(4782)
  expect(keeper.settings()).toEqual({ isOn: true, way: WAY })
  await becomes('open')
})
