import { StepError } from '../../../domain/runs/step-error.ts'
import { defineApp } from '../../define-app.ts'
import { howTo, serverAt, serverField, tokenAccount } from '../../service/accounts.ts'
import { choice, json, number, text, yesNo } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { hue, icon } from './logo.ts'

const LOCAL = 'http://127.0.0.1:6333'
const address = serverAt('', LOCAL)

const collection = text('Collection', { placeholder: 'articles', from: { list: 'collections' } })
const filter = json('Filter', {
  optional: true,
  advanced: true,
  placeholder: '{"must":[{"key":"lang","match":{"value":"en"}}]}',
})
const payload = yesNo('With what is stored', { as: 'with_payload', initial: true, sendsNo: true })
const ids = json('Points', { placeholder: '[1, "c6c9e2f0-…"]', help: 'Numbers, or UUIDs.' })
const point = { id: 1, payload: { title: 'Hello' } }
const scrolled: Pages = {
  items: 'result.points',
  size: { as: 'limit', most: 1_000 },
  next: { by: 'cursor', at: 'result.next_page_offset', as: 'offset' },
  inBody: true,
}

/** Qdrant (https://api.qdrant.tech). */
export const qdrant = defineApp({
  id: 'qdrant',
  title: 'Qdrant',
  icon,
  hue,
  address: { ofAccount: address, known: [LOCAL] },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'qdrant',
      title: 'Qdrant server',
      fields: [serverField('https://xyz.eu-central-1-0.aws.cloud.qdrant.io:6333', { usual: LOCAL })],
      secret: { title: 'API key', help: 'A server of your own may have none: then enter any word.' },
      help: howTo(
        'A key in two steps',
        {
          title: 'Create an API key',
          text: 'In Qdrant Cloud: the cluster → API keys. On a server of your own: service.api_key in its configuration.',
          link: { title: 'Qdrant Cloud', url: 'https://cloud.qdrant.io' },
        },
        { title: 'Paste it here', text: 'With the address of the server.' },
      ),
      signIn: (key) => ({ headers: { 'api-key': key } }),
      async test({ fields, at }) {
        await at(address(fields))({ path: 'collections' })
        return new URL(address(fields)).host
      },
    }),
  ],
  answers: { says: ['status.error'] },
  lists: {
    collections: listOf({
      request: 'GET /collections',
      pages: { items: 'result.collections' },
      value: 'name',
      label: 'name',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-point',
      title: 'New point in Qdrant',
      description:
        'Starts for each point that comes into a collection, by a field with the time, which needs an index.',
      keywords: ['vector', 'added', 'database'],
      summary: '{collection}',
      fields: { collection, by: text('Field with the time', { at: 'nowhere', placeholder: 'created_at' }) },
      request: 'POST /collections/{collection}/points/scroll',
      body: (_, { by }) => ({
        limit: 100,
        with_payload: true,
        order_by: { key: by ?? 'created_at', direction: 'desc' },
      }),
      pages: { items: 'result.points' },
      key: 'id',
      sample: point,
    }),
  ],
  actions: [
    operation({
      name: 'list-collections',
      title: 'List the collections of Qdrant',
      description: 'Reads which collections there are.',
      keywords: ['vector', 'embeddings', 'get many'],
      request: 'GET /collections',
      result: 'result.collections',
      sample: { items: [{ name: 'articles' }], count: 1 },
    }),
    operation({
      name: 'create-collection',
      title: 'Create a collection in Qdrant',
      description: 'Creates a collection for vectors of one size.',
      keywords: ['vector', 'embeddings', 'add'],
      request: 'PUT /collections/{collection}',
      fields: {
        collection: text('Collection', { placeholder: 'articles' }),
        size: number('Numbers of a vector', { as: 'vectors.size', min: 1, max: 65_536, placeholder: '1536' }),
        distance: choice(
          'Compared by',
          { Cosine: 'Angle', Dot: 'Dot product', Euclid: 'Distance', Manhattan: 'Sum of differences' },
          { as: 'vectors.distance' },
        ),
      },
      sample: { result: true, status: 'ok' },
    }),
    operation({
      name: 'upsert-points',
      title: 'Store vectors in Qdrant',
      description: 'Adds points, and changes those with the same id.',
      keywords: ['vector', 'embeddings', 'insert', 'upsert'],
      request: 'PUT /collections/{collection}/points?wait=true',
      fields: {
        collection,
        points: json('Points', { placeholder: '[{"id":1,"vector":[0.1,0.2],"payload":{"title":"Hello"}}]' }),
      },
      result: 'result',
      sample: { operation_id: 0, status: 'completed' },
    }),
    operation({
      name: 'query',
      title: 'Find like vectors in Qdrant',
      description: 'Finds the points that are nearest to a vector, or to another point.',
      keywords: ['vector', 'embeddings', 'search', 'similar', 'semantic'],
      request: 'POST /collections/{collection}/points/query',
      effect: 'none',
      fields: {
        collection,
        query: json('Vector', { placeholder: '{{ embedding.items[0].embedding }}', help: 'Or the id of a point.' }),
        most: number('At most', { as: 'limit', min: 1, max: 1_000, optional: true, placeholder: '10' }),
        filter,
        payload,
        using: text('Of the vector', { optional: true, advanced: true, help: 'Its name, where points have several.' }),
      },
      result: 'result.points',
      sample: { items: [{ ...point, score: 0.92 }], count: 1 },
    }),
    operation({
      name: 'scroll',
      title: 'List points of Qdrant',
      description: 'Reads the points of a collection, all or those that fit.',
      keywords: ['vector', 'embeddings', 'get many'],
      request: 'POST /collections/{collection}/points/scroll',
      effect: 'none',
      fields: { collection, filter, payload },
      pages: scrolled,
      sample: { items: [point], count: 1, hasMore: false },
    }),
    operation({
      name: 'retrieve',
      title: 'Get points from Qdrant',
      description: 'Reads points by their ids.',
      keywords: ['vector', 'embeddings', 'read'],
      request: 'POST /collections/{collection}/points',
      effect: 'none',
      fields: { collection, ids, payload },
      result: 'result',
      sample: { items: [point], count: 1 },
    }),
    operation({
      name: 'set-payload',
      title: 'Change what is stored with points of Qdrant',
      description: 'Sets fields of points.',
      keywords: ['vector', 'embeddings', 'update', 'metadata'],
      request: 'POST /collections/{collection}/points/payload?wait=true',
      effect: 'idempotent',
      fields: { collection, points: ids, fields: json('Fields', { as: 'payload', placeholder: '{"title":"Hello"}' }) },
      result: 'result',
      sample: { operation_id: 1, status: 'completed' },
    }),
    operation({
      name: 'delete-points',
      title: 'Delete points of Qdrant',
      description: 'Deletes points by their ids, or those that fit a filter.',
      keywords: ['vector', 'embeddings', 'remove'],
      request: 'POST /collections/{collection}/points/delete?wait=true',
      effect: 'idempotent',
      fields: { collection, points: json('Points', { optional: true, placeholder: '[1, 2]' }), filter },
      body: (body) => {
        const { points, filter: wanted } = Object(body)
        if (points === undefined && wanted === undefined) {
          const message = 'Say which points are meant: their ids, or a filter.'
          throw new StepError({ code: 'bad-input', message, retryable: false })
        }
        return points === undefined ? { filter: wanted } : { points }
      },
      result: 'result',
      sample: { operation_id: 2, status: 'completed' },
    }),
    operation({
      name: 'count',
      title: 'Count points of Qdrant',
      description: 'Counts the points of a collection, all or those that fit.',
      keywords: ['vector', 'embeddings', 'number'],
      request: 'POST /collections/{collection}/points/count',
      effect: 'none',
      fields: { collection, filter },
      body: { exact: true },
      result: 'result',
      sample: { count: 42 },
    }),
  ],
})
