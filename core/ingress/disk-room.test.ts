import { writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { blobFolder } from '../db/blobs.ts'
import { enableZap, testApp } from '../test-app.ts'

test('beyond the space that its data may take webhooks are answered 507, what was taken in runs, and room is noticed', async () => {
  const { app, client, folder } = await testApp()
  await enableZap(client, {
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'in' } },
      { id: 'wait', uses: 'logic.approve', input: { message: 'Go on?' } },
    ],
    edges: [{ from: 'hook', to: 'wait' }],
  })
  const post = async () => {
    const response = await fetch(`${app.hooksUrl}/hooks/in`, { method: 'POST', body: '{}' })
    return { status: response.status, body: await response.json(), retryAfter: response.headers.get('retry-after') }
  }
  const allow = async (maxDataGb: number) => {
    await client.inbox.setSettings({ ...(await client.inbox.settings()), maxDataGb })
  }
  expect((await post()).status).toBe(200)
  await mkdir(blobFolder(folder), { recursive: true })
  const file = join(blobFolder(folder), 'a'.repeat(64))
  writeFileSync(file, Buffer.alloc(20_000_000))
  await allow(0.02)
  await expect.poll(async () => (await post()).status).toBe(507)
  const told = await post()
  expect(told).toMatchObject({ status: 507, body: { error: { code: 'no-room' } }, retryAfter: '60' })
  await expect.poll(async () => (await client.system.status()).incidents.map(({ kind }) => kind)).toContain('disk')
  const [line] = (await client.inbox.list({ verdict: 'paused' })).requests
  expect(line).toMatchObject({ status: 507, note: expect.stringMatching(/20(\.\d)? MB.*Settings/) })
  // What was acknowledged before goes on.
  const taken = await client.approvals.list()
  for (const { runId } of taken) await client.approvals.decide({ runId, step: 'wait', decision: 'approved' })
  await expect
    .poll(async () => (await client.runs.list({})).runs.map(({ status }) => status))
    .toEqual(taken.map(() => 'succeeded'))

  await rm(file)
  await allow(0.021)
  await expect.poll(async () => (await post()).status).toBe(200)
  await expect.poll(async () => (await client.system.status()).incidents.map(({ kind }) => kind)).not.toContain('disk')
  // No limit at all.
  writeFileSync(file, Buffer.alloc(30_000_000))
  await allow(0)
  await expect.poll(async () => (await post()).status).toBe(200)
})
