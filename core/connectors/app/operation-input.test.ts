import { expect, test } from 'vitest'
import { curlStep } from '../../domain/curl/curl-step.ts'
import type { Slice } from '../../domain/openapi/api.ts'
import { operationForm } from '../../domain/openapi/operation-form.ts'
import { readApi } from '../../domain/openapi/read-api.ts'
import type { JsonObject } from '../../domain/values/json.ts'
import { operationInput, pathValues } from './operation-input.ts'
import { operationRequest } from './operation-request.ts'

const BASE = 'https://api.example.com/v1'

/** The slice of the one operation of an API. */
function sliceOf(path: string, method: string, operation: JsonObject): Slice {
  const api = readApi({
    main: 'a',
    files: new Map([
      ['a', { openapi: '3.1.0', info: { title: 'A', version: '1' }, paths: { [path]: { [method]: operation } } }],
    ]),
  })
  const [found] = api.operations
  if (found === undefined) throw new Error('no operation')
  const { fields, body } = operationForm(found, { part: (ref) => api.parts.get(ref) })
  const { title, keyHeader } = found
  return {
    operation: found.key,
    title,
    app: 'A',
    address: BASE,
    method: found.method,
    path,
    fields: [...fields],
    body,
    keyHeader,
    list: null,
  }
}

const ITEM = sliceOf('/places/{placeId}/items.{format}', 'post', {
  parameters: [
    { name: 'placeId', in: 'path', required: true, schema: { type: 'integer' } },
    { name: 'format', in: 'path', required: true, schema: { type: 'string' } },
    { name: 'dry run', in: 'query', schema: { type: 'boolean' } },
    { name: 'tag', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
    { name: 'X-Trace', in: 'header', schema: { type: 'string' } },
  ],
  requestBody: {
    content: {
      'application/json': {
        schema: { type: 'object', properties: { name: { type: 'string' }, placeId: { type: 'integer' } } },
      },
    },
  },
})

/** How the step of the operation is filled in for a line of curl; null where the line has something else. */
function filled(slice: Slice, line: string): JsonObject | null {
  const request = curlStep(line)?.step.input ?? {}
  const [address = ''] = String(request.url).split('?')
  const values = pathValues(slice.path, address.slice(BASE.length))
  return values && operationInput(slice, values, request)
}

test('a line of curl fills in the operation that it calls, and the operation sends the same', () => {
  const line = `curl '${BASE}/places/a%2Fb/items.json?dry%20run=true&tag=x&tag=y+z' -H 'X-Trace: t' --json '{"name": "Tea", "placeId": 9}'`
  const input = filled(ITEM, line)
  expect(input).toEqual({
    placeId: 'a/b',
    format: 'json',
    'dry run': 'true',
    tag: ['x', 'y z'],
    'X-Trace': 't',
    name: 'Tea',
    body_placeId: 9,
  })
  const sent = operationRequest(ITEM, BASE, input ?? {})
  expect(sent.url.href).toBe(`${BASE}/places/a%2Fb/items.json?dry%20run=true&tag=x&tag=y%20z`)
  expect(sent.headers).toEqual({ 'X-Trace': 't' })
  expect(sent.body).toMatchObject({ kind: 'text', content: '{"name":"Tea","placeId":9}' })
})

test('templates in a line stay templates of the step', () => {
  expect(filled(ITEM, `curl ${BASE}/places/$PLACE/items.json --json '{"name": "'$NAME'"}'`)).toEqual({
    placeId: '{{ env.PLACE }}',
    format: 'json',
    name: '{{ env.NAME }}',
  })
})

test.each([
  ['another path', `curl ${BASE}/places/7/things.json --json '{}'`],
  ['a longer path', `curl ${BASE}/places/7/items.json/8 --json '{}'`],
  ['nothing where a name stands', `curl ${BASE}/places//items.json --json '{}'`],
  ['a parameter that is not known', `curl ${BASE}/places/7/items.json?page=2 --json '{}'`],
  [
    'the same parameter twice where it is one',
    `curl '${BASE}/places/7/items.json?dry%20run=1&dry%20run=2' --json '{}'`,
  ],
  ['a header that is not known', `curl ${BASE}/places/7/items.json -H 'X-Other: 1' --json '{}'`],
  ['a field that is not known', `curl ${BASE}/places/7/items.json --json '{"size": 1}'`],
  ['a body of another kind', `curl ${BASE}/places/7/items.json -d name=Tea`],
  ['files', `curl ${BASE}/places/7/items.json -F name=Tea`],
  ['a proxy', `curl ${BASE}/places/7/items.json -x http://127.0.0.1:3128 --json '{}'`],
  ['certificates that are not checked', `curl -k ${BASE}/places/7/items.json --json '{}'`],
  ['an answer that is a file', `curl -O ${BASE}/places/7/items.json --json '{}'`],
  ['a list in place of an object', `curl ${BASE}/places/7/items.json --json '[1]'`],
])('a line with %s stays an HTTP request', (_, line) => {
  expect(filled(ITEM, line)).toBeNull()
})

test('a form is filled in by its fields, and a body that is no object as a whole', () => {
  const form = sliceOf('/a', 'post', {
    requestBody: {
      content: {
        'application/x-www-form-urlencoded': { schema: { type: 'object', properties: { a: { type: 'string' } } } },
      },
    },
  })
  expect(filled(form, `curl ${BASE}/a -d a=1`)).toEqual({ a: '1' })
  const list = sliceOf('/a', 'post', {
    requestBody: { content: { 'application/json': { schema: { type: 'array', items: { type: 'integer' } } } } },
  })
  expect(filled(list, `curl ${BASE}/a --json '[1, 2]'`)).toEqual({ body: [1, 2] })
})

test('a line without what the operation needs, or with other than it always sends, stays an HTTP request', () => {
  const parameters = [
    { name: 'q', in: 'query', required: true, schema: { type: 'string' } },
    { name: 'v', in: 'query', required: true, schema: { const: 2 } },
  ]
  const search = sliceOf('/a', 'get', { parameters })
  expect(filled(search, `curl ${BASE}/a`)).toBeNull()
  expect(filled(search, `curl '${BASE}/a?q=1'`)).toEqual({ q: '1' })
  expect(filled(search, `curl '${BASE}/a?q=1&v=2'`)).toEqual({ q: '1', v: '2' })
  expect(filled(search, `curl '${BASE}/a?q=1&v=3'`)).toBeNull()
})
