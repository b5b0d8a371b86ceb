import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../domain/values/json.ts'
import { enableZap, type Received, runToEnd, type TestClient, testApp, testServer } from '../test-app.ts'

const pet = {
  type: 'object',
  required: ['name'],
  properties: { id: { type: 'integer', readOnly: true }, name: { type: 'string' } },
}

function shop(address: string, more: JsonObject = {}, paths: JsonObject = {}): string {
  return JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Pet shop', version: '1' },
    servers: [{ url: `${address}/v1` }],
    paths: {
      '/pets': {
        get: {
          operationId: 'listPets',
          summary: 'All pets',
          responses: {
            '200': {
              content: {
                'application/json': {
                  schema: {
                    type: 'object',
                    properties: { data: { type: 'array', items: { $ref: '#/components/schemas/Pet' } } },
                  },
                },
              },
            },
          },
        },
        post: {
          operationId: 'addPet',
          summary: 'Add a pet',
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } },
          },
        },
      },
      '/pets/{petId}': {
        get: {
          summary: 'One pet',
          parameters: [{ name: 'petId', in: 'path', required: true, schema: { type: 'integer' } }],
        },
      },
      '/keyed': {
        post: {
          summary: 'With a key',
          parameters: [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } }],
        },
      },
      ...paths,
    },
    components: { schemas: { Pet: { ...pet, ...more } } },
    webhooks: {
      sold: {
        post: {
          summary: 'A pet was sold',
          requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } },
        },
      },
    },
  })
}

async function setUp() {
  const { client, app } = await testApp()
  const requests: Received[] = []
  let pets: readonly Json[] = [{ id: 1, name: 'Rex' }]
  const address = await testServer((request, response) => {
    requests.push(request)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(request.method === 'GET' ? { data: pets } : { done: true }))
  })
  const read = (text: string, replaces?: string) =>
    client.apps.read({
      files: [{ path: replaces === undefined ? 'shop.json' : 'newer.json', text }],
      ...(replaces !== undefined && { replaces }),
    })
  const add = async (text: string) => client.apps.add({ look: (await read(text)).look })
  const setPets = (next: readonly Json[]): void => {
    pets = next
  }
  return { client, hooksUrl: app.hooksUrl, requests, address, read, add, setPets }
}

const callOf = (client: TestClient, input: JsonObject) =>
  enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'call', uses: 'app.call', input: { app: 'pet-shop', ...input } },
    ],
    edges: [{ from: 'go', to: 'call' }],
  })

const zapStep = async (client: TestClient, id: string) => {
  const { draft } = await client.zaps.get({ id })
  return draft.steps.find((step) => step.id === 'call')
}

test('a description becomes an app, and its operations are called', async () => {
  const { client, requests, address, add } = await setUp()
  expect(await add(shop(address))).toMatchObject({
    id: 'pet-shop',
    operations: 4,
    events: 1,
    polls: 1,
    address: `${address}/v1`,
  })
  const id = await callOf(client, { operation: 'addPet', input: { name: '{{ go.name }}' } })
  const { steps } = await runToEnd(client, id, { name: 'Mia' })
  const call = steps.find(({ step }) => step === 'call')
  expect(call?.output).toMatchObject({ status: 200, body: { done: true } })
  // What the zap carries for the step is nobody's input.
  expect(JSON.stringify(call?.attempts)).not.toContain('slice')
  expect(requests.at(-1)).toMatchObject({ method: 'POST', path: '/v1/pets', body: '{"name":"Mia"}' })
})

test('operations are found by words, and their forms say what they take', async () => {
  const { client, address, add } = await setUp()
  await add(shop(address))
  const found = async (search: string) => (await client.apps.find({ search })).operations.map(({ key }) => key)
  expect(await found('pet add')).toEqual(['POST /pets'])
  expect(await found('SOLD')).toEqual(['EVENT sold'])
  expect(await found('nothing like that')).toEqual([])
  const of = { app: 'pet-shop' }
  expect(await client.apps.operation({ of, operation: 'GET /pets/{anything}' })).toMatchObject({
    effect: 'none',
    choices: ['petId'],
  })
  expect(await client.apps.operation({ of, operation: 'addPet' })).toMatchObject({
    effect: 'unsafe',
    form: { properties: { name: {} }, required: ['name'] },
  })
  expect(await client.apps.operation({ of, operation: 'POST /keyed' })).toMatchObject({
    effect: 'keyed',
    form: { properties: {} },
  })
  expect(await client.apps.operation({ of, operation: 'sold' })).toMatchObject({
    isEvent: true,
    sample: { name: 'text' },
  })
})

test('what is missing keeps a zap from being published', async () => {
  const { client, address, add } = await setUp()
  await add(shop(address))
  await expect(callOf(client, { operation: 'addPet', input: {} })).rejects.toThrow(/needs a value/)
  await expect(callOf(client, { operation: 'noSuch', input: {} })).rejects.toThrow(/is none that the app/)
})

test('what was published stays as it is when the app is updated and removed', async () => {
  const { client, requests, address, read, add } = await setUp()
  await add(shop(address))
  const id = await callOf(client, { operation: 'addPet', input: { name: 'Mia' } })
  const before = await zapStep(client, id)
  const next = shop(
    address,
    { required: ['name', 'kind'], properties: { ...pet.properties, kind: { type: 'string' } } },
    { '/pets/{petId}': null },
  )
  const look = await read(next, 'pet-shop')
  expect(look.changes).toEqual({
    added: [],
    changed: [],
    gone: ['One pet'],
    zaps: [{ zapId: id, name: 'Test', changed: ['Add a pet'], gone: [] }],
  })
  expect((await zapStep(client, id))?.input).toEqual(before?.input)
  await client.apps.update({ id: 'pet-shop', look: look.look })
  expect(JSON.stringify((await zapStep(client, id))?.input)).toContain('kind')
  await runToEnd(client, id, {})
  expect(requests.at(-1)?.body).toBe('{"name":"Mia"}')
  await client.apps.remove({ id: 'pet-shop' })
  await runToEnd(client, id, {})
  expect(requests).toHaveLength(2)
  // Its file can be imported where there is no such app.
  const file = await client.zaps.export({ id })
  expect(JSON.stringify(file)).toContain('"path":"/pets"')
})

test('a newer description changes neither address nor credential', async () => {
  const { client, address, read, add } = await setUp()
  await add(shop(address))
  await client.apps.change({ id: 'pet-shop', credential: 'mine' })
  const look = await read(shop('https://evil.example'), 'pet-shop')
  expect(await client.apps.update({ id: 'pet-shop', look: look.look })).toMatchObject({
    address: `${address}/v1`,
    credential: 'mine',
  })
})

test('what a path lists can be chosen', async () => {
  const { client, address, add } = await setUp()
  await add(shop(address))
  const id = await callOf(client, { operation: 'GET /pets/{petId}', input: { petId: 1 } })
  const step = await zapStep(client, id)
  if (step === undefined) throw new Error('no step')
  expect(await client.connectors.options({ id, step, field: 'petId' })).toEqual({
    options: [{ value: '1', label: 'Rex', hint: '1' }],
    next: null,
    error: null,
  })
})

test('a list that is asked starts a run for each new item', async () => {
  const { client, address, add, setPets } = await setUp()
  await add(shop(address))
  const id = await enableZap(client, {
    steps: [
      { id: 'new', uses: 'app.poll', input: { app: 'pet-shop', operation: 'listPets', every: '1h', first: 'all' } },
      { id: 'set', uses: 'data.set', input: { fields: { name: '{{ new.item.name }}' } } },
    ],
    edges: [{ from: 'new', to: 'set' }],
  })
  await client.zaps.pollNow({ id, step: 'new' })
  setPets([
    { id: 1, name: 'Rex' },
    { id: 2, name: 'Mia' },
  ])
  await client.zaps.pollNow({ id, step: 'new' })
  await expect
    .poll(
      async () => (await client.runs.list({ zapId: id })).runs.filter(({ status }) => status === 'succeeded').length,
    )
    .toBe(2)
})

test.each([
  ['page', '2', '3'],
  ['offset', '10', '20'],
  ['page_token', 't10', 't20'],
])('a list that is asked is read on by its parameter %s when more came than a page holds', async (name, ...words) => {
  let toys = Array.from({ length: 15 }, (_, at) => ({ id: 15 - at }))
  const asked: (string | null)[] = []
  const address = await testServer(({ path }, response) => {
    const word = new URL(path, 'http://x').searchParams.get(name)
    asked.push(word)
    const at =
      word === null ? 0 : name === 'page' ? (Math.max(1, Number(word)) - 1) * 10 : Number(word.replace('t', ''))
    const next = name === 'page_token' && at + 10 < toys.length ? { nextPageToken: `t${at + 10}` } : {}
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ data: toys.slice(at, at + 10), ...next }))
  })
  const { client, add } = await setUp()
  const schema = {
    type: 'object',
    properties: { data: { type: 'array', items: { $ref: '#/components/schemas/Pet' } } },
  }
  const list = {
    operationId: 'listToys',
    parameters: [{ name, in: 'query', schema: { type: name === 'page_token' ? 'string' : 'integer' } }],
    responses: { '200': { content: { 'application/json': { schema } } } },
  }
  await add(shop(address, {}, { '/toys': { get: list } }))
  const id = await enableZap(client, {
    steps: [{ id: 'new', uses: 'app.poll', input: { app: 'pet-shop', operation: 'listToys', every: '1h' } }],
    edges: [],
  })
  await client.zaps.pollNow({ id, step: 'new' })
  expect(asked).toEqual([null])
  toys = [...Array.from({ length: 22 }, (_, at) => ({ id: 37 - at })), ...toys]
  expect(await client.zaps.pollNow({ id, step: 'new' })).toMatchObject({ error: null, note: null })
  expect(asked).toEqual(expect.arrayContaining([...words]))
  await expect.poll(async () => (await client.runs.list({ zapId: id })).runs.length).toBe(22)
})

test('what an API tells by a call starts a run', async () => {
  const { client, hooksUrl, address, add } = await setUp()
  await add(shop(address))
  const id = await enableZap(client, {
    steps: [
      { id: 'sold', uses: 'app.event', input: { app: 'pet-shop', operation: 'sold', path: 'sold' } },
      { id: 'set', uses: 'data.set', input: { fields: { name: '{{ sold.body.name }}' } } },
    ],
    edges: [{ from: 'sold', to: 'set' }],
  })
  const samples = await client.zaps.samples({ id })
  expect(samples.sold?.value).toMatchObject({ body: { name: 'text' } })
  await fetch(`${hooksUrl}/hooks/sold`, {
    method: 'POST',
    body: '{"name":"Rex"}',
    headers: { 'content-type': 'application/json' },
  })
  await expect
    .poll(async () => (await client.runs.list({ zapId: id })).runs.map(({ status }) => status))
    .toEqual(['succeeded'])
})

test.each<[name: string, text: string, says: RegExp]>([
  ['text', 'hello', /no description|no object|neither/],
  ['YAML that is wrong', 'openapi: "3.0.0"\npaths: {a: [}', /line 2/],
  [
    'aliases without end',
    `a0: &a0 {x: 1}\n${Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}, *a${n}, *a${n}, *a${n}, *a${n}, *a${n}]`).join('\n')}\nopenapi: 3.0.0\npaths: {}`,
    /alias|cannot be read/i,
  ],
  ['nothing', '', /nothing in it/],
])('%s is refused in a sentence, and leaves nothing', async (_name, text, says) => {
  const { client, read } = await setUp()
  await expect(read(text)).rejects.toThrow(says)
  expect(await client.apps.list()).toEqual([])
})

test.each([
  ['as it is', (address: string) => `${address}/pets/7`, { petId: '7' }],
  ['in capital letters', (address: string) => `${address.replace('http://', 'HTTP://')}/pets/7`, { petId: '7' }],
  ['with a fragment', (address: string) => `${address}/pets/7#top`, { petId: '7' }],
  ['with a template in it', (address: string) => `${address}/pets/{{ env.PET }}`, { petId: '{{ env.PET }}' }],
  ['with a slash too many', (address: string) => `${address}//pets/7`, null],
  ['beside the app', (address: string) => `${address}0/pets/7`, null],
  ['with another host before it', (address: string) => `http://a@${address.slice(7)}/pets/7`, null],
  ['with a host that is a template', (address: string) => address.replace(/\/\/[^/]+/, '//{{ env.HOST }}'), null],
])('a request is the operation of an app whose address it has, %s', async (_, url, input) => {
  const { client, address, add } = await setUp()
  await add(shop(address))
  const matched = await client.apps.match({ request: { method: 'GET', url: url(`${address}/v1`) } })
  expect(matched?.input ?? null).toEqual(input)
})
