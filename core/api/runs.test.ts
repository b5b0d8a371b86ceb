import { expect, test } from 'vitest'
import { enableZap, testApp } from '../test-app.ts'

const zap = { steps: [{ id: 'go', uses: 'manual.run', input: {} }], edges: [] }

test('a run can be shown and cancelled from the moment that its event is accepted', async () => {
  const { app, client } = await testApp()
  const id = await enableZap(client, zap)
  await app.setPaused(true)
  const { runId } = await client.zaps.run({ id, source: 'live', input: { n: 1 } })
  const { run, steps } = await client.runs.get({ id: runId })
  expect(run).toMatchObject({ id: runId, zapId: id, status: 'waiting', reason: 'Waits for its turn.' })
  expect(steps).toMatchObject([{ step: 'go', status: 'succeeded', output: { n: 1 } }])
  expect((await client.runs.cancel({ id: runId })).status).toBe('cancelled')
  expect(await client.outbox.stats()).toMatchObject({ pending: 0, leased: 0 })
  await app.setPaused(false)
  expect((await client.runs.list({})).runs).toMatchObject([{ id: runId, status: 'cancelled' }])
})

test('a run that is not there is said to be not there', async () => {
  const { client } = await testApp()
  await expect(client.runs.get({ id: 'run_nothing' })).rejects.toThrow('There is no run run_nothing.')
  await expect(client.runs.cancel({ id: 'run_nothing' })).rejects.toThrow('There is no run run_nothing.')
  await expect(client.runs.replay({ id: 'run_nothing' })).rejects.toThrow('There is no run run_nothing.')
})

test('pages of runs follow each other without gap or repeat, with and without a filter', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, zap)
  const started: string[] = []
  for (let n = 0; n < 7; n++) started.push((await client.zaps.run({ id, source: 'live', input: {} })).runId)
  await expect.poll(async () => (await client.outbox.stats()).delivered).toBe(7)
  for (const filter of [
    {},
    { zapId: id },
    { status: 'succeeded' as const },
    { zapId: id, status: 'succeeded' as const },
  ]) {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof client.runs.list>> = await client.runs.list({
        ...filter,
        limit: 3,
        ...(cursor === null ? {} : { cursor }),
      })
      seen.push(...page.runs.map((run) => run.id))
      cursor = page.next
    } while (cursor !== null)
    expect(seen).toEqual(started.toReversed())
  }
  expect((await client.runs.list({ status: 'failed' })).runs).toEqual([])
})

test('cancelling a run cancels the run that it waits for, and all that hang on it, but none that it only started', async () => {
  const { client } = await testApp()
  const go = { id: 'go', uses: 'manual.run', input: {} }
  const sleeps = { id: 'sleep', uses: 'logic.delay', input: { for: '1h' } }
  const calls = (id: string, zapId: string, wait: boolean) => ({
    id,
    uses: 'logic.call-zap',
    input: { zap: zapId, wait },
  })
  const chain = (...ids: string[]) => ids.slice(1).map((to, at) => ({ from: ids[at] ?? '', to }))
  const deepest = await enableZap(client, { steps: [go, sleeps], edges: chain('go', 'sleep') })
  const middle = await enableZap(client, { steps: [go, calls('call', deepest, true)], edges: chain('go', 'call') })
  const aside = await enableZap(client, { steps: [go, sleeps], edges: chain('go', 'sleep') })
  const top = await enableZap(client, {
    steps: [go, calls('start', aside, false), calls('call', middle, true)],
    edges: chain('go', 'start', 'call'),
  })
  const { runId } = await client.zaps.run({ id: top, source: 'live', input: {} })
  const states = async () => {
    const { runs } = await client.runs.list({})
    const of = (zapId: string) => runs.find((run) => run.zapId === zapId)
    return [top, middle, deepest, aside].map((zapId) => of(zapId)?.waitsFor ?? of(zapId)?.status)
  }
  await expect.poll(states).toEqual(['run', 'run', 'time', 'time'])
  await client.runs.cancel({ id: runId })
  await expect.poll(states).toEqual(['cancelled', 'cancelled', 'cancelled', 'time'])
  expect(await client.outbox.stats()).toMatchObject({ leased: 0, pending: 1 })
})
