import { expect, test } from 'vitest'
import type { Step } from '../domain/zap/zap-file.ts'
import { enableZap, type TestClient, testApp, testServer } from '../test-app.ts'

type Draft = Pick<Step, 'id' | 'uses' | 'input' | 'settings'>
const hook = (input: Draft['input'] = {}): Draft => ({
  id: 'hook',
  uses: 'webhook.catch',
  input: { path: 'in', ...input },
})
const respond = (input: Draft['input']): Draft => ({ id: 'answer', uses: 'webhook.respond', input })

/** A zap whose steps follow one another. */
async function chain(client: TestClient, ...steps: Draft[]) {
  const edges = steps.slice(1).map((step, at) => ({ from: steps[at]?.id ?? '', to: step.id }))
  return enableZap(client, { steps, edges })
}

const post = (url: string, body = '{"name":"Ada"}', headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    redirect: 'manual',
  })

const endOf = async (client: TestClient) => {
  await expect.poll(async () => (await client.runs.list({})).runs[0]?.finishedAt ?? null).not.toBeNull()
  const [run] = (await client.runs.list({})).runs
  return client.runs.get({ id: run?.id ?? '' })
}

test('the sender hears what the step says, made of what the steps before gave', async () => {
  const { app, client } = await testApp()
  const target = await testServer((_request, response) => response.end('{"price":75}'))
  await chain(
    client,
    hook(),
    { id: 'ask', uses: 'http.request', input: { url: target } },
    respond({
      status: 201,
      headers: { 'X-Shop': '{{ hook.body.name }}' },
      body: { for: '{{ hook.body.name }}', got: '{{ ask.body }}' },
    }),
  )
  const answer = await post(`${app.hooksUrl}/hooks/in`)
  expect(answer.status).toBe(201)
  expect(answer.headers.get('x-shop')).toBe('Ada')
  expect(await answer.json()).toEqual({ for: 'Ada', got: '{"price":75}' })
  const { steps } = await endOf(client)
  expect(steps.find((step) => step.step === 'answer')?.output).toMatchObject({ status: 201, sent: true })
  expect((await client.inbox.list({})).requests).toMatchObject([{ verdict: 'accepted', status: 201 }])
})

test('text, nothing, and a redirect are answers too', async () => {
  const { app, client } = await testApp()
  await chain(
    client,
    hook({ path: 'text' }),
    respond({ headers: { 'content-type': 'text/html' }, body: '<b>{{ hook.body.name }}</b>' }),
  )
  await chain(client, hook({ path: 'nothing' }), respond({ status: 204 }))
  await chain(
    client,
    hook({ path: 'away' }),
    respond({ redirect: 'https://example.com/thanks?for={{ hook.body.name }}' }),
  )
  const text = await post(`${app.hooksUrl}/hooks/text`)
  expect([text.status, text.headers.get('content-type'), await text.text()]).toEqual([200, 'text/html', '<b>Ada</b>'])
  const nothing = await post(`${app.hooksUrl}/hooks/nothing`)
  expect([nothing.status, await nothing.text()]).toEqual([204, ''])
  const away = await post(`${app.hooksUrl}/hooks/away`)
  expect([away.status, away.headers.get('location')]).toEqual([303, 'https://example.com/thanks?for=Ada'])
})

test('bytes that came are answered as they came', async () => {
  const { app, client } = await testApp()
  await chain(client, hook(), respond({ headers: { 'content-type': 'image/png' }, body: '{{ hook.body }}' }))
  const bytes = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0xff)
  const answer = await fetch(`${app.hooksUrl}/hooks/in`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: bytes,
  })
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes)
})

test('when the step is not reached in time, the sender hears the own answer; the run goes on and nothing is lost', async () => {
  const { app, client } = await testApp()
  await chain(
    client,
    hook({ holdMs: 100, respond: { status: 202, body: { later: true } } }),
    { id: 'wait', uses: 'logic.delay', input: { for: '1h' } },
    respond({ body: 'too late' }),
  )
  const answer = await post(`${app.hooksUrl}/hooks/in`)
  expect([answer.status, await answer.json()]).toEqual([202, { later: true }])
  const [run] = (await client.runs.list({})).runs
  await expect.poll(async () => (await client.runs.get({ id: run?.id ?? '' })).run.waitsFor).toBe('time')
  await client.runs.resumeNow({ id: run?.id ?? '' })
  const { run: ended, steps } = await endOf(client)
  expect(ended.status).toBe('succeeded')
  expect(steps.find((step) => step.step === 'answer')?.output).toMatchObject({ sent: false })
})

test('a run that ends before the step lets its sender go at once, with the standard answer', async () => {
  const { app, client } = await testApp()
  await chain(
    client,
    hook({ holdMs: 120_000 }),
    { id: 'only', uses: 'logic.filter', input: { all: [{ left: '{{ hook.body.name }}', op: 'eq', right: 'Bob' }] } },
    respond({ body: 'for Bob' }),
  )
  const answer = await post(`${app.hooksUrl}/hooks/in`)
  expect(await answer.json()).toMatchObject({ status: 'accepted' })
  expect(await (await post(`${app.hooksUrl}/hooks/in`, '{"name":"Bob"}')).text()).toBe('for Bob')
})

test('a run that fails before the step lets its sender go too, and a repeat is not held', async () => {
  const { app, client } = await testApp()
  const target = await testServer((_request, response) => response.writeHead(400).end('no'))
  await chain(
    client,
    hook({ holdMs: 120_000 }),
    { id: 'ask', uses: 'http.request', input: { url: target } },
    respond({ body: 'never' }),
  )
  const ids = { 'webhook-id': 'one' }
  expect(await (await post(`${app.hooksUrl}/hooks/in`, '{}', ids)).json()).toMatchObject({ status: 'accepted' })
  expect(await (await post(`${app.hooksUrl}/hooks/in`, '{}', ids)).json()).toMatchObject({ status: 'duplicate' })
})

test('runs that wait for their turn answer their own senders', async () => {
  const { app, client } = await testApp()
  const steps = [
    hook(),
    { id: 'nap', uses: 'logic.delay', input: { for: '10ms' } },
    respond({ body: '{{ hook.body.n }}' }),
  ]
  await enableZap(client, {
    settings: { concurrency: 'queued' },
    steps,
    edges: [
      { from: 'hook', to: 'nap' },
      { from: 'nap', to: 'answer' },
    ],
  })
  const answers = await Promise.all(
    Array.from({ length: 5 }, async (_, n) => (await post(`${app.hooksUrl}/hooks/in`, JSON.stringify({ n }))).text()),
  )
  expect(answers).toEqual(['0', '1', '2', '3', '4'])
})

test('a sender whose event is passed over, as another run is not finished, hears the standard answer at once', async () => {
  const { app, client } = await testApp()
  await enableZap(client, {
    settings: { concurrency: 'skip' },
    steps: [hook({ holdMs: 120_000 }), { id: 'wait', uses: 'logic.delay', input: { for: '1h' } }, respond({})],
    edges: [
      { from: 'hook', to: 'wait' },
      { from: 'wait', to: 'answer' },
    ],
  })
  const first = post(`${app.hooksUrl}/hooks/in`)
  await expect.poll(async () => (await client.runs.list({})).runs[0]?.waitsFor).toBe('time')
  expect(await (await post(`${app.hooksUrl}/hooks/in`)).json()).toMatchObject({ status: 'accepted' })
  expect((await client.runs.list({})).runs.map(({ status }) => status)).toEqual(['cancelled', 'waiting'])
  await app.stop()
  await first
})

test('a sender that has gone is not waited for, and its run says that nobody heard the answer', async () => {
  const { app, client } = await testApp()
  await chain(client, hook({ holdMs: 120_000 }), { id: 'wait', uses: 'logic.delay', input: { for: '1h' } }, respond({}))
  const gone = new AbortController()
  const sending = fetch(`${app.hooksUrl}/hooks/in`, { method: 'POST', body: '{}', signal: gone.signal })
  await expect.poll(async () => (await client.runs.list({})).runs[0]?.waitsFor).toBe('time')
  gone.abort()
  await expect(sending).rejects.toThrow()
  const [run] = (await client.runs.list({})).runs
  // The connection is seen to end a moment after the sender has closed it.
  await fetch(`${app.hooksUrl}/hooks/nowhere`)
  await client.runs.resumeNow({ id: run?.id ?? '' })
  const { steps } = await endOf(client)
  expect(steps.find((step) => step.step === 'answer')?.output).toMatchObject({ sent: false })
})

test('a sender that is held when the host stops hears the standard answer', async () => {
  const { app, client } = await testApp()
  await chain(client, hook({ holdMs: 120_000 }), { id: 'wait', uses: 'logic.delay', input: { for: '1h' } }, respond({}))
  const answer = post(`${app.hooksUrl}/hooks/in`)
  await expect.poll(async () => (await client.runs.list({})).runs[0]?.waitsFor).toBe('time')
  await app.stop()
  expect(await (await answer).json()).toMatchObject({ status: 'accepted' })
})

test('an answer that no header may hold fails its step by name, and the sender is let go', async () => {
  const { app, client } = await testApp()
  await chain(client, hook({ holdMs: 120_000 }), respond({ headers: { 'content-length': '1' } }))
  expect((await post(`${app.hooksUrl}/hooks/in`)).status).toBe(200)
  const { run } = await endOf(client)
  expect(run.status).toBe('failed')
  expect(run.reason).toContain('content-length')
})
