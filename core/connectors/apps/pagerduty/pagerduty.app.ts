import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, textOf } from '../../../domain/values/json.ts'
import type { CredentialType } from '../../credential.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import {
  clientHelp,
  howTo,
  oauthAccount,
  serverAt,
  serverField,
  serverOf,
  tokenAccount,
} from '../../service/accounts.ts'
import { choice, json, longText, moment, text, texts } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { objectAt, textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const USUAL = 'https://api.pagerduty.com'
const HEADERS = { accept: 'application/vnd.pagerduty+json;version=2' }
const address = serverAt('', USUAL)

const incident = text('Incident', { placeholder: 'PT4KHLK', help: 'Its id.' })
const by = text('By', {
  as: 'From',
  at: 'header',
  placeholder: 'ada@example.com',
  help: 'The e-mail address of a user there.',
})
const pagesOf = (items: string): Pages => ({
  items,
  size: { as: 'limit', most: 100 },
  end: { at: 'more', is: false },
  next: { by: 'offset', as: 'offset' },
})
const stored = {
  id: 'PT4KHLK',
  incident_number: 1234,
  title: 'The server is on fire',
  status: 'triggered',
  urgency: 'high',
  html_url: 'https://acme.pagerduty.com/incidents/PT4KHLK',
  created_at: '2026-11-30T09:00:00Z',
}

/** What PagerDuty tells of an incident. */
const INCIDENT_EVENTS = [
  'incident.triggered',
  'incident.acknowledged',
  'incident.unacknowledged',
  'incident.resolved',
  'incident.reopened',
  'incident.escalated',
  'incident.reassigned',
  'incident.delegated',
  'incident.priority_updated',
  'incident.annotated',
]

/** Whose an account is. A key of the whole account is no user. */
const test: NonNullable<CredentialType['test']> = async ({ fields, at }) => {
  const client = at(address(fields))
  try {
    return (
      textOf(valueAt((await client({ path: 'users/me', headers: HEADERS })).body, readPath('user.name')) ?? '') || null
    )
  } catch (error) {
    if (!(error instanceof StepError) || error.details.code !== 'http-400') throw error
    await client({ path: 'abilities', headers: HEADERS })
    return null
  }
}

/** PagerDuty (https://developer.pagerduty.com/api-reference). */
export const pagerduty = defineApp({
  id: 'pagerduty',
  title: 'PagerDuty',
  icon,
  hue,
  address: { ofAccount: address, known: [USUAL, 'https://api.eu.pagerduty.com'] },
  alsoAt: ['https://events.pagerduty.com', 'https://events.eu.pagerduty.com'],
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'pagerduty',
      title: 'PagerDuty key',
      fields: [serverField('https://api.eu.pagerduty.com', { help: 'Of accounts in Europe;', usual: USUAL })],
      secret: { title: 'REST API key' },
      help: howTo(
        'A key in two steps',
        {
          title: 'Create an API key',
          text: 'Integrations → API access keys; or My profile → User settings → API access.',
        },
        { title: 'Paste it here' },
      ),
      signIn: (key) => ({ headers: { authorization: `Token token=${key}` } }),
      test,
    }),
    oauthAccount({
      id: 'pagerduty.oauth',
      title: 'PagerDuty sign-in',
      authorizeUrl: 'https://app.pagerduty.com/oauth/authorize',
      tokenUrl: 'https://app.pagerduty.com/oauth/token',
      scopes: ['write'],
      isAtFixedAddress: true,
      fields: [serverField('https://api.eu.pagerduty.com', { help: 'Of accounts in Europe;', usual: USUAL })],
      help: clientHelp(
        { title: 'PagerDuty → Integrations → App registration' },
        'OAuth 2.0 with classic user OAuth; read and write.',
      ),
      test,
    }),
  ],
  answers: {
    says: ['error.errors[0]', 'error.message', 'errors[0]', 'message'],
    waits: (_body, headers) => {
      const seconds = Number(headers['ratelimit-reset'])
      return headers['ratelimit-remaining'] === '0' && seconds > 0 ? seconds * 1_000 : undefined
    },
  },
  lists: {
    services: listOf({
      request: 'GET /services',
      headers: HEADERS,
      pages: pagesOf('services'),
      value: 'id',
      label: 'name',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-incident',
      title: 'New incident in PagerDuty',
      description: 'Starts for each incident.',
      keywords: ['alert', 'on call', 'outage'],
      every: '1m',
      request: 'GET /incidents?sort_by=created_at:desc',
      headers: HEADERS,
      fields: {
        service: text('Service', {
          as: 'service_ids[]',
          optional: true,
          help: 'All of them when empty.',
          from: { list: 'services' },
        }),
      },
      pages: pagesOf('incidents'),
      key: 'id',
      sample: stored,
    }),
    hookTrigger({
      name: 'incident-event',
      title: 'PagerDuty tells of an incident',
      description: 'Starts at once when an incident is triggered, acknowledged, resolved or changed.',
      keywords: ['webhook', 'alert', 'on-call'],
      fields: {
        service: text('Service', {
          optional: true,
          help: 'All of the account when empty.',
          from: { list: 'services' },
        }),
        events: texts('When', {
          optional: true,
          placeholder: 'incident.triggered',
          help: `All when empty. One a line: ${INCIDENT_EVENTS.join(', ')}.`,
        }),
      },
      headers: HEADERS,
      verify: { scheme: 'hmac', header: 'X-PagerDuty-Signature', prefix: 'v1=' },
      subscribe: 'POST /webhook_subscriptions',
      body: ({ url }, { service, events: wanted = null }) => ({
        webhook_subscription: {
          type: 'webhook_subscription',
          delivery_method: { type: 'http_delivery_method', url },
          description: 'Hookline',
          events: isJsonList(wanted) && wanted.length > 0 ? wanted : INCIDENT_EVENTS,
          filter: service === undefined ? { type: 'account_reference' } : { type: 'service_reference', id: service },
        },
      }),
      id: 'webhook_subscription.id',
      secret: { in: 'answer', at: 'webhook_subscription.delivery_method.secret' },
      unsubscribe: 'DELETE /webhook_subscriptions/{id}',
      events: ({ body }) => {
        const told = objectAt(body, 'event')
        // The call by which PagerDuty tries the address out is no incident.
        return told.event_type === 'pagey.ping' ? [] : [{ key: textAt(told, 'id') || null, data: told }]
      },
      sample: {
        id: '5ac64822-4adc-4fda-ade0-410becf0de4f',
        event_type: 'incident.triggered',
        occurred_at: '2026-11-30T09:00:00Z',
        data: { id: 'PGR0VU2', type: 'incident', title: 'A little bump in the road', status: 'triggered' },
      },
    }),
  ],
  actions: [
    operation({
      name: 'send-event',
      title: 'Alert with PagerDuty',
      description: 'Raises an alert, confirms it or ends it. One with the same key is the same alert.',
      keywords: ['page', 'on call', 'trigger', 'resolve', 'outage'],
      summary: '{summary}',
      effect: 'keyed',
      fields: {
        key: text('Integration key', { placeholder: '32 characters', help: 'Service → Integrations → Events API v2.' }),
        action: choice('What', { trigger: 'Raise an alert', acknowledge: 'Confirm it', resolve: 'End it' }),
        summary: text('Summary', { optional: true, most: 1_024 }),
        source: text('From', { optional: true, placeholder: 'server1' }),
        severity: choice('Severity', { critical: 'Critical', error: 'Error', warning: 'Warning', info: 'Information' }),
        dedup: text('Key of the alert', {
          optional: true,
          help: 'By which it is found again; its own for each run when empty.',
        }),
        details: json('Details', { optional: true, advanced: true, placeholder: '{"disk":"98 %"}' }),
      },
      sample: { status: 'success', message: 'Event processed', dedup_key: 'backup' },
      async run({ http, input, idempotencyKey, account }) {
        const { action = 'trigger', summary, source, severity, dedup, details, key = '' } = input
        const host = serverOf(await account(), '', USUAL).includes('.eu.')
          ? 'https://events.eu.pagerduty.com'
          : 'https://events.pagerduty.com'
        const body = {
          routing_key: key,
          event_action: action,
          dedup_key: dedup ?? idempotencyKey,
          ...(action === 'trigger' && {
            payload: {
              summary: summary ?? '',
              source: source ?? 'Hookline',
              severity: severity ?? 'critical',
              ...(details !== undefined && { custom_details: details }),
            },
          }),
        }
        return (await http({ method: 'POST', path: `${host}/v2/enqueue`, body })).body
      },
    }),
    operation({
      name: 'create-incident',
      title: 'Create an incident in PagerDuty',
      description: 'Opens an incident at a service. One with the same key is not opened twice while it is open.',
      keywords: ['alert', 'on call', 'outage'],
      summary: '{title}',
      effect: 'keyed',
      fields: {
        title: text('Title'),
        service: text('Service', { from: { list: 'services' } }),
        text: longText('Details', { optional: true }),
        urgency: choice('Urgency', { high: 'High', low: 'Low' }, { optional: true }),
        key: text('Key', { optional: true, advanced: true, help: 'Its own for each run when empty.' }),
        by: text('By', { placeholder: 'ada@example.com', help: 'The e-mail address of a user there.' }),
      },
      sample: stored,
      async run({ http, input, idempotencyKey }) {
        const { title = '', service = '', text: details, urgency, key, by: from } = input
        const body = {
          incident: {
            type: 'incident',
            title,
            service: { id: service, type: 'service_reference' },
            ...(urgency !== undefined && { urgency }),
            ...(details !== undefined && { body: { type: 'incident_body', details } }),
            incident_key: key ?? idempotencyKey,
          },
        }
        const headers = { ...HEADERS, from: textOf(from ?? '') }
        return (
          valueAt((await http({ method: 'POST', path: 'incidents', headers, body })).body, readPath('incident')) ?? {}
        )
      },
    }),
    operation({
      name: 'update-incident',
      title: 'Confirm or end an incident in PagerDuty',
      description: 'Says that an incident is looked at, or over.',
      keywords: ['alert', 'on call', 'acknowledge', 'resolve'],
      request: 'PUT /incidents/{incident}',
      headers: HEADERS,
      fields: {
        incident,
        status: choice('It is', { acknowledged: 'Looked at', resolved: 'Over' }, { as: 'incident.status' }),
        by,
      },
      body: (body) => ({ incident: { type: 'incident_reference', ...Object(Object(body).incident) } }),
      result: 'incident',
      sample: { ...stored, status: 'resolved' },
    }),
    operation({
      name: 'list-incidents',
      title: 'List incidents of PagerDuty',
      description: 'Reads incidents, the newest first.',
      keywords: ['alerts', 'on call', 'get many'],
      request: 'GET /incidents?sort_by=created_at:desc',
      headers: HEADERS,
      fields: {
        status: choice(
          'That are',
          { triggered: 'Raised', acknowledged: 'Looked at', resolved: 'Over' },
          { as: 'statuses[]', optional: true },
        ),
        service: text('At the service', { as: 'service_ids[]', optional: true, from: { list: 'services' } }),
        since: moment('Since', { form: 'iso', optional: true, advanced: true }),
        until: moment('Until', { form: 'iso', optional: true, advanced: true }),
      },
      pages: pagesOf('incidents'),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'add-note',
      title: 'Write a note at an incident in PagerDuty',
      description: 'Writes a note at an incident.',
      keywords: ['alert', 'on call', 'comment'],
      request: 'POST /incidents/{incident}/notes',
      headers: HEADERS,
      fields: { incident, text: longText('Text', { as: 'note.content' }), by },
      result: 'note',
      sample: { id: 'PWL7QXS', content: 'It is the fan.' },
    }),
  ],
})
