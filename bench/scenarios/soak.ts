import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type ControlClient, connectTo } from '../../e2e/fixtures/control-client.ts'
import { relayZap } from '../../e2e/fixtures/zap-files.ts'
import { withFolder, within } from '../owned-processes.ts'
import { median } from '../quantile.ts'
import type { Figures, Size } from '../scenario.ts'
import { type OrderTarget, startOrderTarget } from '../soak/orders.ts'
import { type Held, type SoakedHost, startSoakedHost } from '../soak/soaked-host.ts'

/** An hour is a year. */
const DAYS_A_MINUTE = 365 / 60
const EVENTS_A_DAY = 1_000
/** Times a day that the clock moves on. */
const PARTS = 4
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Every so many days the clock is set back by an hour, and forth again. */
const SET_BACK_DAYS = 7
const STARTS = 5
/** Seconds that it is watched for wake-ups, some times: what is still under way ends meanwhile. */
const WATCHED_SECONDS = 3
const WATCHED_TIMES = 4
const SETTLE_MS = 120_000
const LOOK_MS = 50
/** So much of the time goes by before the process begins that is measured: the others are ended on the way. */
const LAST_LIFE = 0.4

/** What one day left. */
type Day = Held & { readonly databaseMb: number }

const scheduledZap = (url: string): unknown => ({
  format: 'hookline/zap@1',
  name: 'Hourly',
  steps: [
    { id: 'clock', uses: 'schedule.cron', input: { cron: '0 * * * *', timezone: 'UTC', missed: 'all' } },
    { id: 'post', uses: 'http.request', input: { method: 'POST', url: `${url}/scheduled`, body: '{{ clock }}' } },
  ],
  edges: [{ from: 'clock', to: 'post' }],
})

/** Calls `use` with a client of the host. */
async function ask<T>(dataDir: string, use: (client: ControlClient) => Promise<T>): Promise<T> {
  const { client, close } = await connectTo(dataDir)
  try {
    return await use(client)
  } finally {
    close()
  }
}

async function setUp(dataDir: string, url: string, keepDays: number): Promise<void> {
  await ask(dataDir, async (client) => {
    const retry = { retry: { baseMs: 20, capMs: 50 } }
    const files = [
      { file: 'orders.zap.json', content: relayZap('orders', `${url}/orders`, retry) },
      { file: 'hourly.zap.json', content: scheduledZap(url) },
    ]
    await client.zaps.import({ files, enable: true })
    await client.history.setSettings({ keepSucceededDays: keepDays, keepFailedDays: keepDays })
    const webhooks = await client.inbox.settings()
    await client.inbox.setSettings({ ...webhooks, keepDays })
    const { settings } = await client.backups.list()
    await client.backups.configure({ ...settings, keep: 2 })
  })
}

/** Resolves when nothing is left to do. */
function settled(dataDir: string): Promise<void> {
  return within(
    SETTLE_MS,
    'the runs of a day to end',
    ask(dataDir, async (client) => {
      for (;;) {
        const { pending, leased } = await client.outbox.stats()
        if (pending + leased === 0) return
        await pause(LOOK_MS)
      }
    }),
  )
}

/** Milliseconds (median) until a host on a folder is ready, started and ended some times. */
async function startMs(dataDir: string): Promise<number> {
  const samples: number[] = []
  for (let n = 0; n < STARTS; n++) {
    const host = await startSoakedHost(dataDir)
    samples.push(host.startMs)
    await host.stop('SIGTERM')
  }
  return median(samples)
}

/** Wake-ups a second in the quietest of some times. */
async function quietest(host: SoakedHost): Promise<number> {
  const samples: number[] = []
  for (let n = 0; n < WATCHED_TIMES; n++) samples.push(await host.wakeUps(WATCHED_SECONDS))
  return Math.min(...samples)
}

const megabytes = (file: string): number => statSync(file).size / 2 ** 20

/** The end of a time as a multiple of its beginning: medians of a third of its days each. */
function grown(days: readonly Day[], take: (day: Day) => number): number {
  const third = Math.max(1, Math.floor(days.length / 3))
  return median(days.slice(-third).map(take)) / median(days.slice(0, third).map(take))
}

/**
 * A year in an hour, or less of both: 1,000 webhooks a day, some of them refused at first and some large, a schedule of every hour, backups, old runs
 * that are deleted, and a clock that moves on by six hours, and back by one now and then. Hosts are killed and ended in the first part; what the
 * last one holds is looked at day by day.
 */
export function measureSoak({ soakMinutes }: Size): Promise<Figures> {
  const days = Math.max(6, Math.round(soakMinutes * DAYS_A_MINUTE))
  const dayMs = (soakMinutes * 60_000) / days
  const keepDays = Math.min(30, Math.max(2, Math.floor(days / 6)))
  return withFolder(async (folder) => {
    const target = await startOrderTarget()
    const dataDir = join(folder, 'data')
    let host = await startSoakedHost(dataDir)
    try {
      await setUp(dataDir, target.url, keepDays)
      const restart = async (signal: NodeJS.Signals): Promise<void> => {
        await host.stop(signal)
        host = await startSoakedHost(dataDir)
      }
      const seen: Day[] = []
      const wakeUps: number[] = []
      const lastLife = Math.ceil(days * LAST_LIFE)
      for (let day = 0; day < days; day++) {
        const began = performance.now()
        const isEnded = day > 0 && day < lastLife && day % Math.max(2, Math.floor(lastLife / 4)) === 0
        await liveADay(
          day,
          () => host,
          target,
          dataDir,
          isEnded ? () => restart(day % 2 === 0 ? 'SIGKILL' : 'SIGTERM') : undefined,
        )
        if (day === lastLife) await restart('SIGTERM')
        const held = await host.at((day + 1) * DAY_MS)
        if (day > lastLife) seen.push({ ...held, databaseMb: megabytes(join(dataDir, 'hookline.db')) })
        if (day === lastLife + 1 || day === days - 1) wakeUps.push(await quietest(host))
        await pause(Math.max(0, dayMs - (performance.now() - began)))
      }
      await host.stop('SIGTERM')
      const backups = readdirSync(join(dataDir, 'backups')).filter((name) => name.endsWith('.db')).length
      const [atFirst = Number.NaN, atLast = Number.NaN] = wakeUps
      const last = seen.at(-1)
      return {
        days,
        lost: target.missing(),
        'scheduled runs/day': target.scheduled() / days,
        backups,
        'memory, times': grown(seen, ({ residentMb }) => residentMb),
        'memory in use, times': grown(seen, ({ usedMb }) => usedMb),
        'resident MB': last?.residentMb ?? Number.NaN,
        'descriptors, more': (last?.descriptors ?? Number.NaN) - (seen[0]?.descriptors ?? Number.NaN),
        'timers, more': (last?.timers ?? Number.NaN) - (seen[0]?.timers ?? Number.NaN),
        'wake-ups/s': atLast,
        'wake-ups/s, more': atLast - atFirst,
        'database MB': last?.databaseMb ?? Number.NaN,
        'database, times': grown(seen, ({ databaseMb }) => databaseMb),
        'start of an empty folder ms': await startMs(join(folder, 'empty')),
        'start of that folder ms': await startMs(dataDir),
      }
    } finally {
      await host.stop('SIGKILL')
      await target.close()
    }
  })
}

/** One day; in its middle `interrupt` ends the host and starts the next one, while orders come in. */
async function liveADay(
  day: number,
  host: () => SoakedHost,
  target: OrderTarget,
  dataDir: string,
  interrupt: (() => Promise<void>) | undefined,
): Promise<void> {
  for (let part = 0; part < PARTS; part++) {
    const ahead = day * DAY_MS + (part * DAY_MS) / PARTS
    if (day % SET_BACK_DAYS === SET_BACK_DAYS - 1) await host().at(ahead - HOUR_MS)
    await host().at(ahead)
    const isInterrupted = part === PARTS / 2 && interrupt !== undefined
    await Promise.all([target.send(EVENTS_A_DAY / PARTS, () => host().hook), isInterrupted ? interrupt() : undefined])
    if (isInterrupted) await host().at(ahead)
    await settled(dataDir)
  }
}
