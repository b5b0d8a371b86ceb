import { expect, test } from 'vitest'
import { z } from 'zod'
import { createCatalogue, loadedList } from './connectors/catalogue.ts'
import { defineAction, defineTrigger } from './connectors/define.ts'
import { ownConnectors } from './connectors/test-catalogue.ts'
import { jsonSchema } from './domain/values/json.ts'
import { enableZap, runToEnd, testApp } from './test-app.ts'

const call = defineTrigger({
  id: 'gone.call',
  title: 'A call of an app',
  description: 'Starts when the app calls.',
  icon: 'webhook',
  category: 'webhook',
  summary: '',
  input: z.strictObject({}),
  output: jsonSchema,
  sample: null,
  source: { from: 'person' },
})
const echo = defineAction({
  id: 'gone.echo',
  title: 'Echo of an app',
  description: 'Passes a text on.',
  icon: 'globe',
  category: 'http',
  summary: '{text}',
  effect: 'none',
  input: z.strictObject({ text: jsonSchema }),
  output: z.object({ text: jsonSchema }),
  sample: { text: '' },
  run: async ({ input }) => ({ output: { text: input.text } }),
})

test('a zap whose app was removed is shown as it was, and a run that reaches it fails with the remedy', async () => {
  const catalogue = createCatalogue([loadedList(ownConnectors), loadedList([call, echo])])
  const before = await testApp({ catalogue })
  const zap = {
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'gone' } },
      { id: 'call', uses: 'gone.call', input: {} },
      { id: 'echo', uses: 'gone.echo', input: { text: '{{ hook.body }}' } },
    ],
    edges: [
      { from: 'hook', to: 'echo' },
      { from: 'call', to: 'echo' },
    ],
  }
  const id = await enableZap(before.client, zap)
  const { run: earlier } = await runToEnd(before.client, id, { body: 'hello' })
  expect(earlier.status).toBe('succeeded')
  await before.app.stop()

  const { client, app } = await testApp({ dataDir: before.folder })
  const found = await client.zaps.get({ id })
  expect(found).toMatchObject({ status: 'enabled', uses: ['webhook.catch', 'gone.call', 'gone.echo'] })
  expect(found.problems.map(({ code, step }) => [code, step])).toEqual([
    ['unknown-connector', 'call'],
    ['unknown-connector', 'echo'],
  ])
  expect((await client.zaps.list()).map((one) => one.id)).toContain(id)
  expect((await client.zaps.export({ id })).steps).toEqual(zap.steps)
  expect((await client.zaps.permissions({ id })).review).toBe('done')
  expect(await client.zaps.samples({ id })).toHaveProperty('hook')

  const shown = await client.runs.get({ id: earlier.id })
  expect(shown.steps.map((step) => [step.step, step.status, step.output])).toContainEqual([
    'echo',
    'succeeded',
    { text: 'hello' },
  ])

  const sent = await fetch(`${app.hooksUrl}/hooks/gone`, { method: 'POST', body: 'x' })
  expect(sent.status).toBe(200)
  const { runId: replayed } = await client.runs.replay({ id: earlier.id })
  await expect.poll(async () => (await client.runs.get({ id: replayed })).run.status).toBe('failed')
  const failed = await client.runs.get({ id: replayed })
  expect(failed.run.reason).toContain('This Hookline does not have "gone.echo": update Hookline')
  expect(await client.outbox.stats()).toMatchObject({ pending: 0, leased: 0 })
})
