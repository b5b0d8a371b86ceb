import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { howTo, tokenAccount } from '../../service/accounts.ts'
import { json, longText, number, text, texts, yesNo } from '../../service/fields.ts'
import { listOf, operation } from '../../service/operation.ts'
import { itemsAt } from '../../service/parts.ts'
import { pathPart, type RequestRule, requestOf } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const CONTROL = 'https://api.pinecone.io'
const VERSION = '2026-04'

const index = text('Index', {
  at: 'nowhere',
  placeholder: 'docs-abc123.svc.aped-4627-b74a.pinecone.io',
  help: 'Its host.',
  from: { list: 'indexes' },
})
const namespace = text('Namespace', { optional: true, help: 'The usual one when empty.' })
const filter = json('Only where', { optional: true, placeholder: '{"topic":{"$eq":"engines"}}' })
const vectors = json('Vectors', { placeholder: '[{"id":"1","values":[0.1,0.2],"metadata":{"topic":"engines"}}]' })
const keywords = ['vector', 'database', 'semantic', 'search', 'embedding', 'rag']

/** The host of an index, such as `https://docs-abc.svc.aped-4627.pinecone.io`; null for what is none of Pinecone's. */
function hostOf(given: Json | undefined): string | null {
  const host = textOf(given ?? '')
    .trim()
    .replace(/^https:\/\//, '')
    .replace(/\/$/, '')
  return /^[a-z0-9][a-z0-9.-]{0,250}\.pinecone\.io$/.test(host) ? `https://${host}` : null
}

type DataOperation = Omit<Parameters<typeof operation>[0], 'run' | 'request'> &
  RequestRule & { readonly result?: string }

/** An operation at the host of an index. The key goes to no other one. */
function dataOperation({ request, fields = {}, body, ...declared }: DataOperation): ReturnType<typeof operation> {
  return operation({
    ...declared,
    fields: { index, ...fields },
    async run({ http, input }) {
      if (hostOf(input.index) === null) {
        const message = `"Index" takes the host of an index, which ends with .pinecone.io, but "${textOf(input.index ?? '').slice(0, 200)}" came.`
        throw new StepError({ code: 'bad-input', message, retryable: false })
      }
      return (await http(requestOf({ request, fields, ...(body && { body }) }, input))).body
    },
  })
}

/** Pinecone (https://docs.pinecone.io/reference/api). Each index has a host of its own. */
export const pinecone = defineApp({
  id: 'pinecone',
  title: 'Pinecone',
  icon,
  hue,
  address: ({ index: given }) => (given === undefined ? CONTROL : (hostOf(given) ?? 'https://*.pinecone.io')),
  alsoAt: [CONTROL],
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'pinecone',
      title: 'Pinecone key',
      secret: { title: 'API key', placeholder: 'pcsk_…' },
      help: howTo(
        'A key in two steps',
        { title: 'Create a key', link: { title: 'API keys', url: 'https://app.pinecone.io/organizations/-/keys' } },
        { title: 'Paste it here' },
      ),
      signIn: (key) => ({ headers: { 'api-key': key, 'x-pinecone-api-version': VERSION } }),
      async test({ at }) {
        const found = itemsAt((await at(CONTROL)({ path: 'indexes' })).body, 'indexes')
        return `${found.length} index${found.length === 1 ? '' : 'es'}`
      },
    }),
  ],
  lists: {
    indexes: listOf({ request: `GET ${CONTROL}/indexes`, pages: { items: 'indexes' }, value: 'host', label: 'name' }),
  },
  actions: [
    operation({
      name: 'list-indexes',
      title: 'List the indexes of Pinecone',
      description: 'Reads which indexes there are, and where.',
      keywords: [...keywords, 'get many'],
      request: 'GET /indexes',
      result: 'indexes',
      sample: {
        items: [
          { name: 'docs', host: 'docs-abc123.svc.aped-4627-b74a.pinecone.io', dimension: 1_536, metric: 'cosine' },
        ],
        count: 1,
      },
    }),
    dataOperation({
      name: 'upsert',
      title: 'Put vectors into Pinecone',
      description: 'Puts vectors in, or takes the place of those with the same ids.',
      keywords: [...keywords, 'add', 'insert', 'store'],
      request: 'POST /vectors/upsert',
      effect: 'idempotent',
      fields: { vectors, namespace },
      sample: { upsertedCount: 1 },
    }),
    dataOperation({
      name: 'query',
      title: 'Find like vectors in Pinecone',
      description: 'Finds the vectors that are most like one.',
      keywords: [...keywords, 'similarity', 'nearest'],
      request: 'POST /query',
      effect: 'none',
      fields: {
        vector: json('Vector', { optional: true, placeholder: '[0.1, 0.2]' }),
        id: text('Like the vector', { optional: true, advanced: true, help: 'Its id, in place of a vector.' }),
        most: number('At most', { as: 'topK', min: 1, max: 10_000, placeholder: '10' }),
        filter,
        namespace,
        metadata: yesNo('With what is known of them', { as: 'includeMetadata', initial: true, sendsNo: true }),
        values: yesNo('With their numbers', { as: 'includeValues', advanced: true }),
      },
      sample: { matches: [{ id: '1', score: 0.92, metadata: { topic: 'engines' } }], namespace: '' },
    }),
    dataOperation({
      name: 'fetch',
      title: 'Get vectors from Pinecone',
      description: 'Reads vectors by their ids.',
      keywords: [...keywords, 'read', 'get'],
      request: 'GET /vectors/fetch',
      fields: { ids: texts('Ids', { help: 'One a line.' }), namespace },
      effect: 'none',
      sample: { vectors: { 1: { id: '1', values: [0.1, 0.2] } }, namespace: '' },
    }),
    dataOperation({
      name: 'update',
      title: 'Change a vector in Pinecone',
      description: 'Changes what is known of a vector, or its numbers.',
      keywords: [...keywords, 'metadata', 'edit'],
      request: 'POST /vectors/update',
      effect: 'idempotent',
      fields: {
        id: text('Vector', { help: 'Its id.' }),
        metadata: json('What is known of it', {
          as: 'setMetadata',
          optional: true,
          placeholder: '{"topic":"engines"}',
        }),
        values: json('Numbers', { optional: true, advanced: true, placeholder: '[0.1, 0.2]' }),
        namespace,
      },
      sample: {},
    }),
    dataOperation({
      name: 'delete',
      title: 'Delete vectors from Pinecone',
      description: 'Deletes vectors by their ids, those that fit, or all of a namespace.',
      keywords: [...keywords, 'remove', 'clear'],
      request: 'POST /vectors/delete',
      effect: 'idempotent',
      fields: {
        ids: texts('Ids', { optional: true, help: 'One a line.' }),
        filter,
        all: yesNo('All of the namespace', { as: 'deleteAll', advanced: true }),
        namespace,
      },
      sample: {},
    }),
    dataOperation({
      name: 'search-records',
      title: 'Search Pinecone by text',
      description: 'Finds records that say something alike, in an index that makes its own vectors.',
      keywords: [...keywords, 'text', 'records'],
      request: 'POST /records/namespaces/{namespace}/search',
      effect: 'none',
      fields: {
        namespace: text('Namespace', { placeholder: '__default__' }),
        query: longText('Search for', { at: 'nowhere' }),
        most: number('At most', { min: 1, max: 10_000, placeholder: '10', at: 'nowhere' }),
        filter: { ...filter, at: 'nowhere' },
        only: texts('Fields', { as: 'fields', optional: true, advanced: true, help: 'One a line; all when empty.' }),
      },
      body: (body, { query = '', most = 10, filter: where }) => ({
        ...Object(body),
        query: { top_k: most, inputs: { text: query }, ...(where !== undefined && { filter: where }) },
      }),
      sample: { result: { hits: [{ _id: '1', _score: 0.92, fields: { chunk_text: 'The engine …' } }] } },
    }),
    operation({
      name: 'upsert-records',
      title: 'Put texts into Pinecone',
      description: 'Puts records in, of whose texts the index makes its own vectors.',
      keywords: [...keywords, 'add', 'text', 'records'],
      summary: '{namespace}',
      effect: 'idempotent',
      fields: {
        index,
        namespace: text('Namespace', { placeholder: '__default__' }),
        records: json('Records', { placeholder: '[{"_id":"1","chunk_text":"The engine …"}]' }),
      },
      sample: { count: 1 },
      async run({ http, input }) {
        const { records = null } = input
        const all = isJsonList(records) ? records : [records]
        if (hostOf(input.index) === null || !all.every((one) => one !== null && isJsonObject(one))) {
          const message =
            '"Index" takes the host of an index, which ends with .pinecone.io, and "Records" a list of objects.'
          throw new StepError({ code: 'bad-input', message, retryable: false })
        }
        const lines = all.map((one) => `${JSON.stringify(one)}\n`).join('')
        const bytes = { content: Buffer.from(lines, 'utf8'), contentType: 'application/x-ndjson' }
        const path = `records/namespaces/${pathPart('namespace', input.namespace)}/upsert`
        await http({ method: 'POST', path, bytes })
        return { count: all.length }
      },
    }),
  ],
})
