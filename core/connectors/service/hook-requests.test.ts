import { expect, it } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { apps } from '../apps.ts'
import { lineOf, type Sent, sentByTrigger } from './test-judge.ts'

const url = 'https://hooks.example/hooks/x'
const now = Date.parse('2026-11-30T09:00:00Z')
const account = (type: string, fields: Record<string, string> = {}) => ({
  type,
  secret: JSON.stringify({ token: 'T', ...fields }),
})

type Case = {
  readonly account: { type: string; secret: string }
  readonly input: Record<string, Json>
  readonly answer: Json | ((sent: Sent) => Json)
  readonly sent: readonly (readonly unknown[])[]
  /** What is kept of the service's answer. */
  readonly subscribed: Record<string, unknown>
}

/** What services are told, and told to forget, as their makers document it. */
const CASES: Readonly<Record<string, Case>> = {
  'mailgun.mail-event': {
    account: account('mailgun', { part: 'eu', signingKey: 'K' }),
    input: { domain: 'd.example', event: 'opened' },
    answer: {},
    sent: [
      ['POST /v3/domains/d.example/webhooks', { id: 'opened', url }],
      ['DELETE /v3/domains/d.example/webhooks/opened'],
    ],
    subscribed: { subscription: { id: 'webhook' }, secret: 'K' },
  },
  'sendgrid.mail-event': {
    account: account('sendgrid'),
    input: { events: 'bounce' },
    answer: ({ path }) => (path.includes('/signed/') ? { id: 's1', public_key: 'PK' } : { id: 's1' }),
    sent: [
      [
        'POST /v3/user/webhooks/event/settings',
        expect.objectContaining({ enabled: true, url, bounce: true, open: false, delivered: false }),
      ],
      ['PATCH /v3/user/webhooks/event/settings/signed/s1', { enabled: true }],
      ['DELETE /v3/user/webhooks/event/settings/s1'],
    ],
    subscribed: { subscription: { id: 's1' }, secret: 'PK' },
  },
  'zendesk.ticket-event': {
    account: account('zendesk', { server: 'https://acme.zendesk.com', email: 'a@b.c' }),
    input: { event: 'ticket.comment_added' },
    answer: ({ path }) =>
      path.endsWith('/signing_secret') ? { signing_secret: { secret: 'ZS' } } : { webhook: { id: 'w1' } },
    sent: [
      [
        'POST /api/v2/webhooks',
        {
          webhook: {
            name: 'Hookline',
            endpoint: url,
            http_method: 'POST',
            request_format: 'json',
            status: 'active',
            subscriptions: ['zen:event-type:ticket.comment_added'],
          },
        },
      ],
      ['GET /api/v2/webhooks/w1/signing_secret'],
      ['DELETE /api/v2/webhooks/w1'],
    ],
    subscribed: { subscription: { id: 'w1' }, secret: 'ZS' },
  },
  'pagerduty.incident-event': {
    account: account('pagerduty'),
    input: { service: 'P1', events: 'incident.triggered' },
    answer: { webhook_subscription: { id: 'p1', delivery_method: { secret: 'PS' } } },
    sent: [
      [
        'POST /webhook_subscriptions',
        {
          webhook_subscription: {
            type: 'webhook_subscription',
            delivery_method: { type: 'http_delivery_method', url },
            description: 'Hookline',
            events: ['incident.triggered'],
            filter: { type: 'service_reference', id: 'P1' },
          },
        },
      ],
      ['DELETE /webhook_subscriptions/p1'],
    ],
    subscribed: { subscription: { id: 'p1' }, secret: 'PS' },
  },
  'asana.resource-changed': {
    account: account('asana'),
    input: { project: '12', what: 'task' },
    answer: { data: { gid: '77' } },
    sent: [
      ['POST /api/1.0/webhooks', { data: { resource: '12', target: url, filters: [{ resource_type: 'task' }] } }],
      ['DELETE /api/1.0/webhooks/77'],
    ],
    subscribed: { subscription: { id: '77' } },
  },
  'mattermost.outgoing-webhook': {
    account: account('mattermost', { server: 'https://chat.example' }),
    input: { team: 't', channel: 'c', words: '!go' },
    answer: { id: 'm1', token: 'MT' },
    sent: [
      [
        'POST /api/v4/hooks/outgoing',
        {
          team_id: 't',
          channel_id: 'c',
          display_name: 'Hookline',
          callback_urls: [url],
          content_type: 'application/json',
          trigger_words: ['!go'],
          trigger_when: 1,
        },
      ],
      ['DELETE /api/v4/hooks/outgoing/m1'],
    ],
    subscribed: { subscription: { id: 'm1' }, secret: 'MT' },
  },
  'nextcloud.event': {
    account: account('nextcloud', { server: 'https://cloud.example', user: 'ada' }),
    input: {},
    answer: { ocs: { data: { id: 3 } } },
    sent: [
      [
        'POST /ocs/v2.php/apps/webhook_listeners/api/v1/webhooks?format=json',
        {
          httpMethod: 'POST',
          uri: url,
          event: 'OCP\\Files\\Events\\Node\\NodeCreatedEvent',
          headers: { 'X-Hookline-Secret': 'sh' },
        },
      ],
      ['DELETE /ocs/v2.php/apps/webhook_listeners/api/v1/webhooks/3?format=json'],
    ],
    subscribed: { subscription: { id: 3 } },
  },
  'telegram.update-webhook': {
    account: account('telegram', { token: '1:A' }),
    input: { kinds: 'message' },
    answer: { ok: true, result: true },
    sent: [
      ['POST /bot1:A/setWebhook', { url, secret_token: 'sh', allowed_updates: ['message'] }],
      ['POST /bot1:A/deleteWebhook'],
    ],
    subscribed: { subscription: { id: 'webhook' } },
  },
  'airtable.base-changed': {
    account: account('airtable'),
    input: { base: 'app1' },
    answer: { id: 'ach1', macSecretBase64: 'bWFj', expirationTime: '2026-12-07T09:00:00.000Z' },
    sent: [
      [
        'POST /v0/bases/app1/webhooks',
        { notificationUrl: url, specification: { options: { filters: { dataTypes: ['tableData'] } } } },
      ],
      ['DELETE /v0/bases/app1/webhooks/ach1'],
    ],
    subscribed: { subscription: { id: 'ach1' }, secret: 'bWFj', expiresAt: Date.parse('2026-12-07T09:00:00Z') },
  },
  'google-calendar.push': {
    account: { type: 'google', secret: JSON.stringify({ clientId: 'a', clientSecret: 'b', accessToken: 'AT' }) },
    input: { calendar: 'primary' },
    answer: { resourceId: 'R', expiration: String(now + 604_800_000) },
    sent: [
      [
        'POST /calendar/v3/calendars/primary/events/watch',
        { id: `x-${now.toString(36)}`, type: 'web_hook', address: url, token: 'sh' },
      ],
      ['POST /calendar/v3/channels/stop', { id: `x-${now.toString(36)}`, resourceId: 'R' }],
    ],
    subscribed: {
      subscription: { id: `x-${now.toString(36)}`, resourceId: 'R' },
      expiresAt: now + 604_800_000,
    },
  },
  'google-drive.push': {
    account: { type: 'google', secret: JSON.stringify({ clientId: 'a', clientSecret: 'b', accessToken: 'AT' }) },
    input: {},
    answer: { startPageToken: '5', resourceId: 'R' },
    sent: [
      ['GET /drive/v3/changes/startPageToken'],
      [
        'POST /drive/v3/changes/watch?pageToken=5',
        { id: `x-${now.toString(36)}`, type: 'web_hook', address: url, token: 'sh' },
      ],
      ['POST /drive/v3/channels/stop', { id: `x-${now.toString(36)}`, resourceId: 'R' }],
    ],
    subscribed: { subscription: { id: `x-${now.toString(36)}`, resourceId: 'R' } },
  },
  'microsoft-outlook.push': {
    account: { type: 'microsoft', secret: JSON.stringify({ clientId: 'a', accessToken: 'AT' }) },
    input: { folder: 'inbox' },
    answer: { id: 'g1' },
    sent: [
      [
        'POST /v1.0/subscriptions',
        {
          changeType: 'created',
          notificationUrl: url,
          resource: "me/mailFolders('inbox')/messages",
          expirationDateTime: '2026-12-02T09:00:00.000Z',
          clientState: 'sh',
        },
      ],
      ['DELETE /v1.0/subscriptions/g1'],
    ],
    subscribed: { subscription: 'g1', expiresAt: now + 48 * 3_600_000 },
  },
}

it.each(Object.entries(CASES))('%s is told where to call, and to stop', async (id, expected) => {
  const [family = '', name = ''] = id.split('.')
  const app = await apps.find((one) => one.id === family)?.load()
  if (app === undefined) throw new Error(`there is no app ${family}`)
  const { answer } = expected
  const answers = (sent: Sent): Json => (typeof answer === 'function' ? answer(sent) : answer)
  const { sent, subscribed } = await sentByTrigger(app, name, expected.input, {
    answers,
    account: expected.account,
    doing: 'subscribe',
  })
  expect(sent.map(lineOf)).toEqual(expected.sent)
  expect(subscribed).toEqual(expected.subscribed)
})

it('without what proves its calls a service is told nothing', async () => {
  const app = await apps.find(({ id }) => id === 'mailgun')?.load()
  if (app === undefined) throw new Error('there is no Mailgun')
  const asked: Sent[] = []
  const answers = (sent: Sent): Json => {
    asked.push(sent)
    return {}
  }
  const without = account('mailgun', { part: 'eu' })
  await expect(
    sentByTrigger(app, 'mail-event', { domain: 'd.example' }, { answers, account: without, doing: 'subscribe' }),
  ).rejects.toMatchObject({ details: { code: 'bad-credential', message: expect.stringContaining('signing key') } })
  expect(asked).toEqual([])
})
