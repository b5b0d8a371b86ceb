import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { cloudflare } from './cloudflare.app.ts'

const account = { type: 'cloudflare', secret: JSON.stringify({ token: 'T' }) }
const answers = (): Json => ({ id: 'x1' })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-dns-record',
    { zone: 'z', type: 'A', name: 'n', content: '1.2.3.4', proxied: true },
    'POST /client/v4/zones/z/dns_records',
    { ttl: 1, type: 'A', name: 'n', content: '1.2.3.4', proxied: true },
  ],
  [
    'update-dns-record',
    { zone: 'z', record: 'r', content: '1.2.3.4' },
    'PATCH /client/v4/zones/z/dns_records/r',
    { content: '1.2.3.4' },
  ],
  ['list-dns-records', { zone: 'z', type: 'A', limit: 2 }, 'GET /client/v4/zones/z/dns_records?per_page=5&type=A'],
  ['delete-dns-record', { zone: 'z', record: 'r' }, 'DELETE /client/v4/zones/z/dns_records/r'],
  ['purge-cache', { zone: 'z' }, 'POST /client/v4/zones/z/purge_cache', { purge_everything: true }],
  [
    'purge-cache',
    { zone: 'z', files: 'https://a.example/x' },
    'POST /client/v4/zones/z/purge_cache',
    { files: ['https://a.example/x'] },
  ],
  [
    'kv-put',
    { cloudflareAccount: 'a', namespace: 'n', key: 'a/b c', value: 'Grüße', seconds: 60 },
    'PUT /client/v4/accounts/a/storage/kv/namespaces/n/values/a/b c?expiration_ttl=60',
    'Grüße',
  ],
  [
    'kv-get',
    { cloudflareAccount: 'a', namespace: 'n', key: 'k' },
    'GET /client/v4/accounts/a/storage/kv/namespaces/n/values/k',
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(cloudflare, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Bearer T')
})

it('an answer that says no is one, whatever its status', async () => {
  const refused = (): Json => ({
    success: false,
    errors: [{ code: 81_057, message: 'Record already exists.' }],
    result: null,
  })
  await expect(
    sentByUs(cloudflare, 'delete-dns-record', { zone: 'z', record: 'r' }, { answers: refused, account }),
  ).rejects.toMatchObject({ details: { message: expect.stringContaining('Record already exists.') } })
})

it('is told where to notify, and to stop', async () => {
  const made = (): Json => ({ success: true, result: { id: 'd1' } })
  const { sent } = await sentByTrigger(
    cloudflare,
    'notification',
    { cloudflareAccount: 'a' },
    { answers: made, account, doing: 'subscribe' },
  )
  expect(sent.map(lineOf)).toEqual([
    [
      'POST /client/v4/accounts/a/alerting/v3/destinations/webhooks',
      { name: 'Hookline', url: 'https://hooks.example/hooks/x', secret: 'sh' },
    ],
    ['DELETE /client/v4/accounts/a/alerting/v3/destinations/webhooks/d1'],
  ])
})
