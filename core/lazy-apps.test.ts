import { expect, test } from 'vitest'
import { z } from 'zod'
import { createCatalogue, loadedList } from './connectors/catalogue.ts'
import { defineCredential } from './connectors/credential.ts'
import { builtInCredentialTypes } from './connectors/credential-types.ts'
import { defineTrigger } from './connectors/define.ts'
import { appAction, defineApp } from './connectors/define-app.ts'
import { type FamilyEntry, familyList, familyManifestOf } from './connectors/family-list.ts'
import { ownConnectors } from './connectors/test-catalogue.ts'
import { jsonSchema } from './domain/values/json.ts'
import { enableZap, runToEnd, testApp, testServer } from './test-app.ts'

const desk = defineApp({
  id: 'desk',
  title: 'Desk',
  icon: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  hue: 90,
  address: ({ server }) => z.string().parse(server),
  account: 'needed',
  credentials: [
    defineCredential({
      id: 'desk',
      title: 'Desk key',
      fields: [
        { name: 'site', title: 'Site', isSecret: false },
        { name: 'key', title: 'Key', isSecret: true },
      ],
      signIn: ({ site = '', key = '' }) => ({ headers: { 'x-site': site }, query: { key } }),
    }),
  ],
  actions: [
    appAction({
      name: 'ticket',
      title: 'Make a ticket',
      description: 'Makes a ticket.',
      summary: '{subject}',
      effect: 'keyed',
      input: z.strictObject({
        subject: jsonSchema.meta({ title: 'Subject' }),
        server: z.string().meta({ title: 'Server' }),
      }),
      output: z.object({ id: z.int(), echo: jsonSchema }),
      sample: { id: 1, echo: null },
      run: async ({ input, http }) => {
        const made = await http({ method: 'POST', path: 'tickets', body: { subject: input.subject } })
        return made.as(z.object({ id: z.int(), echo: jsonSchema }))
      },
    }),
  ],
  triggers: [
    () =>
      defineTrigger({
        id: 'desk.called',
        title: 'Desk calls',
        description: 'Starts when Desk calls.',
        icon: 'webhook',
        category: 'app',
        summary: '/hooks/{path}',
        input: z.strictObject({ path: z.string().meta({ title: 'Path' }) }),
        output: jsonSchema,
        sample: { body: { subject: 'A sample' } },
        source: {
          from: 'webhook',
          endpoint: ({ path }) => ({
            path,
            methods: ['POST'],
            verify: null,
            dedupeKey: null,
            response: null,
            holdMs: 1_000,
            allowFrom: [],
            rateLimit: null,
          }),
        },
      }),
  ],
})

/** Hookline's own connectors and an app, which is loaded when a zap uses it. */
function catalogue() {
  const loads: string[] = []
  const load = async () => {
    loads.push('desk')
    return desk
  }
  const entry: FamilyEntry = { id: 'desk', load }
  const own = loadedList(ownConnectors, builtInCredentialTypes)
  return { value: createCatalogue([own, familyList([entry], () => familyManifestOf(desk))]), loads }
}

const zapFor = (server: string) => ({
  name: 'Desk',
  steps: [
    { id: 'call', uses: 'desk.called', input: { path: 'desk' } },
    {
      id: 'ticket',
      uses: 'desk.ticket',
      input: { account: { $credential: 'desk' }, subject: '{{ call.body.subject }}', server },
    },
  ],
  edges: [{ from: 'call', to: 'ticket' }],
})

test('a zap of an app goes its whole way, and a started Hookline loads the app only when something asks for it', async () => {
  const seen: { path: string; site: unknown; key: unknown }[] = []
  const server = await testServer((request, response) => {
    seen.push({ path: request.path, site: request.headers['x-site'], key: request.headers['idempotency-key'] })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ id: 7, echo: `made with k-e-y-1 of ${JSON.parse(request.body).subject}` }))
  })
  const first = catalogue()
  const { client, app, folder } = await testApp({ catalogue: first.value })
  expect((await client.connectors.list()).map(({ id }) => id)).toEqual(
    expect.arrayContaining(['desk.called', 'desk.ticket']),
  )
  expect(first.loads).toEqual([])
  expect((await client.credentials.types()).map(({ id }) => id)).toContain('desk')
  const wrong = client.credentials.set({ name: 'desk', type: 'desk', secret: '{"site":"x"}' })
  await expect(wrong).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('"site", "key"') })
  const other = client.credentials.set({ name: 'desk', type: 'gone', secret: 'x' })
  await expect(other).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('desk') })
  await client.credentials.set({ name: 'desk', type: 'desk', secret: '{"site":"acme","key":"k-e-y-1"}' })

  const id = await enableZap(client, zapFor(server))
  const { run, steps } = await runToEnd(client, id, { body: { subject: 'Help' } })
  expect(run.status).toBe('succeeded')
  expect(steps[1]?.output).toEqual({ id: 7, echo: 'made with [secret: desk] of Help' })
  expect(seen).toEqual([{ path: '/tickets?key=k-e-y-1', site: 'acme', key: `${run.id}:ticket` }])
  await app.stop()

  // Every way into a zap of an app, each on a host that has not loaded it.
  const asks: ((host: Awaited<ReturnType<typeof testApp>>) => Promise<unknown>)[] = [
    ({ client: c }) => c.zaps.list(),
    ({ client: c }) => c.zaps.get({ id }),
    ({ client: c }) => c.zaps.permissions({ id }),
    ({ client: c }) => c.zaps.samples({ id }),
    ({ client: c }) => c.zaps.publish({ id }),
    ({ client: c }) => c.zaps.duplicate({ id }),
    ({ client: c }) =>
      c.zaps.preview({ files: [{ file: 'x', content: { format: 'hookline/zap@1', ...zapFor(server) } }] }),
    ({ client: c }) => c.runs.get({ id: run.id }),
    ({ client: c }) => c.zaps.test({ id, step: 'ticket', runs: 'only-step', outputs: {} }),
    async ({ client: c }) => {
      const { runId } = await c.runs.replay({ id: run.id })
      await expect.poll(async () => (await c.runs.get({ id: runId })).run.status).toBe('succeeded')
    },
    async ({ client: c }) => {
      const { draft, draftRevision } = await c.zaps.get({ id })
      await c.zaps.saveDraft({ id, baseRevision: draftRevision, draft })
    },
    async ({ app: { hooksUrl } }) => {
      expect((await fetch(`${hooksUrl}/hooks/desk`, { method: 'POST' })).status).toBe(200)
    },
  ]
  for (const ask of asks) {
    const next = catalogue()
    const host = await testApp({ catalogue: next.value, dataDir: folder })
    await ask(host)
    await host.app.stop()
  }
})

test('a Hookline of which no zap uses an app does not load it', async () => {
  const { value, loads } = catalogue()
  const { client } = await testApp({ catalogue: value })
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'set', uses: 'data.set', input: { fields: { a: 1 } } },
    ],
    edges: [{ from: 'go', to: 'set' }],
  })
  expect((await runToEnd(client, id, {})).run.status).toBe('succeeded')
  expect(loads).toEqual([])
})

test('a Hookline starts though the app of a zap is broken, takes its events, and says what is wrong with its run', async () => {
  const server = await testServer((_request, response) => void response.end())
  const first = await testApp({ catalogue: catalogue().value })
  await first.client.credentials.set({ name: 'desk', type: 'desk', secret: '{"site":"acme","key":"k-e-y-1"}' })
  const { name, steps, edges } = zapFor(server)
  const hook = { id: 'call', uses: 'webhook.catch', input: { path: 'desk' } }
  const id = await enableZap(first.client, { name, edges, steps: [hook, ...steps.slice(1)] })
  await first.app.stop()

  const entry: FamilyEntry = { id: 'desk', load: () => Promise.reject(new Error('no such file')) }
  const own = loadedList(ownConnectors, builtInCredentialTypes)
  const broken = createCatalogue([own, familyList([entry], () => familyManifestOf(desk))])
  const { client, app } = await testApp({ catalogue: broken, dataDir: first.folder })
  expect((await fetch(`${app.hooksUrl}/hooks/desk`, { method: 'POST', body: '{}' })).status).toBe(200)
  await expect
    .poll(async () => (await client.runs.list({ zapId: id })).runs.map(({ status }) => status))
    .toEqual(['failed'])
  const [run] = (await client.runs.list({ zapId: id })).runs
  expect(run?.reason).toContain('"desk.ticket" could not be loaded (no such file): install Hookline again.')
  expect((await client.zaps.get({ id })).problems).toMatchObject([{ step: 'ticket' }])
})
