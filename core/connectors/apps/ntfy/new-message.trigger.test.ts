import { expect, test } from 'vitest'
import { enableZap, testApp, testServer } from '../../../test-app.ts'

test('each message to a topic starts a run, asked for since the last one and signed in', async () => {
  const asked: string[] = []
  let lines: unknown[] = [{ id: 'a', event: 'message', time: 1_764_000_000, topic: 'alerts', message: 'Old' }]
  const server = await testServer(({ path, headers }, response) => {
    asked.push(`${path} ${headers.authorization}`)
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  })
  const { client } = await testApp()
  await client.credentials.set({ name: 'phone', type: 'ntfy', secret: '{"token":"tk_0123456789"}' })
  const id = await enableZap(client, {
    steps: [
      {
        id: 'got',
        uses: 'ntfy.new-message',
        input: { account: { $credential: 'phone' }, topic: 'alerts', server, every: '1h' },
      },
      { id: 'set', uses: 'data.set', input: { fields: { message: '{{ got.message }}', at: '{{ got.sentAt }}' } } },
    ],
    edges: [{ from: 'got', to: 'set' }],
  })
  const now = () => client.zaps.pollNow({ id, step: 'got' })
  expect(await now()).toMatchObject({ error: null, everyMs: 3_600_000 })
  lines = [
    { id: 'b', event: 'message', time: 1_764_000_060, topic: 'alerts', message: 'New', priority: 5 },
    { id: 'k', event: 'keepalive', time: 1_764_000_061, topic: 'alerts' },
  ]
  await now()
  lines = []
  await now()
  const outputs = async () => {
    const { runs } = await client.runs.list({ zapId: id })
    const details = await Promise.all(runs.map((run) => client.runs.get({ id: run.id })))
    return details.map(({ steps }) => steps.find(({ step }) => step === 'set')?.output)
  }
  await expect.poll(outputs).toEqual([{ message: 'New', at: '2025-11-24T16:01:00.000Z' }])
  expect(asked.slice(-2)).toEqual([
    '/alerts/json?poll=1&since=a Bearer tk_0123456789',
    '/alerts/json?poll=1&since=b Bearer tk_0123456789',
  ])
  lines = ['<h1>Sign in</h1>']
  expect((await now()).error).toMatchObject({ code: 'bad-answer' })
})
