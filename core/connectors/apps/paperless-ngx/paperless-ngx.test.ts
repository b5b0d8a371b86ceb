import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { paperlessNgx } from './paperless-ngx.app.ts'

const account = { type: 'paperless-ngx', secret: JSON.stringify({ server: 'http://p.example:8000', token: 'T' }) }
const answers = (): Json => ({ id: 'x1' })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  ['get-task', { task: 'u' }, 'GET /api/tasks/?task_id=u'],
  [
    'search',
    { query: 'q', tags: '1\n2', own: ['a', 'gt', 1], limit: 5 },
    'GET /api/documents/?custom_field_query=["a","gt",1]&page_size=5&query=q&tags__id__all=1,2',
  ],
  ['get-document', { document: 1 }, 'GET /api/documents/1/'],
  [
    'update-document',
    { document: 1, title: 't', tags: '7', type: '2' },
    'PATCH /api/documents/1/',
    { title: 't', tags: [7], document_type: 2 },
  ],
  [
    'bulk-edit',
    { documents: '1\n2', method: 'add_tag', parameters: { tag: 7 } },
    'POST /api/documents/bulk_edit/',
    { documents: [1, 2], method: 'add_tag', parameters: { tag: 7 } },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(paperlessNgx, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Token T')
})

it('a document goes in with what is known of it, and comes out as a file', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.pdf', 'PDF')
  const world = { answers, account, files: { files, large } }
  const input = { file: at('a.pdf'), title: 't', created: '2026-11-28', correspondent: '3', tags: '7\n8' }
  const { sent } = await sentByUs(paperlessNgx, 'upload-document', input, world)
  expect(sent[0]?.path).toBe('/api/documents/post_document/')
  for (const part of [
    'name="document"; filename="a.pdf"',
    'name="created"\r\n\r\n2026-11-28',
    'name="tags"\r\n\r\n7',
    'name="tags"\r\n\r\n8',
  ])
    expect(sent[0]?.body).toContain(part)
  const { output } = await sentByUs(paperlessNgx, 'download', { document: 1, original: true }, world)
  expect(output).toMatchObject({ id: '1', file: { filename: 'document-1.pdf' } })
})
