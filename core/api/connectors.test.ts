import { expect, test } from 'vitest'
import { z } from 'zod'
import { createCatalogue, loadedList } from '../connectors/catalogue.ts'
import { defineCredential } from '../connectors/credential.ts'
import { appAction, defineApp } from '../connectors/define-app.ts'
import { testCatalogue } from '../connectors/test-catalogue.ts'
import type { Json } from '../domain/values/json.ts'
import { type Received, testApp, testServer } from '../test-app.ts'

/** An app with lists of every kind, whose service is where a step says. */
const desk = defineApp({
  id: 'desk',
  title: 'Desk',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>',
  hue: 10,
  address: ({ server }) => String(server),
  account: 'needed',
  credentials: [
    defineCredential({
      id: 'desk',
      title: 'Desk key',
      fields: [{ name: 'key', title: 'Key', isSecret: true }],
      signIn: ({ key = '' }) => ({ headers: { 'x-key': key } }),
    }),
  ],
  lists: {
    async boards({ http, search, cursor }) {
      const answer = await http({ path: 'boards', query: { q: search || undefined, page: cursor ?? undefined } })
      const { boards, next } = answer.as(
        z.object({ boards: z.array(z.object({ id: z.string(), name: z.string() })), next: z.string().nullable() }),
      )
      return { options: boards.map(({ id, name }) => ({ value: id, label: name })), next }
    },
    lanes: async ({ http, input }) => {
      const answer = await http({ path: `boards/${input.board}/lanes` })
      return { options: answer.as(z.array(z.string())).map((name) => ({ value: name, label: name })), next: null }
    },
  },
  actions: [
    appAction({
      name: 'card',
      title: 'Make a card',
      description: 'Makes a card.',
      summary: '{board}',
      effect: 'unsafe',
      input: z.strictObject({
        server: z.string().meta({ title: 'Server' }),
        board: z
          .string()
          .meta({ title: 'Board', ui: { widget: 'service-choice', options: { from: 'boards', searches: true } } }),
        lane: z
          .string()
          .meta({ title: 'Lane', ui: { widget: 'service-choice', options: { from: 'lanes', needs: ['board'] } } }),
      }),
      output: z.object({}),
      sample: {},
      run: async () => ({}),
    }),
  ],
})

const catalogue = createCatalogue([
  loadedList([...desk.connectors], [...desk.credentials]),
  {
    ...loadedList([]),
    families: [...new Set(testCatalogue.manifests().map(({ id }) => id.split('.')[0] ?? ''))],
    manifests: testCatalogue.manifests,
    manifest: testCatalogue.manifest,
    loaded: testCatalogue.find,
  },
])

async function deskApp(answer: (request: Received) => { status?: number; body: unknown; type?: string }) {
  const seen: Received[] = []
  const server = await testServer((request, response) => {
    seen.push(request)
    const { status = 200, body, type = 'application/json' } = answer(request)
    response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  const { client } = await testApp({ catalogue })
  await client.credentials.set({ name: 'work', type: 'desk', secret: '{"key":"a-long-key"}' })
  const { id } = await client.zaps.create({})
  const ask = (field: string, input: Record<string, Json> = {}, more: { search?: string; cursor?: string } = {}) =>
    client.connectors.options({
      id,
      step: { id: 'card', uses: 'desk.card', input: { server, account: { $credential: 'work' }, ...input } },
      field,
      ...more,
    })
  return { seen, ask, client, id }
}

test('a field lists what its service has, page by page, signed in with the chosen account', async () => {
  const { ask, seen } = await deskApp(({ path }) => ({
    body: path.includes('page=2')
      ? { boards: [{ id: 'b2', name: 'Two' }], next: null }
      : { boards: [{ id: 'b1', name: 'One' }], next: '2' },
  }))
  expect(await ask('board')).toEqual({ options: [{ value: 'b1', label: 'One' }], next: '2', error: null })
  expect(await ask('board', {}, { search: 'tw', cursor: '2' })).toEqual({
    options: [{ value: 'b2', label: 'Two' }],
    next: null,
    error: null,
  })
  expect(seen.map(({ path, headers }) => `${path} ${headers['x-key']}`)).toEqual([
    '/boards a-long-key',
    '/boards?q=tw&page=2 a-long-key',
  ])
})

test('a list that depends on another field is read when that is filled in, and says so before', async () => {
  const { ask, seen } = await deskApp(() => ({ body: ['To do', 'Done'] }))
  for (const board of ['', '  ', '{{ hook.body.board }}', null]) {
    expect((await ask('lane', { board })).error).toBe('Fill in "Board" first: the list depends on it.')
  }
  expect(seen).toEqual([])
  expect((await ask('lane', { board: 'b1' })).options.map(({ label }) => label)).toEqual(['To do', 'Done'])
  expect(seen.map(({ path }) => path)).toEqual(['/boards/b1/lanes'])
})

test.each<[string, { status?: number; body: unknown; type?: string }, RegExp]>([
  [
    'a refusal',
    { status: 401, body: 'no a-long-key' },
    /refuses the account: .*\[secret: work\].*Test it under Credentials/,
  ],
  ['a fault', { status: 500, body: 'oops' }, /trouble of its own.*oops.*500/],
  ['a page in place of an answer', { body: '<h1>Hotel</h1>', type: 'text/html' }, /sign in first/],
])('what is wrong is said beside the field, with its remedy: %s', async (_words, answer, message) => {
  const { ask } = await deskApp(() => answer)
  const { options, error } = await ask('board')
  expect(options).toEqual([])
  expect(error).toMatch(message)
  expect(error).not.toContain('a-long-key')
})

test('without an account, without its credential, or for a credential that is for other hosts, nothing is called', async () => {
  const { ask, seen, client } = await deskApp(() => ({ body: [] }))
  expect((await ask('board', { account: null })).error).toMatch(/Choose an account first/)
  expect((await ask('board', { account: { $credential: 'gone' } })).error).toMatch(/There is no credential "gone"/)
  await client.credentials.setHosts({ name: 'work', hosts: ['desk.example'] })
  expect((await ask('board')).error).toMatch(/for desk\.example alone/)
  expect(seen).toEqual([])
})

test('there are no lists of fields that have none', async () => {
  const { ask, client, id } = await deskApp(() => ({ body: [] }))
  for (const field of ['server', 'nothing', '__proto__', 'constructor']) {
    await expect(ask(field)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  }
  const step = { id: 'x', uses: 'no.such', input: {} }
  await expect(client.connectors.options({ id, step, field: 'board' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('however much a service sends, a list stays one that can be shown', async () => {
  const { ask } = await deskApp(() => ({
    body: { boards: Array.from({ length: 5_000 }, (_, n) => ({ id: `${n}`, name: 'x'.repeat(1_000) })), next: null },
  }))
  const { options } = await ask('board')
  expect(options).toHaveLength(1_000)
  expect(options[0]?.label).toHaveLength(300)
})
