import { textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { bearer, howTo, tokenAccount } from '../../service/accounts.ts'
import { choice, longText, number, text, texts, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { itemsAt, textAt } from '../../service/parts.ts'
import { requestOf } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.cloudflare.com/client/v4'

const zone = text('Domain', {
  placeholder: '023e105f4ecef8ad9ca31a8372d0c353',
  help: 'Its zone.',
  from: { list: 'zones' },
})
const record = text('Record', {
  placeholder: '372e67954025e0ba6aaa6d586b9e0b59',
  help: 'Its id.',
  from: { list: 'records', needs: ['zone'] },
})
const account = text('Account at Cloudflare', {
  placeholder: '01a7362d577a6c3019a474fd6f485823',
  from: { list: 'accounts' },
})
const namespace = text('Namespace', {
  placeholder: '0f2ac74b498b48028cb68387c421e279',
  from: { list: 'namespaces', needs: ['cloudflareAccount'] },
})
const stored = {
  id: '372e67954025e0ba6aaa6d586b9e0b59',
  type: 'A',
  name: 'shop.example.com',
  content: '198.51.100.4',
  proxied: false,
  ttl: 1,
}
const TYPES = { A: 'A', AAAA: 'AAAA', CNAME: 'CNAME', TXT: 'TXT', MX: 'MX', NS: 'NS', CAA: 'CAA', PTR: 'PTR' }
const pages: Pages = {
  items: 'result',
  size: { as: 'per_page', most: 50, least: 5 },
  next: { by: 'page', as: 'page' },
}
const kv = { cloudflareAccount: account, namespace, key: text('Key', { most: 512 }) }
const VALUE = '/accounts/{cloudflareAccount}/storage/kv/namespaces/{namespace}/values/{key}'
const keywords = ['dns', 'domain', 'cdn']

/** Cloudflare (https://developers.cloudflare.com/api). */
export const cloudflare = defineApp({
  id: 'cloudflare',
  title: 'Cloudflare',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'cloudflare',
      title: 'Cloudflare token',
      secret: { title: 'API token' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Create a token',
          text: 'With the rights that you need: Zone DNS, Cache Purge, Workers KV Storage, Notifications.',
          link: { title: 'API tokens', url: 'https://dash.cloudflare.com/profile/api-tokens' },
        },
        { title: 'Paste it here' },
      ),
      signIn: bearer(),
      async test({ at }) {
        const http = at(ADDRESS)
        const { body } = await http({ path: 'accounts' })
        return textAt(body, 'result[0].name') || null
      },
    }),
  ],
  answers: {
    says: ['errors[0].message'],
    refusal(body) {
      const isNo = textAt(body, 'success') === 'false'
      return isNo
        ? {
            says: itemsAt(body, 'errors')
              .map((one) => textAt(one, 'message'))
              .join('; '),
          }
        : null
    },
  },
  lists: {
    zones: listOf({ request: 'GET /zones', pages, value: 'id', label: 'name' }),
    records: listOf({
      request: 'GET /zones/{zone}/dns_records',
      fields: { zone },
      pages,
      value: 'id',
      label: 'name',
      hint: 'content',
    }),
    accounts: listOf({ request: 'GET /accounts', pages, value: 'id', label: 'name' }),
    namespaces: listOf({
      request: 'GET /accounts/{cloudflareAccount}/storage/kv/namespaces',
      fields: { cloudflareAccount: account },
      pages,
      value: 'id',
      label: 'title',
    }),
  },
  triggers: [
    hookTrigger({
      name: 'notification',
      title: 'Cloudflare notifies',
      description:
        'Starts for each notification that goes to Hookline: it is then among the destinations from which you choose in a notification.',
      keywords: [...keywords, 'alert', 'webhook'],
      fields: { cloudflareAccount: account },
      verify: { scheme: 'header', header: 'cf-webhook-auth' },
      subscribe: 'POST /accounts/{cloudflareAccount}/alerting/v3/destinations/webhooks',
      body: ({ url, secret }) => ({ name: 'Hookline', url, secret }),
      id: 'result.id',
      unsubscribe: 'DELETE /accounts/{cloudflareAccount}/alerting/v3/destinations/webhooks/{id}',
      all: {
        request: 'GET /accounts/{cloudflareAccount}/alerting/v3/destinations/webhooks',
        pages: { items: 'result' },
        url: 'url',
        id: 'id',
      },
      events: ({ body }) => {
        // The call by which Cloudflare looks whether the address is there tells of nothing.
        const isTest = /^Hello World! This is a test message sent from/.test(textAt(body, 'text'))
        return isTest ? [] : [{ key: textAt(body, 'alert_correlation_id') || null, data: body }]
      },
      sample: {
        name: 'Tunnel health',
        text: 'Your tunnel is down.',
        alert_type: 'tunnel_health_event',
        ts: 1_796_029_200,
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-dns-record',
      title: 'Create a DNS record at Cloudflare',
      description: 'Adds a record to a domain.',
      keywords,
      summary: '{name}',
      request: 'POST /zones/{zone}/dns_records',
      fields: {
        zone,
        type: choice('Type', TYPES),
        name: text('Name', { placeholder: 'shop.example.com' }),
        content: text('Content', { placeholder: '198.51.100.4' }),
        priority: number('Priority', { min: 0, max: 65_535, optional: true, showIf: { field: 'type', in: ['MX'] } }),
        ttl: number('Seconds that it is kept', {
          min: 1,
          optional: true,
          advanced: true,
          help: 'As Cloudflare thinks when empty.',
        }),
        proxied: yesNo('Through Cloudflare', { sendsNo: true }),
        comment: text('Comment', { optional: true, advanced: true }),
      },
      body: (body) => ({ ttl: 1, ...Object(body) }),
      result: 'result',
      sample: stored,
    }),
    operation({
      name: 'update-dns-record',
      title: 'Change a DNS record at Cloudflare',
      description: 'Changes what is filled in of a record, such as its address.',
      keywords: [...keywords, 'dyndns', 'ip'],
      request: 'PATCH /zones/{zone}/dns_records/{record}',
      effect: 'idempotent',
      fields: {
        zone,
        record,
        content: text('Content', { optional: true, placeholder: '198.51.100.4' }),
        name: text('Name', { optional: true, advanced: true }),
        type: choice('Type', TYPES, { optional: true, advanced: true }),
        ttl: number('Seconds that it is kept', { min: 1, optional: true, advanced: true }),
      },
      result: 'result',
      sample: stored,
    }),
    operation({
      name: 'list-dns-records',
      title: 'List DNS records of Cloudflare',
      description: 'Reads the records of a domain, all or those that fit.',
      keywords: [...keywords, 'get many'],
      request: 'GET /zones/{zone}/dns_records',
      fields: {
        zone,
        type: choice('Type', TYPES, { optional: true }),
        name: text('Name', { optional: true, placeholder: 'shop.example.com' }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'delete-dns-record',
      title: 'Delete a DNS record at Cloudflare',
      description: 'Deletes a record of a domain.',
      keywords: [...keywords, 'remove'],
      request: 'DELETE /zones/{zone}/dns_records/{record}',
      fields: { zone, record },
      result: 'result',
      sample: { id: stored.id },
    }),
    operation({
      name: 'purge-cache',
      title: 'Purge the cache of Cloudflare',
      description: 'Makes Cloudflare fetch pages anew: all of a domain, or those that are named.',
      keywords: ['clear', 'refresh', 'cdn'],
      request: 'POST /zones/{zone}/purge_cache',
      effect: 'idempotent',
      fields: {
        zone,
        files: texts('Addresses', { optional: true, most: 30, help: 'One a line; all of the domain when empty.' }),
      },
      body: (body) => (Object(body).files === undefined ? { purge_everything: true } : body),
      result: 'result',
      sample: { id: '023e105f4ecef8ad9ca31a8372d0c353' },
    }),
    operation({
      name: 'kv-put',
      title: 'Write a value into Cloudflare KV',
      description: 'Keeps a text under a key.',
      keywords: ['workers', 'store', 'key value'],
      summary: '{key}',
      effect: 'idempotent',
      fields: {
        ...kv,
        value: longText('Value', { most: 25_000_000 }),
        seconds: number('Seconds that it is kept', {
          min: 60,
          optional: true,
          advanced: true,
          help: 'For ever when empty.',
        }),
      },
      sample: {},
      async run({ http, input }) {
        const request = requestOf({ request: `PUT ${VALUE}`, fields: kv }, input)
        const content = Buffer.from(textOf(input.value ?? ''), 'utf8')
        const query = input.seconds === undefined ? {} : { expiration_ttl: textOf(input.seconds) }
        await http({ method: 'PUT', path: request.path, query, bytes: { content, contentType: 'text/plain' } })
        return {}
      },
    }),
    operation({
      name: 'kv-get',
      title: 'Read a value from Cloudflare KV',
      description: 'Reads what is kept under a key.',
      keywords: ['workers', 'key value'],
      summary: '{key}',
      effect: 'none',
      fields: kv,
      sample: { value: 'Hello' },
      async run({ http, input }) {
        const { path } = requestOf({ request: `GET ${VALUE}`, fields: kv }, input)
        const { bytes } = await http({ path, takesFile: true, maxBytes: 30_000_000 })
        return { value: Buffer.from(bytes).toString('utf8') }
      },
    }),
  ],
})
