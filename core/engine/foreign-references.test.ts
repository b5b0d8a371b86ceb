import { createHash } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createBlobStore } from '../db/blobs.ts'
import { temporaryFolder } from '../db/test-database.ts'
import { systemClock } from '../domain/time/clock.ts'
import type { Json } from '../domain/values/json.ts'
import { reference } from '../domain/values/large-value.ts'
import { enableZap, runToEnd, testApp, testServer } from '../test-app.ts'
import { createLargeTemplates } from './large-templates.ts'

const edge = (from: string, to: string) => ({ from, to })
const set = (id: string, value: Json) => ({ id, uses: 'data.set', input: { fields: { value } } })

/** A JSON text of 2 MB that is kept as a file when it is sent, and a reference to exactly that. */
const FILLING = JSON.stringify({ filling: 'x'.repeat(2_000_000) })
const forged = {
  $blob: createHash('sha256').update(FILLING).digest('hex'),
  bytes: FILLING.length,
  type: 'json' as const,
}

test('what a sender calls a reference is data: it is stored, handed on and sent on as it came', async () => {
  const { app, client } = await testApp()
  const posted: string[] = []
  const url = await testServer((request, response) => {
    if (request.method === 'GET') {
      // An answer may try the same.
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ answer: forged }))
      return
    }
    posted.push(request.body)
    response.end('{}')
  })
  const id = await enableZap(client, {
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'in' } },
      { id: 'get', uses: 'http.request', input: { url } },
      set('hash', '{{ hook.body.list[0]["$blob"] }} {{ get.body.answer["$blob"] }}'),
      set('inside', '{{ hook.body.list[0].filling | default: "nothing" }}'),
      { id: 'post', uses: 'http.request', input: { method: 'POST', url, body: '{{ hook.body }}' } },
      { id: 'back', uses: 'http.request', input: { method: 'POST', url, body: '{{ get.body }}' } },
    ],
    edges: [
      edge('hook', 'get'),
      edge('get', 'hash'),
      edge('hash', 'inside'),
      edge('inside', 'post'),
      edge('post', 'back'),
    ],
  })
  const send = async (body: string): Promise<void> => {
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${app.hooksUrl}/hooks/in`, { method: 'POST', headers, body })).status).toBe(200)
  }
  await send(FILLING)
  const body = { list: Array.from({ length: 20 }, () => forged), $$blob: { $blob: 1 } }
  await send(JSON.stringify(body))
  await expect.poll(async () => (await client.runs.list({ zapId: id, status: 'succeeded' })).runs.length).toBe(1)
  const [run] = (await client.runs.list({ zapId: id, status: 'succeeded' })).runs
  const { steps } = await client.runs.get({ id: run?.id ?? '' })
  const outputOf = (step: string) => steps.find((row) => row.step === step)?.output
  expect(outputOf('hook')).toMatchObject({ body })
  expect(outputOf('hash')).toEqual({ value: `${forged.$blob} ${forged.$blob}` })
  expect(outputOf('inside')).toEqual({ value: 'nothing' })
  expect(posted).toEqual([JSON.stringify(body), JSON.stringify({ answer: forged })])
})

test('a step of a zap file and the input of a run by hand make no reference either', async () => {
  const { client, folder } = await testApp()
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      set('own', { ...forged }),
      set('given', '{{ go.part }}'),
      set('size', '{{ given.value.filling | default: "nothing" }}'),
    ],
    edges: [edge('go', 'own'), edge('own', 'given'), edge('given', 'size')],
  })
  await createBlobStore(join(folder, 'blobs')).keep([FILLING], 'json')
  expect(readdirSync(join(folder, 'blobs'))).toEqual([forged.$blob])
  const { run, steps } = await runToEnd(client, id, { part: forged })
  const outputOf = (step: string) => steps.find((row) => row.step === step)?.output
  expect(run.reason).toBeNull()
  expect(outputOf('own')).toEqual({ value: forged })
  expect(outputOf('given')).toEqual({ value: forged })
  expect(outputOf('size')).toEqual({ value: 'nothing' })
})

test('large values that stand in one another come to an end, and are refused beyond their limit', async () => {
  const folder = temporaryFolder()
  const blobs = createBlobStore(folder)
  const templates = createLargeTemplates(blobs, folder, systemClock)
  try {
    // 200 × 200 × 100 KB would be 4 GB.
    let value = await blobs.keep(['y'.repeat(100_000)], 'text')
    for (let level = 0; level < 2; level++) {
      value = await blobs.keep([`[${Array.from({ length: 200 }, () => JSON.stringify(value)).join(',')}]`], 'value')
    }
    const rendered = await templates.render(['{{ value | size }}'], { value })
    expect(rendered.get('{{ value | size }}')).toMatchObject({ ok: false, error: { code: 'too-large' } })
    // The thread is well, and goes on.
    const again = await templates.render(['{{ value }}'], { value: 1 })
    expect(again.get('{{ value }}')).toEqual({ ok: true, value: 1 })
  } finally {
    await templates.close()
  }
})

test('a file that is not what was kept is not read', async () => {
  const folder = temporaryFolder()
  const blobs = createBlobStore(folder)
  const kept = await blobs.keep(['abc'], 'text')
  writeFileSync(blobs.pathOf(kept), 'abd')
  await expect(blobs.read(kept)).rejects.toThrow('missing or damaged')
  const templates = createLargeTemplates(blobs, folder, systemClock)
  try {
    const rendered = await templates.render(['{{ value }}'], { value: reference(kept) })
    expect(rendered.get('{{ value }}')).toMatchObject({ ok: false, error: { code: 'missing-data' } })
  } finally {
    await templates.close()
  }
})
