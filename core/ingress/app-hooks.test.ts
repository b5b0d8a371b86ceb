import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { apps } from '../connectors/apps.ts'
import { keyOfSigned } from '../connectors/service/hooks.ts'
import type { HookCall } from '../connectors/trigger-sources.ts'
import type { Json } from '../domain/values/json.ts'
import type { ProofOptions } from './proof-values.ts'
import { verifySignature } from './verify-signature.ts'

const NOW = Date.parse('2026-11-30T09:00:00Z')
const URL_OF_CALL = 'https://a.example/hooks/x'
const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const hmac = (key: string | Buffer, text: string, encoding: 'hex' | 'base64' = 'hex', algorithm = 'sha256') =>
  createHmac(algorithm, key).update(text).digest(encoding)

type Maker = {
  readonly body: Json
  /** As the maker signs it at a time in milliseconds. */
  readonly sign: (body: string, at: number) => Record<string, string>
  readonly bodyAt?: (at: number) => Json
  readonly secret?: string
  readonly isTimed?: boolean
  /** What starts runs: their keys and what they are given. */
  readonly events: readonly unknown[]
}

const token = (name: string) => (): Record<string, string> => ({ [name]: 's' })
const event = (key: unknown, data: unknown) => ({ key, data })

const MAKERS: Readonly<Record<string, Maker>> = {
  'mailgun.mail-event': {
    body: {},
    bodyAt: (at) => {
      const timestamp = String(Math.floor(at / 1_000))
      return { signature: { timestamp, token: 't', signature: hmac('s', `${timestamp}t`) }, 'event-data': { id: 'e1' } }
    },
    sign: () => ({}),
    isTimed: true,
    events: [event('e1', { id: 'e1' })],
  },
  'sendgrid.mail-event': {
    body: [{ sg_event_id: 'a' }, { sg_event_id: 'b' }],
    secret: pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    sign(body, at) {
      const ts = String(Math.floor(at / 1_000))
      const signature = sign('sha256', Buffer.from(ts + body), pair.privateKey).toString('base64')
      return { 'x-twilio-email-event-webhook-signature': signature, 'x-twilio-email-event-webhook-timestamp': ts }
    },
    isTimed: true,
    events: [event('a', { sg_event_id: 'a' }), event('b', { sg_event_id: 'b' })],
  },
  'zendesk.ticket-event': {
    body: { id: 'z1', type: 'zen:event-type:ticket.created' },
    sign(body, at) {
      const ts = new Date(at).toISOString()
      return {
        'x-zendesk-webhook-signature': hmac('s', ts + body, 'base64'),
        'x-zendesk-webhook-signature-timestamp': ts,
      }
    },
    isTimed: true,
    events: [event('z1', { id: 'z1', type: 'zen:event-type:ticket.created' })],
  },
  'pagerduty.incident-event': {
    body: { event: { id: 'p1', event_type: 'incident.triggered' } },
    sign: (body) => ({ 'x-pagerduty-signature': `v1=${'0'.repeat(64)},v1=${hmac('s', body)}` }),
    events: [event('p1', { id: 'p1', event_type: 'incident.triggered' })],
  },
  'asana.resource-changed': {
    body: { events: [{ action: 'added', resource: { gid: '1' }, created_at: 'T' }] },
    sign: (body) => ({ 'x-hook-signature': hmac('s', body) }),
    events: [event('1 added  T', { action: 'added', resource: { gid: '1' }, created_at: 'T' })],
  },
  'mattermost.outgoing-webhook': {
    body: { token: 's', post_id: 'p', text: 'hi' },
    sign: () => ({}),
    events: [event('p', { post_id: 'p', text: 'hi' })],
  },
  'nextcloud.event': { body: { a: 1 }, sign: token('x-hookline-secret'), events: [event(null, { a: 1 })] },
  'telegram.update-webhook': {
    body: { update_id: 7 },
    sign: token('x-telegram-bot-api-secret-token'),
    events: [event('7', { update_id: 7 })],
  },
  'airtable.base-changed': {
    body: { base: { id: 'app1' }, webhook: { id: 'ach1' }, timestamp: 'T' },
    secret: Buffer.from('key').toString('base64'),
    sign: (body) => ({ 'x-airtable-content-mac': `hmac-sha256=${hmac(Buffer.from('key'), body)}` }),
    events: [event('ach1 T', { base: 'app1', webhook: 'ach1', at: 'T' })],
  },
  'google-calendar.push': {
    body: null,
    sign: () => ({
      'x-goog-channel-token': 's',
      'x-goog-resource-state': 'exists',
      'x-goog-channel-id': 'c',
      'x-goog-message-number': '2',
    }),
    events: [event('c 2', { state: 'exists', changed: null, resource: null })],
  },
  'microsoft-outlook.push': {
    body: {
      value: [
        { clientState: 's', changeType: 'created', resource: 'r', resourceData: { id: 'm', '@odata.etag': 'e' } },
      ],
    },
    sign: () => ({}),
    events: [event('["m","created","e"]', { id: 'm', change: 'created', resource: 'r' })],
  },
  'vikunja.project-event': {
    body: { event_name: 'task.created', time: 'T', data: { task: { id: 4 } } },
    sign: (body) => ({ 'x-vikunja-signature': hmac('s', body) }),
    events: [event('task.created 4 T', { event: 'task.created', time: 'T', task: { id: 4 } })],
  },
  'cloudflare.notification': {
    body: { text: 'Down', alert_correlation_id: 'c' },
    sign: token('cf-webhook-auth'),
    events: [event('c', { text: 'Down', alert_correlation_id: 'c' })],
  },
  'razorpay.payment-event': {
    body: { event: 'payment.captured' },
    sign: (body) => ({ 'x-razorpay-signature': hmac('s', body), 'x-razorpay-event-id': 'r1' }),
    events: [event(keyOfSigned({ event: 'payment.captured' }), { event: 'payment.captured' })],
  },
  'sentry.issue-or-alert': {
    body: { action: 'created' },
    sign: (body) => ({ 'sentry-hook-signature': hmac('s', body), 'sentry-hook-resource': 'issue', 'request-id': 'q' }),
    events: [event('q', { resource: 'issue', action: 'created' })],
  },
  'grafana.alert': {
    body: { status: 'firing' },
    sign: (body) => ({ 'x-grafana-alerting-signature': hmac('s', body) }),
    events: [event(null, { status: 'firing' })],
  },
  'readwise.webhook': {
    body: { secret: 's', event_type: 'x' },
    sign: () => ({}),
    events: [event(null, { event_type: 'x' })],
  },
  'intercom.topic': {
    body: { id: 'n1', topic: 'contact.created' },
    sign: (body) => ({ 'x-hub-signature': `sha1=${hmac('s', body, 'hex', 'sha1')}` }),
    events: [event('n1', { id: 'n1', topic: 'contact.created' })],
  },
  'todoist.item-events': {
    body: { event_name: 'item:added' },
    sign: (body) => ({ 'x-todoist-hmac-sha256': hmac('s', body, 'base64'), 'x-todoist-delivery-id': 'd' }),
    events: [event(keyOfSigned({ event_name: 'item:added' }), { event_name: 'item:added' })],
  },
  'dropbox.account-changed': {
    body: { list_folder: { accounts: ['a', 'b'] } },
    sign: (body) => ({ 'x-dropbox-signature': hmac('s', body) }),
    events: [event(null, { account: 'a' }), event(null, { account: 'b' })],
  },
  'hubspot.crm-change': {
    body: [{ eventId: 1, objectId: 2 }],
    sign: (body, at) => ({
      'x-hubspot-signature-v3': hmac('s', `POST${URL_OF_CALL}${body}${at}`, 'base64'),
      'x-hubspot-request-timestamp': String(at),
    }),
    isTimed: true,
    events: [event('1  2 ', { eventId: 1, objectId: 2 })],
  },
  'supabase.database-webhook': { body: { a: 1 }, sign: token('x-hookline-secret'), events: [event(null, { a: 1 })] },
  'nocodb.row-event': {
    body: { type: 'records.after.insert', data: { table_name: 'T', rows: [{ Id: 1 }] } },
    sign: token('x-hookline-secret'),
    events: [event(null, { type: 'records.after.insert', table: 'T', row: { Id: 1 } })],
  },
  'baserow.rows-changed': {
    body: { event_id: 'e', event_type: 'rows.created', table_id: 1, items: [{ id: 7 }] },
    sign: token('x-hookline-secret'),
    events: [event('e 0', { type: 'rows.created', table: 1, row: { id: 7 } })],
  },
  'notion.events': {
    body: { id: 'n', type: 'page.created' },
    sign: (body) => ({ 'x-notion-signature': `sha256=${hmac('s', body)}` }),
    events: [event('n', { id: 'n', type: 'page.created' })],
  },
  'slack.event-http': {
    body: { event_id: 'Ev', type: 'event_callback' },
    sign(body, at) {
      const ts = String(Math.floor(at / 1_000))
      return { 'x-slack-request-timestamp': ts, 'x-slack-signature': `v0=${hmac('s', `v0:${ts}:${body}`)}` }
    },
    isTimed: true,
    events: [event('Ev', { event_id: 'Ev', type: 'event_callback' })],
  },
  'facebook-pages.page-webhook': {
    body: { entry: [{ id: '1', time: 5, changes: [{ field: 'feed', value: 1 }] }] },
    sign: (body) => ({ 'x-hub-signature-256': `sha256=${hmac('s', body)}` }),
    events: [
      event(keyOfSigned({ page: '1', time: 5, field: 'feed', value: 1 }), {
        page: '1',
        time: 5,
        field: 'feed',
        value: 1,
      }),
    ],
  },
}

async function triggerOf(id: string) {
  const app = await apps.find((one) => one.id === id.split('.')[0])?.load()
  const connector = app?.connectors.find((one) => one.id === id)
  if (connector?.kind !== 'trigger') throw new Error(`there is no trigger ${id}`)
  const { source } = connector
  if (source.from === 'hook') return { verify: source.verify, reads: source }
  if (source.from !== 'webhook' || source.reads === undefined) throw new Error(`${id} is not called`)
  return { verify: source.endpoint({ secret: { $credential: 'x' } }).verify, reads: source.reads }
}

const callOf = (body: Json, headers: Record<string, string>, more: object = {}): HookCall<Record<string, unknown>> => ({
  input: {},
  method: 'POST',
  query: {},
  headers,
  body,
  ...more,
})

describe.each(Object.entries(MAKERS))('%s', (id, maker) => {
  const { body, bodyAt, sign: signs, secret = 's', isTimed = false } = maker
  const at = (time: number) => {
    const sent = bodyAt?.(time) ?? body
    const text = sent === null ? '' : JSON.stringify(sent)
    return { sent, text, headers: signs(text, time) }
  }

  it('believes what its maker signed, and starts its runs', async () => {
    const { verify, reads } = await triggerOf(id)
    const { sent, text, headers } = at(NOW)
    const request = { headers, rawBody: Buffer.from(text), url: URL_OF_CALL, method: 'POST' }
    const options = { ...verify, secrets: [secret] } as ProofOptions
    expect(verifySignature(options, request, NOW)).toMatchObject({ ok: true })
    expect(reads.events(callOf(sent, headers))).toEqual(maker.events)
  })

  it('refuses another secret, no proof, another body where that is signed, and what is old', async () => {
    const { verify } = await triggerOf(id)
    const { text, headers } = at(NOW)
    const check = (given: Partial<Parameters<typeof verifySignature>[1]>, with_ = secret, time = NOW) => {
      const request = { headers, rawBody: Buffer.from(text), url: URL_OF_CALL, method: 'POST', ...given }
      return verifySignature({ ...verify, secrets: [with_] } as ProofOptions, request, time).ok
    }
    expect(check({}, 'another')).toBe(false)
    expect(check({}, '')).toBe(false)
    expect(check({ headers: {}, rawBody: Buffer.from('{"a":2}') })).toBe(false)
    const isSigned = verify?.scheme !== 'header' && verify?.scheme !== 'in-body'
    if (isSigned) expect(check({ rawBody: Buffer.from(`${text} `) })).toBe(false)
    if (isTimed) expect(check({}, secret, NOW + 600_000)).toBe(false)
  })

  it.each<[string, Json]>([
    ['null', null],
    ['a text', 'x'],
    ['a number', 3],
    ['a list', [1, null, 'x']],
    ['another object', { entry: 1, events: {}, data: [], value: 'x', list_folder: null }],
    ['hostile names', JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":1}}')],
  ])('makes something, nothing or a refusal of %s', async (_words, sent) => {
    const { reads } = await triggerOf(id)
    let found: readonly { readonly data: Json }[] = []
    try {
      found = reads.events(callOf(sent, {}))
    } catch (error) {
      expect(error).toBeInstanceOf(Error)
    }
    expect(JSON.stringify(found).length).toBeLessThan(10_000)
    expect(({} as Record<string, unknown>).a).toBeUndefined()
  })
})

it.each<[string, object, object]>([
  ['dropbox.account-changed', { method: 'GET', query: { challenge: 'abc' } }, { status: 200, body: 'abc' }],
  ['slack.event-http', { body: { type: 'url_verification', challenge: 'abc' } }, { status: 200, body: 'abc' }],
  [
    'facebook-pages.page-webhook',
    { method: 'GET', query: { 'hub.mode': 'subscribe', 'hub.challenge': 'abc' } },
    { status: 200, body: 'abc' },
  ],
  ['notion.events', { body: { verification_token: 'secret_1' } }, { status: 200 }],
  ['microsoft-outlook.push', { query: { validationToken: 'a b' } }, { status: 200, body: 'a b' }],
  [
    'asana.resource-changed',
    { headers: { 'x-hook-secret': 'S' } },
    { status: 200, headers: { 'x-hook-secret': 'S' }, secret: 'S' },
  ],
])(
  '%s: a look whether the address is there is answered, and plain text where it is given back',
  async (id, asked, answer) => {
    const { reads } = await triggerOf(id)
    const found = reads.handshake?.(callOf(null, {}, asked))
    expect(found).toMatchObject(answer)
    // What came in an address is no page.
    if (typeof found?.body === 'string') expect(found.headers['content-type']).toBe('text/plain')
    expect(reads.handshake?.(callOf({ a: 1 }, {})) ?? null).toBeNull()
  },
)

/** How the body alone is signed, or is part of what is. */
const SIGNS_BODY: ReadonlySet<string> = new Set(['hmac', 'github', 'shopify', 'razorpay', 'meta'])
/** Headers in which services name a delivery, none of which is signed with these. */
const DELIVERIES = [
  'x-todoist-delivery-id',
  'x-wc-webhook-delivery-id',
  'x-shopify-webhook-id',
  'x-shopify-event-id',
  'x-razorpay-event-id',
  'linear-delivery',
  'x-github-delivery',
  'x-gitea-delivery',
  'x-atlassian-webhook-identifier',
  'x-request-id',
  'idempotency-key',
  'webhook-id',
]

it('a call that was listened in on is the same event under whatever id of a delivery it is sent again', async () => {
  const body = {
    id: '1',
    action: 'created',
    timestamp: 1,
    webhookTimestamp: 1,
    entry: [{ id: 'p', time: 1, changes: [{}] }],
  }
  const named = (word: string) => Object.fromEntries(DELIVERIES.map((name) => [name, word]))
  const tried = new Set<string>()
  for (const app of await Promise.all(apps.map((entry) => entry.load()))) {
    for (const connector of app.connectors) {
      if (connector.kind !== 'trigger') continue
      const { verify, reads } = await triggerOf(connector.id).catch(() => ({ verify: null, reads: null }))
      if (reads === null || !SIGNS_BODY.has(verify?.scheme ?? '')) continue
      const keysOf = (word: string) => {
        const headers = { ...named(word), 'x-github-event': 'push', 'x-gitea-event': 'push' }
        return reads.events(callOf(body, headers)).map(({ key }) => key)
      }
      expect(keysOf('another'), connector.id).toEqual(keysOf('one'))
      if (keysOf('one').some((key) => key !== null)) tried.add(connector.id)
    }
  }
  const known = [
    'facebook-pages.page-webhook',
    'gitea.repo-event',
    'github.push',
    'jira.issue-events',
    'linear.data-change',
    'razorpay.payment-event',
    'shopify.webhook',
    'todoist.item-events',
    'woocommerce.topic',
  ]
  expect([...tried]).toEqual(expect.arrayContaining(known))
})

it('two events of a service that signs the body are two, and another try to deliver one is not', async () => {
  const { reads } = await triggerOf('linear.data-change')
  const keyOf = (more: object) => reads.events(callOf({ action: 'create', createdAt: 'now', ...more }, {}))[0]?.key
  expect(keyOf({ webhookTimestamp: 1 })).toBe(keyOf({ webhookTimestamp: 2 }))
  expect(keyOf({ data: { id: 1 } })).not.toBe(keyOf({ data: { id: 2 } }))
})
