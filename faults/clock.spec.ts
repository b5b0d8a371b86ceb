import { z } from 'zod'
import type { RunningHost } from '../e2e/fixtures/headless-host.ts'
import { enableZap } from '../e2e/fixtures/seeded-runs.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap } from '../e2e/fixtures/zap-files.ts'
import { startFaultTarget } from './fault-target.ts'
import { injectedHosts } from './injected-host.ts'
import { outboxSchema, post } from './senders.ts'

const DAY_MS = 86_400_000

/** A zap that posts when it was due. */
const scheduled = (url: string, schedule: object): object => ({
  format: 'hookline/zap@1',
  name: 'Scheduled',
  steps: [
    { id: 'clock', uses: 'schedule.cron', input: schedule },
    { id: 'post', uses: 'http.request', input: { method: 'POST', url, body: '{{ clock }}' } },
  ],
  edges: [{ from: 'clock', to: 'post' }],
})

const dueSchema = z.object({ dueAt: z.string(), missed: z.int() })
const dueOf = ({ body }: { body: string }): z.infer<typeof dueSchema> => dueSchema.parse(JSON.parse(body))

/** Resolves when nothing is left to do. */
async function idle(host: RunningHost): Promise<void> {
  await expect(async () => {
    expect(await host.ask(outboxSchema, 'outbox')).toMatchObject({ pending: 0, leased: 0, dead: 0 })
  }).toPass()
}

for (const [how, aheadMs] of [
  ['ahead', DAY_MS],
  ['back', -DAY_MS],
] as const) {
  test(`events are worked on as they come while the clock is a day ${how}, and when it is right again`, async ({
    folder,
    target,
  }) => {
    const hosts = injectedHosts(folder)
    const host = await hosts.start()
    await enableZap(`${folder}/data`, 'relay', relayZap('in', target.url))
    const ids: (string | undefined)[] = []
    const send = async (n: number): Promise<void> => {
      const { status, id } = await post(host, 'in', { n }, { 'idempotency-key': `order-${n}` })
      expect(status).toBe(200)
      ids.push(id)
      await target.until((requests) => requests.length === n)
    }
    await send(1)
    hosts.pretend({ clockAheadMs: aheadMs })
    await send(2)
    hosts.pretend({})
    await send(3)
    // A sender that repeats itself is known whatever the clock says.
    expect(await post(host, 'in', { n: 2 }, { 'idempotency-key': 'order-2' })).toMatchObject({ id: ids[1] })
    await idle(host)
    expect(await host.stop()).toBe(0)
    expect(target.requests).toHaveLength(3)
  })
}

const probe = {
  format: 'hookline/zap@1',
  name: 'Probe',
  steps: [{ id: 'hook', uses: 'webhook.catch', input: { path: 'probe' } }],
  edges: [],
}
const shownRun = z.object({ run: z.object({ startedAt: z.string() }) })

/** Waits until a host has noticed that its clock is right again: what comes now is of today. */
async function seesToday(host: RunningHost): Promise<void> {
  await expect(async () => {
    const { id } = await post(host, 'probe', {})
    const { run } = await host.ask(shownRun, 'run', 'show', (id ?? '').replace('evt_', 'run_'))
    expect(Date.parse(run.startedAt)).toBeLessThan(Date.now() + 60_000)
  }).toPass()
}

for (const [how, isKilled] of [
  ['while it runs', false],
  ['while it is down', true],
] as const) {
  test(`what came while the clock was a day ahead begins when it is set back ${how}, in its order`, async ({
    folder,
  }) => {
    const hosts = injectedHosts(folder)
    hosts.pretend({ clockAheadMs: DAY_MS })
    const target = await startFaultTarget()
    target.behave('hang')
    let host = await hosts.start()
    const url = `http://127.0.0.1:${target.port}/`
    const relay = relayZap('in', url, { retry: { baseMs: 20, capMs: 50 } })
    const queued = { ...z.record(z.string(), z.unknown()).parse(relay), settings: { concurrency: 'queued' } }
    await enableZap(`${folder}/data`, 'relay', queued)
    await enableZap(`${folder}/data`, 'probe', probe)
    for (const n of [1, 2, 3]) expect(await post(host, 'in', { n })).toMatchObject({ status: 200 })
    await expect.poll(() => target.requests()).toBe(1)
    if (isKilled) await host.kill()
    hosts.pretend({})
    if (isKilled) host = await hosts.start()
    // A retry that is planned while the clock is still ahead would keep its time.
    await seesToday(host)
    // The one that is under way is cut off, and goes first again.
    target.behave('good')
    await expect
      .poll(() => [...target.effects.values()].map(({ body }) => body))
      .toEqual(['{"n":1}', '{"n":2}', '{"n":3}'])
    await idle(host)
    expect(await host.stop()).toBe(0)
    await target.close()
  })
}

test('a schedule goes on while the clock is set ahead and back, once for each due time', async ({ folder, target }) => {
  const hosts = injectedHosts(folder)
  const host = await hosts.start()
  await enableZap(`${folder}/data`, 'tick', scheduled(target.url, { every: '1s' }))
  await target.until((requests) => requests.length >= 2)
  hosts.pretend({ clockAheadMs: DAY_MS })
  // A day of seconds was missed: one run stands for them.
  await target.until((requests) => requests.some((request) => dueOf(request).missed > 80_000))
  const ahead = target.requests.length
  await target.until((requests) => requests.length >= ahead + 2)
  hosts.pretend({})
  const back = target.requests.length
  const isToday = (due: string): boolean => Date.parse(due) < Date.now() + 60_000
  await target.until((requests) => requests.slice(back).filter((request) => isToday(dueOf(request).dueAt)).length >= 2)
  await host.stop()
  const dueTimes = target.requests.map((request) => dueOf(request).dueAt)
  expect(new Set(dueTimes).size).toBe(dueTimes.length)
  expect(dueTimes.length).toBeLessThan(60)
})

test('a computer that slept through its schedules does them once when it wakes', async ({ folder, target }) => {
  const hosts = injectedHosts(folder)
  hosts.setClock('2026-11-24T08:59:00Z')
  const host = await hosts.start()
  await enableZap(`${folder}/data`, 'hourly', scheduled(target.url, { cron: '0 * * * *', timezone: 'UTC' }))
  await enableZap(`${folder}/data`, 'relay', relayZap('in', target.url))
  // Its timers stand still, and the clock goes on.
  host.child.kill('SIGSTOP')
  hosts.setClock('2026-11-24T17:30:00Z')
  host.child.kill('SIGCONT')
  await target.until((requests) => requests.length === 1)
  expect(target.requests.map(dueOf)).toEqual([{ dueAt: '2026-11-24T17:00:00.000Z', missed: 8 }])
  expect(await post(host, 'in', { n: 1 })).toMatchObject({ status: 200 })
  await target.until((requests) => requests.length === 2)
  await idle(host)
  expect(await host.stop()).toBe(0)
})

/** 02:30 in Berlin: on the first day there is none, and the clock has jumped at 01:00 UTC; on the second there are two. */
const nights = [
  ['there is none, as the clock jumps from 02:00 to 03:00', '2027-03-28T00:30:00Z', '2027-03-28T05:00:00Z', '01:00'],
  ['there are two, as the hour from 02:00 comes twice', '2027-10-30T23:30:00Z', '2027-10-31T05:00:00Z', '00:30'],
] as const

for (const [what, before, after, due] of nights) {
  test(`a schedule at a time of which ${what}, comes once`, async ({ folder, target }) => {
    const hosts = injectedHosts(folder)
    hosts.setClock(before)
    const evening = await hosts.start()
    await enableZap(
      `${folder}/data`,
      'nightly',
      scheduled(target.url, { cron: '30 2 * * *', timezone: 'Europe/Berlin', missed: 'all' }),
    )
    await enableZap(`${folder}/data`, 'relay', relayZap('in', target.url))
    await evening.stop()
    hosts.setClock(after)
    const morning = await hosts.start()
    await target.until((requests) => requests.length === 1)
    // Whatever else was due would have come before this.
    await post(morning, 'in', { dueAt: 'none', missed: 0 })
    await target.until((requests) => requests.length === 2)
    await idle(morning)
    await morning.stop()
    expect(target.requests.map((request) => dueOf(request).dueAt)).toEqual([
      `${after.slice(0, 10)}T${due}:00.000Z`,
      'none',
    ])
  })
}
