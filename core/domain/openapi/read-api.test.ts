import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../values/json.ts'
import type { Api, Operation } from './api.ts'
import { operationForm } from './operation-form.ts'
import { readApi } from './read-api.ts'
import { sampleOf } from './sample.ts'

const read = (root: Json, others: Readonly<Record<string, Json>> = {}): Api =>
  readApi({ main: 'main.json', files: new Map(Object.entries({ 'main.json': root, ...others })) })

const inOpenApi3 = (paths: JsonObject, more: JsonObject = {}): JsonObject => ({
  openapi: '3.1.0',
  info: { title: 'T', version: '1' },
  paths,
  ...more,
})

function only(api: Api): Operation {
  const [operation] = api.operations
  if (operation === undefined) throw new Error('no operation')
  return operation
}

const formOf = (api: Api, operation = only(api)) => operationForm(operation, { part: (ref) => api.parts.get(ref) })

describe('what a document says is found', () => {
  test('OpenAPI 2.0: one value is never a form with files', () => {
    const body = { name: 'body', in: 'body', schema: { type: 'object', properties: { a: { type: 'string' } } } }
    const root = { swagger: '2.0', consumes: ['multipart/form-data'], paths: { '/a': { put: { parameters: [body] } } } }
    expect(only(read(root)).body).toMatchObject({ type: 'application/json' })
  })

  test('what a part of a form is sent as', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } }
    const encoding = { a: { contentType: 'application/json; charset=utf-8' }, b: { contentType: 'image/png, image/*' } }
    const requestBody = { content: { 'multipart/form-data': { schema, encoding } } }
    const { fields } = formOf(read(inOpenApi3({ '/a': { post: { requestBody } } })))
    expect(fields.map(({ name, contentType }) => [name, contentType])).toEqual([
      ['a', 'application/json; charset=utf-8'],
      ['b', undefined],
    ])
  })

  test('operations beside a reference, and a query that is described as a whole', () => {
    const whole = { name: 'q', in: 'querystring', content: { 'application/x-www-form-urlencoded': { schema: {} } } }
    const api = read(
      inOpenApi3(
        { '/a': { $ref: '#/components/pathItems/A', post: { operationId: 'beside' } } },
        { components: { pathItems: { A: { get: { operationId: 'inside', parameters: [whole] } } } } },
      ),
    )
    expect(api.operations.map(({ id }) => id)).toEqual(['inside', 'beside'])
    expect(api.operations[0]?.parameters).toMatchObject([{ name: 'q', in: 'query', style: 'form', explode: true }])
  })

  test('OpenAPI 2.0: body, forms, formats of lists, address, sign-ins', () => {
    const api = read({
      swagger: '2.0',
      info: { title: 'Old', version: 2 },
      host: 'old.example',
      basePath: '/v1',
      schemes: ['http', 'https'],
      securityDefinitions: { key: { type: 'apiKey', in: 'query', name: 'token' }, login: { type: 'basic' } },
      paths: {
        '/a/{id}': {
          post: {
            consumes: ['application/json'],
            parameters: [
              { name: 'id', in: 'path', required: true, type: 'integer' },
              { name: 'tags', in: 'query', type: 'array', items: { type: 'string' }, collectionFormat: 'pipes' },
              { name: 'body', in: 'body', required: true, schema: { $ref: '#/definitions/A' } },
            ],
          },
          put: {
            parameters: [
              { name: 'f', in: 'formData', type: 'file', required: true },
              { name: 'n', in: 'formData', type: 'string' },
            ],
          },
        },
      },
      definitions: { A: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
    })
    expect(api).toMatchObject({ title: 'Old', kind: 'OpenAPI 2.0', servers: ['https://old.example/v1'] })
    expect(api.signIns).toMatchObject([{ type: 'query', name: 'token' }, { type: 'basic' }])
    const [put, post] = api.operations
    expect(put?.body).toMatchObject({ type: 'multipart/form-data' })
    expect(post?.parameters).toMatchObject([
      { name: 'id', in: 'path' },
      { name: 'tags', style: 'pipeDelimited', explode: false },
    ])
    expect(post && formOf(api, post)).toMatchObject({
      form: { required: ['id', 'name'] },
      body: { type: 'application/json', isWhole: false },
    })
  })

  test('operations keep their key when what stands in the path is renamed', () => {
    expect(only(read(inOpenApi3({ '/a/{id}/b/{other}': { get: {} } }))).key).toBe('GET /a/{}/b/{}')
  })

  test('what is not declared, named or summed up is made up for', () => {
    const api = read(
      inOpenApi3({
        '/a/{id}': { get: { operationId: 'users.listAll' }, delete: { description: 'Removes it. For good.' } },
      }),
    )
    expect(api.operations.map(({ title }) => title)).toEqual(['Users list all', 'Removes it'])
    expect(only(api).parameters).toMatchObject([{ name: 'id', in: 'path', required: true }])
  })

  test('webhooks and callbacks are events', () => {
    const call = {
      post: {
        requestBody: {
          content: { 'application/json': { schema: { type: 'object', properties: { id: { type: 'integer' } } } } },
        },
      },
    }
    const api = read(
      inOpenApi3(
        { '/a': { post: { callbacks: { done: { '{$request.body#/url}': call } } } } },
        { webhooks: { made: call } },
      ),
    )
    expect(api.events.map(({ key }) => key)).toEqual(['EVENT made', 'EVENT done'])
  })

  test('lists are found in their envelope', () => {
    const items = { type: 'array', items: { type: 'object', properties: { uuid: { type: 'string' } } } }
    const answer = (schema: Json): JsonObject => ({
      '/a': { get: { responses: { '200': { content: { 'application/json': { schema } } } } } },
    })
    expect(only(read(inOpenApi3(answer(items)))).list).toEqual({ path: '', key: 'uuid' })
    expect(only(read(inOpenApi3(answer({ type: 'object', properties: { total: {}, results: items } })))).list).toEqual({
      path: 'results',
      key: 'uuid',
    })
    expect(only(read(inOpenApi3(answer({ type: 'object', properties: { one: { type: 'object' } } })))).list).toBeNull()
  })

  test('references to other files of the folder are followed, and none out of it', () => {
    const api = read(
      inOpenApi3({
        '/a': { $ref: 'paths/a.json' },
        '/b': {
          get: { parameters: [{ $ref: '../outside.json' }, { $ref: '/etc/passwd' }, { $ref: 'https://x.test/a' }] },
        },
      }),
      {
        'paths/a.json': { get: { parameters: [{ $ref: '../parts.json#/Limit' }] } },
        'parts.json': { Limit: { name: 'limit', in: 'query', schema: { type: 'integer' } } },
      },
    )
    expect(api.operations.map(({ path, parameters }) => [path, parameters.length])).toEqual([
      ['/a', 1],
      ['/b', 0],
    ])
  })
})

describe('forms', () => {
  const body = (schema: Json, parts: JsonObject = {}) =>
    formOf(
      read(
        inOpenApi3(
          { '/a': { post: { requestBody: { required: true, content: { 'application/json': { schema } } } } } },
          { components: { schemas: parts } },
        ),
      ),
    )

  test('what is needed stands first, what only can be read is left out, and what cannot be else is no question', () => {
    const { form, fields } = body({
      type: 'object',
      required: ['name', 'kind'],
      properties: {
        id: { type: 'integer', readOnly: true },
        note: { type: 'string' },
        kind: { const: 'a' },
        name: { type: 'string' },
      },
    })
    expect(Object.keys(form.properties as JsonObject)).toEqual(['name', 'note'])
    expect(fields).toMatchObject([{ name: 'kind', constant: 'a' }, { name: 'name', required: true }, { name: 'note' }])
  })

  test.each<[name: string, schema: JsonObject, form: JsonObject]>([
    ['a text', { type: 'string', example: 'x' }, { type: 'string', ui: { widget: 'template', placeholder: 'x' } }],
    ['one that may be null', { type: ['integer', 'null'] }, { type: 'number' }],
    ['one that may be null by a choice', { anyOf: [{ type: 'boolean' }, { type: 'null' }] }, { type: 'boolean' }],
    ['a choice', { enum: ['a', 'b', null] }, { enum: ['a', 'b'] }],
    ['a list of texts', { type: 'array', items: { type: 'string' } }, { type: 'array', items: { type: 'string' } }],
    [
      'a list of objects',
      { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
      { type: 'array', items: { properties: {} } },
    ],
    [
      'texts by name',
      { type: 'object', additionalProperties: { type: 'string' } },
      { additionalProperties: { type: 'string' } },
    ],
    [
      'parts together',
      { allOf: [{ type: 'object', properties: { a: { type: 'string' } } }, { properties: { b: { type: 'string' } } }] },
      { properties: { a: {}, b: {} } },
    ],
    [
      'a text or a list',
      { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      { type: 'string' },
    ],
    ['a file', { type: 'string', format: 'binary' }, { ui: { widget: 'file-path' } }],
    ['anything', {}, { ui: { widget: 'json' } }],
    ['an object of anything', { type: 'object' }, { ui: { widget: 'json' } }],
  ])('%s', (_name, schema, wanted) => {
    const { form } = body({ type: 'object', properties: { field: schema } })
    expect((form.properties as JsonObject).field).toMatchObject(wanted)
  })

  test('a kind of answer to be asked for is sent, not asked for; what is needed has its usual value', () => {
    const parameters = [
      { name: 'Accept', in: 'header', required: true, schema: { type: 'string', default: 'application/vnd.x+json' } },
      { name: 'Version', in: 'header', required: true, schema: { type: 'string', default: '1' } },
    ]
    const { form, fields } = formOf(read(inOpenApi3({ '/a': { get: { parameters } } })))
    expect(Object.keys(form.properties as JsonObject)).toEqual(['Version'])
    expect(fields).toMatchObject([{ constant: 'application/vnd.x+json' }, { fallback: '1' }])
  })

  test('one of several objects is a choice by the field that tells them apart', () => {
    const { form, raw } = body(
      {
        type: 'object',
        properties: {
          to: {
            oneOf: [{ $ref: '#/components/schemas/Mail' }, { $ref: '#/components/schemas/Sms' }],
            discriminator: { propertyName: 'by', mapping: { mail: '#/components/schemas/Mail' } },
          },
        },
      },
      {
        Mail: { type: 'object', properties: { address: { type: 'string' } } },
        Sms: { type: 'object', properties: { number: { type: 'string' } } },
      },
    )
    expect(raw.size).toBe(0)
    expect((form.properties as JsonObject).to).toMatchObject({
      oneOf: [{ properties: { by: { const: 'mail' } } }, { properties: { by: { const: 'Sms' } } }],
    })
  })

  test('what holds things of its own kind is JSON below the first, with the reason', () => {
    const { raw, needed, form } = body(
      { $ref: '#/components/schemas/Node' },
      {
        Node: {
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string' }, child: { $ref: '#/components/schemas/Node' } },
        },
      },
    )
    expect([...raw]).toEqual([['child', 'it holds things of its own kind']])
    expect(needed).toEqual([])
    expect((form.properties as JsonObject).child).toMatchObject({
      description: expect.stringContaining('of its own kind'),
    })
  })
})

describe('documents that are wrong or hostile', () => {
  test.each<[name: string, root: Json, says: RegExp]>([
    ['a list', [], /no object/],
    ['nothing of it', {}, /neither "openapi"/],
    ['a Postman collection', { info: { schema: 'https://schema.getpostman.com/json' }, item: [] }, /Postman/],
    ['a HAR file', { log: {} }, /HAR/],
    ['no operation', inOpenApi3({}), /neither operations nor webhooks/],
  ])('%s is refused in a sentence', (_name, root, says) => {
    expect(() => read(root)).toThrow(says)
  })

  test('a fault in one operation leaves the others', () => {
    const api = read(
      inOpenApi3({
        '/bad': {
          get: {
            parameters: [null, 5, { $ref: '#/nowhere' }, { name: 7, in: 'query' }],
            requestBody: 'no',
            responses: [],
          },
        },
        '/good': { get: {} },
        '/no': null,
      }),
    )
    expect(api.operations.map(({ path }) => path)).toEqual(['/bad', '/good'])
  })

  test('circles of references, depth, and names of prototypes do no harm', () => {
    let deep: Json = { type: 'string' }
    for (let level = 0; level < 5_000; level++) deep = { type: 'object', properties: { a: deep } }
    const root = JSON.parse(
      JSON.stringify({
        ...inOpenApi3({
          '/a': {
            post: { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/A' } } } } },
          },
        }),
        components: { schemas: { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } } },
      }).replace(
        '"paths":{',
        '"paths":{"/p":{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"integer"}}}}}}}},',
      ),
    )
    root.paths['/deep'] = { post: { requestBody: { content: { 'application/json': { schema: deep } } } } }
    const api = read(root)
    const made = api.operations.map((operation) => formOf(api, operation))
    expect(made.map(({ fields }) => fields.map(({ name }) => name))).toEqual([
      ['__proto__', 'constructor'],
      ['body'],
      ['a'],
    ])
    expect(({} as Record<string, unknown>).type).toBeUndefined()
  })

  test('one that is shared many times over is refused, not unfolded', () => {
    let bomb: Json = { type: 'string' }
    for (let level = 0; level < 30; level++) bomb = { type: 'object', properties: { a: bomb, b: bomb } }
    expect(() =>
      read(inOpenApi3({ '/a': { post: { requestBody: { content: { 'application/json': { schema: bomb } } } } } })),
    ).toThrow(RangeError)
  })

  test('any JSON is read or refused, and forms and samples are made of what is read', () => {
    const word = fc.constantFrom(
      'paths',
      'get',
      'post',
      '/a/{b}',
      'parameters',
      'schema',
      'requestBody',
      'content',
      'application/json',
      'properties',
      'allOf',
      'oneOf',
      'items',
      '$ref',
      'components',
      'in',
      'name',
      'type',
      '__proto__',
      'enum',
    )
    const leaf = fc.oneof(
      fc.constantFrom('#/paths', '#/components/schemas/A', 'query', 'body', 'object', 'array', 'string', null, true, 1),
      fc.string({ maxLength: 5 }),
    )
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 9 },
        leaf,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(word, tie('value'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(value, value, (paths, schema) => {
        const root: Json = {
          openapi: '3.1.0',
          paths: {
            '/a/{b}': { post: { requestBody: { content: { 'application/json': { schema } } } } },
            '/other': paths,
          },
          components: { schemas: { A: schema } },
        }
        const before = JSON.stringify(root)
        const api = read(root)
        for (const operation of api.operations) formOf(api, operation)
        for (const part of api.parts.values()) sampleOf(part, { part: (ref) => api.parts.get(ref) })
        expect(JSON.stringify(root)).toBe(before)
      }),
      { numRuns: 300 },
    )
  })
})

test('where one signs in by OAuth2 is told, whatever version says it, and nowhere but on the web', () => {
  const oauthOf = (scheme: JsonObject) =>
    read(inOpenApi3({ '/a': { get: {} } }, { components: { securitySchemes: { a: scheme } } })).signIns[0]?.oauth
  const oauthOf2 = (scheme: JsonObject) =>
    read({ swagger: '2.0', paths: { '/a': { get: {} } }, securityDefinitions: { a: scheme } }).signIns[0]?.oauth
  const flow = { authorizationUrl: 'https://id.example.com/auth', tokenUrl: '/token', scopes: { read: '', write: '' } }
  const told = { authorizeUrl: 'https://id.example.com/auth', tokenUrl: '/token', deviceUrl: '', scopes: 'read write' }
  expect(
    oauthOf({ type: 'oauth2', flows: { authorizationCode: flow, clientCredentials: { tokenUrl: '/other' } } }),
  ).toEqual(told)
  expect(oauthOf2({ type: 'oauth2', flow: 'accessCode', ...flow })).toEqual(told)
  expect(
    oauthOf({
      type: 'oauth2',
      flows: {
        deviceAuthorization: {
          deviceAuthorizationUrl: 'javascript:alert(1)',
          tokenUrl: `https://${'a'.repeat(3_000)}`,
        },
      },
    }),
  ).toEqual({ authorizeUrl: '', tokenUrl: '', deviceUrl: '', scopes: '' })
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`scope-${n}`, '']))
  expect(oauthOf({ type: 'oauth2', flows: { authorizationCode: { ...flow, scopes: many } } })?.scopes).toBe('')
  expect(oauthOf({ type: 'oauth2', flows: 'none' })).toEqual({
    authorizeUrl: '',
    tokenUrl: '',
    deviceUrl: '',
    scopes: '',
  })
})
