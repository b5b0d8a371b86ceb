import { expect, test } from 'vitest'
import type { Json } from '../domain/values/json.ts'
import { enableZap, runToEnd, type TestClient, testApp, testServer } from '../test-app.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }
const edge = (from: string, to: string, port?: string) => (port === undefined ? { from, to } : { from, to, port })
const call = (id: string, url: string, body: Json) => ({
  id,
  uses: 'http.request',
  input: { method: 'POST', url: `${url}/${id}`, body },
  settings: { retry: { maxAttempts: 1 } },
})

/** A target that refuses what it is told to refuse, and remembers the rest in order. */
async function target() {
  const calls: string[] = []
  const keys: string[] = []
  const refused = new Set<string>()
  const url = await testServer((request, response) => {
    const what = `${request.path.slice(1)} ${request.body}`
    calls.push(what)
    keys.push(String(request.headers['idempotency-key']))
    response.statusCode = refused.has(what) ? 500 : 200
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ n: calls.length }))
  })
  return { url, calls, keys, refused }
}

const ends = async (client: TestClient, id: string) => {
  await expect.poll(async () => (await client.runs.get({ id })).run.finishedAt).not.toBeNull()
  return client.runs.get({ id })
}

/** A zap of two calls of which the second one fails, and its failed run. */
async function failedRun() {
  const { client } = await testApp()
  const server = await target()
  server.refused.add('second 1')
  const zapId = await enableZap(client, {
    steps: [manual, call('first', server.url, '{{ go.n }}'), call('second', server.url, '{{ go.n }}')],
    edges: [edge('go', 'first'), edge('first', 'second')],
  })
  const failed = await runToEnd(client, zapId, { n: 1 })
  expect(failed.run.status).toBe('failed')
  return { client, server, zapId, failed: failed.run }
}

test('a replay runs every step again, as a run of its own that points at the old one', async () => {
  const { client, server, failed } = await failedRun()
  server.refused.clear()
  const { runId } = await client.runs.replay({ id: failed.id })
  const { run } = await ends(client, runId)
  expect(run).toMatchObject({ status: 'succeeded', replayOf: failed.id, eventId: failed.eventId, version: 1 })
  expect(server.calls).toEqual(['first 1', 'second 1', 'first 1', 'second 1'])
  // It is the user's wish, so no target may take it for a repeat.
  expect(new Set(server.keys).size).toBe(4)
  // The old run stays as it was, and knows what became of it.
  const end = { id: runId, status: 'succeeded' } as const
  const known = { ...failed, shownAs: 'replayed', replays: [end], replayedAs: end }
  expect((await client.runs.get({ id: failed.id })).run).toEqual(known)
})

test('a run knows the end of a chain of replays, and only its last failure is one', async () => {
  const { client, server, zapId, failed } = await failedRun()
  const { runId: second } = await client.runs.replay({ id: failed.id })
  await ends(client, second)
  const statuses = async () => (await client.runs.list({ zapId })).runs.map((run) => run.shownAs)
  expect(await statuses()).toEqual(['failed', 'replayed'])
  expect((await client.zaps.list())[0]?.last24h).toEqual({ succeeded: 0, failed: 1 })

  const heard = await client.events.watch()
  await heard.next()
  server.refused.clear()
  const { runId: third } = await client.runs.replay({ id: second })
  // The change of the last one is told of all that it replays.
  for await (const event of heard) {
    if (event.type !== 'runs') continue
    const first = event.runs.find((run) => run.id === failed.id)
    if (first?.replayedAs?.status === 'succeeded') break
  }
  expect(await statuses()).toEqual(['succeeded', 'replayed', 'replayed'])
  const { run } = await client.runs.get({ id: failed.id })
  expect(run).toMatchObject({
    replays: [{ id: second, status: 'failed' }],
    replayedAs: { id: third, status: 'succeeded' },
  })
  expect((await client.zaps.list())[0]?.last24h).toEqual({ succeeded: 1, failed: 0 })
})

test('from the failed step on, what was finished is not done again and its output is there', async () => {
  const { client, server, failed } = await failedRun()
  server.refused.clear()
  const { runId } = await client.runs.replay({ id: failed.id, fromFailed: true })
  const { run, steps } = await ends(client, runId)
  expect(run.status).toBe('succeeded')
  expect(server.calls).toEqual(['first 1', 'second 1', 'second 1'])
  expect(steps.find((row) => row.step === 'first')?.output).toMatchObject({ body: { n: 1 } })
})

test('inside a loop only the item that failed is done again', async () => {
  const { client } = await testApp()
  const server = await target()
  server.refused.add('each 2')
  const zapId = await enableZap(client, {
    steps: [
      manual,
      { id: 'loop', uses: 'logic.for-each', input: { items: '{{ go.items }}', parallel: 1 } },
      call('each', server.url, '{{ item }}'),
      call('after', server.url, '{{ loop.results.size }}'),
    ],
    edges: [edge('go', 'loop'), edge('loop', 'each', 'each'), edge('loop', 'after', 'done')],
  })
  const { run } = await runToEnd(client, zapId, { items: [1, 2, 3] })
  expect(run.status).toBe('failed')
  server.refused.clear()
  const { runId } = await client.runs.replay({ id: run.id, fromFailed: true })
  expect((await ends(client, runId)).run.status).toBe('succeeded')
  expect(server.calls).toEqual(['each 1', 'each 2', 'each 2', 'each 3', 'after 3'])
})

test('with edited data a new event is made, and the old one stays as it was', async () => {
  const { client, server, failed } = await failedRun()
  const { runId } = await client.runs.replay({ id: failed.id, input: { n: 7 } })
  const { run, steps } = await ends(client, runId)
  expect(run).toMatchObject({ status: 'succeeded', replayOf: failed.id })
  expect(run.eventId).not.toBe(failed.eventId)
  expect(steps.find((row) => row.step === 'go')?.output).toEqual({ n: 7 })
  expect(server.calls.slice(2)).toEqual(['first 7', 'second 7'])
  const old = await client.runs.get({ id: failed.id })
  expect(old.steps.find((row) => row.step === 'go')?.output).toEqual({ n: 1 })
  // A replay of the replay has the edited data.
  const again = await client.runs.replay({ id: runId })
  expect((await ends(client, again.runId)).run.eventId).toBe(run.eventId)
  await expect(client.runs.replay({ id: failed.id, input: 1, fromFailed: true })).rejects.toThrow(
    'leave one of the two',
  )
})

test('through the newest version only steps that did not change keep what they gave', async () => {
  const { client, server, zapId, failed } = await failedRun()
  const edit = async (steps: readonly ReturnType<typeof call>[], trigger = manual) => {
    const { draft, draftRevision } = await client.zaps.get({ id: zapId })
    const ids = [trigger.id, ...steps.map((step) => step.id)]
    const edges = ids.slice(1).map((id, index) => edge(ids[index] ?? '', id))
    await client.zaps.saveDraft({
      id: zapId,
      baseRevision: draftRevision,
      draft: { ...draft, steps: [trigger, ...steps], edges },
    })
    await client.zaps.publish({ id: zapId })
  }
  await edit([call('first', server.url, '{{ go.n }}'), call('second', server.url, 'mended')])
  const mended = await client.runs.replay({ id: failed.id, fromFailed: true, version: 'newest' })
  expect((await ends(client, mended.runId)).run).toMatchObject({ status: 'succeeded', version: 2 })
  expect(server.calls.slice(2)).toEqual(['second mended'])

  await edit([call('first', server.url, 'other'), call('second', server.url, 'mended')])
  const changed = await client.runs.replay({ id: failed.id, fromFailed: true, version: 'newest' })
  expect((await ends(client, changed.runId)).run).toMatchObject({ status: 'succeeded', version: 3 })
  expect(server.calls.slice(3)).toEqual(['first other', 'second mended'])

  await edit([call('first', server.url, 'other')], { ...manual, id: 'start' })
  await expect(client.runs.replay({ id: failed.id, version: 'newest' })).rejects.toThrow('has no trigger "go"')
  expect((await ends(client, (await client.runs.replay({ id: failed.id })).runId)).run.version).toBe(1)
})

test('what has not ended, or did not fail, is not replayed from a failure', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [manual, { id: 'wait', uses: 'logic.delay', input: { for: '1h' } }],
    edges: [edge('go', 'wait')],
  })
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.waitsFor).toBe('time')
  await expect(client.runs.replay({ id: runId })).rejects.toThrow('has not ended')
  await client.runs.resumeNow({ id: runId })
  await ends(client, runId)
  await expect(client.runs.replay({ id: runId, fromFailed: true })).rejects.toThrow('no failed step to begin from')
})

test('a dead letter is told of until its run is replayed, and its incident closes at once', async () => {
  const { client, server, zapId, failed } = await failedRun()
  const [letter] = await client.outbox.deadLetters()
  expect(letter).toMatchObject({ runId: failed.id, zapId, run: { status: 'failed' } })
  expect(letter?.reason).toContain('500')
  // Any look of the sweeper opens it; dismissing nothing is one.
  await client.outbox.dismiss({ ids: [] })
  expect((await client.system.status()).incidents).toMatchObject([{ kind: 'dead-letters', zapId }])
  expect(await client.outbox.stats()).toMatchObject({ dead: 1 })
  server.refused.clear()
  const { runId } = await client.runs.replay({ id: failed.id, fromFailed: true })
  expect(await client.outbox.deadLetters()).toEqual([])
  expect((await client.system.status()).incidents).toEqual([])
  expect((await ends(client, runId)).run.status).toBe('succeeded')
  expect(await client.incidents.list()).toMatchObject([{ kind: 'dead-letters', closedAt: expect.any(String) }])
})

test('dead letters are dismissed one by one or all together, and each one once', async () => {
  const { client, server, zapId } = await failedRun()
  server.refused.add('second 2').add('second 3')
  for (const n of [2, 3]) await runToEnd(client, zapId, { n })
  const letters = await client.outbox.deadLetters()
  expect(letters).toHaveLength(3)
  const ids = letters.slice(0, 1).map((letter) => letter.id)
  expect(await client.outbox.dismiss({ ids })).toEqual({ dismissed: 1 })
  expect(await client.outbox.dismiss({ ids })).toEqual({ dismissed: 0 })
  expect((await client.outbox.deadLetters()).map((letter) => letter.id)).toEqual(letters.slice(1).map(({ id }) => id))
  expect((await client.system.status()).incidents).toMatchObject([{ message: expect.stringContaining('2 runs') }])
  expect(await client.outbox.dismiss({})).toEqual({ dismissed: 2 })
  expect((await client.system.status()).incidents).toEqual([])
})

test('a replay is not taken for what its own event has brought before', async () => {
  const { client } = await testApp()
  const server = await target()
  server.refused.add('tell 7')
  const zapId = await enableZap(client, {
    steps: [manual, { id: 'new', uses: 'logic.skip-seen', input: { key: '{{ go.n }}' } }, call('tell', server.url, 7)],
    edges: [edge('go', 'new'), edge('new', 'tell')],
  })
  const failed = await runToEnd(client, zapId, { n: 7 })
  expect(failed.run.status).toBe('failed')
  server.refused.clear()
  const { runId } = await client.runs.replay({ id: failed.run.id })
  expect((await ends(client, runId)).run).toMatchObject({ status: 'succeeded', reason: null })
  expect(server.calls).toEqual(['tell 7', 'tell 7'])
  // Another event with the same value is one too many.
  await runToEnd(client, zapId, { n: 7 })
  expect(server.calls).toHaveLength(2)
})
