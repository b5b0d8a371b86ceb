import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { enableZap, type Received, runToEnd, testApp, testServer } from '../../test-app.ts'

const sign = (body: string, secret: string) => createHmac('sha256', secret).update(body).digest('hex')

test('an address that is entered by hand takes what its service signs, event by event, and nothing else', async () => {
  const { client } = await testApp()
  await client.credentials.set({ name: 'miniflux', type: 'secret', secret: 'whole' })
  const id = await enableZap(client, {
    steps: [
      { id: 'entry', uses: 'miniflux.new-entries', input: { secret: { $credential: 'miniflux' } } },
      { id: 'set', uses: 'data.set', input: { fields: { title: '{{ entry.title }}' } } },
    ],
    edges: [{ from: 'entry', to: 'set' }],
  })
  const { webhooks } = await client.zaps.get({ id })
  expect(webhooks).toMatchObject([{ step: 'entry', methods: ['POST', 'GET', 'HEAD', 'PUT'] }])
  const call = (body: string, secret: string) =>
    fetch(webhooks[0]?.url ?? '', {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-miniflux-event-type': 'new_entries',
        'x-miniflux-signature': sign(body, secret),
      },
    })
  const body = JSON.stringify({
    event_type: 'new_entries',
    feed: { id: 42 },
    entries: [
      { id: 1, title: 'One' },
      { id: 2, title: 'Two' },
    ],
  })
  expect((await call(body, 'forged')).status).toBe(401)
  expect((await call(body, 'whole')).status).toBe(200)
  expect((await call(body, 'whole')).status).toBe(200)
  const outputs = async () => {
    const { runs } = await client.runs.list({ zapId: id })
    const whole = await Promise.all(runs.map(({ id: run }) => client.runs.get({ id: run })))
    return whole.map(({ steps }) => steps.find(({ step }) => step === 'set')?.output).filter(Boolean)
  }
  await expect.poll(outputs).toHaveLength(2)
  expect(await outputs()).toEqual(expect.arrayContaining([{ title: 'One' }, { title: 'Two' }]))
})

test('a request of the inbox becomes the example of such a trigger as its service means it', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      { id: 'alert', uses: 'grafana.alert', input: {} },
      { id: 'set', uses: 'data.set', input: { fields: { title: '{{ alert.title }}' } } },
    ],
    edges: [{ from: 'alert', to: 'set' }],
  })
  const { webhooks } = await client.zaps.get({ id })
  const captured = client.inbox.capture({ zapId: id, step: 'alert' })
  await expect
    .poll(async () => {
      await fetch(webhooks[0]?.url ?? '', {
        method: 'POST',
        body: '{"title":"High load"}',
        headers: { 'content-type': 'application/json' },
      })
      return Promise.race([captured.then(() => 'came'), new Promise((resolve) => setImmediate(resolve, 'waits'))])
    })
    .toBe('came')
  const samples = await client.zaps.samples({ id })
  expect(JSON.stringify(samples)).toContain('"title":"High load"')
  expect(JSON.stringify(samples)).not.toContain('remoteAddress')
})

test('a session is made of name and password at first use, kept, and made anew when it ended', async () => {
  const seen: Received[] = []
  let isOver = false
  const server = await testServer((request, response) => {
    seen.push(request)
    if (request.path.endsWith('/ClientLogin')) {
      const isRight = request.body === 'Email=ada&Passwd=p'
      response.writeHead(isRight ? 200 : 401).end(isRight ? `SID=x\nAuth=ada/${seen.length}\n` : 'Unauthorized!')
    } else if (isOver && request.headers.authorization === 'GoogleLogin auth=ada/1') {
      response.writeHead(401).end('Unauthorized!')
    } else {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"max":3}')
    }
  })
  const { client } = await testApp()
  const secretOf = (password: string) => JSON.stringify({ server, user: 'ada', password })
  await client.credentials.set({ name: 'rss', type: 'freshrss', secret: secretOf('p') })
  const count = { id: 'count', uses: 'freshrss.unread-count', input: { account: { $credential: 'rss' } } }
  const id = await enableZap(client, {
    steps: [{ id: 'go', uses: 'manual.run', input: {} }, count],
    edges: [{ from: 'go', to: 'count' }],
  })
  const run = async () => (await runToEnd(client, id, {})).steps.find(({ step }) => step === 'count')
  expect(await run()).toMatchObject({ output: { max: 3 } })
  expect(await run()).toMatchObject({ output: { max: 3 } })
  expect(seen.map(({ path }) => path.replace(/.*\//, ''))).toEqual([
    'ClientLogin',
    'unread-count?output=json',
    'unread-count?output=json',
  ])
  isOver = true
  expect(await run()).toMatchObject({ output: { max: 3 } })
  await client.credentials.set({ name: 'rss', type: 'freshrss', secret: secretOf('wrong') })
  const tested = await client.credentials.test({ name: 'rss' })
  expect(tested).toMatchObject({ ok: false, message: expect.stringContaining('name and password') })
  expect(JSON.stringify(tested)).not.toContain('"wrong"')
})

test('the address is known before the secret, and a call that is captured then is read as it will be', async () => {
  const { client } = await testApp()
  const steps = [{ id: 'task', uses: 'todoist.item-events', input: {} }]
  const draft = { format: 'hookline/zap@1' as const, name: 'Tasks', steps, edges: [] }
  const { id } = await client.zaps.create({ draft })
  const { webhooks, problems } = await client.zaps.get({ id })
  expect(problems).toMatchObject([{ step: 'task', field: 'input.secret' }])
  const url = webhooks.find(({ step }) => step === 'task')?.url ?? ''
  const captured = client.inbox.capture({ zapId: id, step: 'task' })
  const body = JSON.stringify({ event_name: 'item:added', user_id: '1', event_data: { id: '7' } })
  const call = () => fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
  await expect.poll(async () => (await call()).status).toBe(200)
  await captured
  const { task } = await client.zaps.samples({ id })
  expect(task).toMatchObject({ from: 'pinned', value: { event_name: 'item:added', event_data: { id: '7' } } })
})
