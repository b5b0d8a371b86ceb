import examples from '@octokit/webhooks-examples'
import { sign } from '@octokit/webhooks-methods'
import { expect, test } from 'vitest'
import { enableZap, testApp } from '../test-app.ts'

const payloads = examples.flatMap(({ name, examples: bodies }) => bodies.map((body) => ({ name, body })))
const SECRET = "It's a Secret to Everybody"

test('every payload that GitHub gives as an example comes through: stored byte for byte, its fields within reach', async () => {
  expect(payloads.length).toBeGreaterThan(200)
  const { app, client } = await testApp()
  await client.credentials.set({ name: 'github', secret: SECRET })
  const verify = { scheme: 'github', secrets: [{ $credential: 'github' }] }
  const answer = '{{ hook.headers.x-github-event }} {{ hook.body.sender.login | default: "nobody" }}'
  const respond = { status: 200, body: answer }
  await enableZap(client, {
    steps: [{ id: 'hook', uses: 'webhook.catch', input: { path: 'github', verify, respond } }],
    edges: [],
  })
  // Half of them as GitHub writes them, half with the white space of their documentation.
  for (const [at, { name, body }] of payloads.entries()) {
    const text = at % 2 === 0 ? JSON.stringify(body) : JSON.stringify(body, null, 2)
    const response = await fetch(`${app.hooksUrl}/hooks/github`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': name,
        'x-github-delivery': `delivery-${at}`,
        'x-hub-signature-256': await sign(SECRET, text),
      },
      body: text,
    })
    expect(response.status, name).toBe(200)
    const sender = 'sender' in body ? body.sender : undefined
    expect(await response.text()).toBe(`${name} ${sender?.login ?? 'nobody'}`)
    const [newest] = (await client.inbox.list({ limit: 1 })).requests
    const kept = await client.inbox.get({ id: newest?.id ?? 0 })
    expect(Buffer.from(kept.body ?? '', 'base64').toString('utf8') === text, name).toBe(true)
    expect(kept).toMatchObject({ verdict: 'accepted', sender: 'GitHub' })
  }
  await expect
    .poll(async () => {
      const { runs } = await client.runs.list({ limit: 500 })
      return runs.filter((run) => run.status === 'succeeded').length
    })
    .toBe(payloads.length)
})
