import { z } from 'zod'
import { isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, oauthAccount, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, longText, moment, number, text } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import { type Pages, readPages } from '../../service/pages.ts'
import { textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.calendly.com'

/** Things of Calendly are known by their addresses; the last part is good, too. */
const lastOf = (value: Json): Json => textOf(value).split('/').filter(Boolean).at(-1) ?? value
const event = text('Event', { placeholder: '{{ event.uri }}', help: 'Its address (uri).', send: lastOf })
const kind = text('Kind of event', {
  placeholder: 'https://api.calendly.com/event_types/…',
  help: 'Its address (uri).',
  from: { list: 'kinds' },
})
const limit = number('At most', { min: 1, max: 1_000, optional: true, advanced: true, help: '100 when empty.' })

const pages: Pages = {
  items: 'collection',
  size: { as: 'count', most: 100 },
  next: { by: 'cursor', at: 'pagination.next_page_token', as: 'page_token' },
}
const stored = {
  uri: 'https://api.calendly.com/scheduled_events/GBGBDCAADAEDCRZ2',
  name: '30 minutes',
  status: 'active',
  start_time: '2026-12-01T09:00:00.000000Z',
  end_time: '2026-12-01T09:30:00.000000Z',
  location: { type: 'zoom', join_url: 'https://zoom.us/j/1' },
}
const invitee = {
  uri: `${stored.uri}/invitees/AAAA`,
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  timezone: 'Europe/London',
  questions_and_answers: [],
}

const meSchema = z.object({ resource: z.object({ uri: z.string(), current_organization: z.string() }) })
const myself = async (http: AppClient) => (await http({ path: 'users/me' })).as(meSchema).resource
const test = whoIs({ address: ADDRESS, path: 'users/me', name: ['resource.name', 'resource.email'] })

/** Calendly (https://developer.calendly.com/api-docs). */
export const calendly = defineApp({
  id: 'calendly',
  title: 'Calendly',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'calendly',
      title: 'Calendly token',
      secret: { title: 'Personal access token' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Generate a token',
          text: 'Integrations & apps → API and webhooks.',
          link: { title: 'API', url: 'https://calendly.com/integrations/api_webhooks' },
        },
        { title: 'Paste it here' },
      ),
      signIn: bearer(),
      test,
    }),
    oauthAccount({
      id: 'calendly.oauth',
      title: 'Calendly sign-in',
      authorizeUrl: 'https://auth.calendly.com/oauth/authorize',
      tokenUrl: 'https://auth.calendly.com/oauth/token',
      scopes: [],
      more: { secretInHeader: true },
      help: howTo(
        'A client id in two steps',
        {
          title: 'Create an app',
          text: 'With this redirect address.',
          showsRedirect: true,
          link: { title: 'Developer account', url: 'https://developer.calendly.com/console/apps' },
        },
        { title: 'Paste client id and secret here' },
      ),
      test,
    }),
  ],
  answers: {
    says: ['details[0].message', 'message', 'title'],
    waits: (_body, headers) => {
      const seconds = Number(headers['x-ratelimit-reset'])
      return headers['x-ratelimit-remaining'] === '0' && seconds > 0 ? seconds * 1_000 : undefined
    },
  },
  lists: {
    async kinds({ http }) {
      const { items } = await readPages(
        http,
        { path: 'event_types', query: { user: (await myself(http)).uri } },
        pages,
        500,
      )
      return {
        options: items.map((one) => ({
          value: textAt(one, 'uri'),
          label: textAt(one, 'name'),
        })),
        next: null,
      }
    },
  },
  triggers: [
    hookTrigger({
      name: 'invitee',
      title: 'Calendly is booked',
      description: 'Starts at once when a person books a time, or cancels it. Calendly has this in paid plans.',
      keywords: ['webhook', 'meeting', 'appointment', 'booked', 'cancelled'],
      fields: {
        when: choice('When a person', {
          'invitee.created': 'Books',
          'invitee.canceled': 'Cancels',
          'invitee.created,invitee.canceled': 'Books or cancels',
        }),
      },
      // It signs as Stripe does, in a header of its own.
      verify: { scheme: 'calendly' },
      before: 'GET /users/me',
      subscribe: 'POST /webhook_subscriptions',
      body: ({ url, secret }, { when }, me) => ({
        url,
        events: textOf(when ?? '').split(','),
        organization: valueAt(me, readPath('resource.current_organization')) ?? '',
        user: valueAt(me, readPath('resource.uri')) ?? '',
        scope: 'user',
        signing_key: secret,
      }),
      id: (answer) => lastOf(valueAt(answer, readPath('resource.uri')) ?? ''),
      unsubscribe: 'DELETE /webhook_subscriptions/{id}',
      events: ({ body }) => {
        const key = valueAt(body, readPath('payload.uri')) ?? null
        return isJsonObject(body) && isJsonObject(body.payload ?? null)
          ? [
              {
                key: key === null ? null : `${textOf(body.event ?? '')} ${textOf(key)}`,
                data: { event: body.event ?? '', ...Object(body.payload) },
              },
            ]
          : []
      },
      sample: { event: 'invitee.created', ...invitee, scheduled_event: stored },
    }),
    newItemTrigger({
      name: 'new-event',
      title: 'New event in Calendly',
      description: 'Starts for each time that is booked; Hookline asks for them now and then.',
      keywords: ['meeting', 'appointment', 'booked'],
      fields: {},
      key: 'uri',
      sample: stored,
      async list({ http, now }) {
        const query = {
          user: (await myself(http)).uri,
          status: 'active',
          min_start_time: new Date(now).toISOString(),
          sort: 'start_time:asc',
        }
        return (await readPages(http, { path: 'scheduled_events', query }, pages, 500)).items
      },
    }),
  ],
  actions: [
    operation({
      name: 'list-events',
      title: 'List events of Calendly',
      description: 'Reads what was booked.',
      keywords: ['meetings', 'appointments', 'get many'],
      effect: 'none',
      fields: {
        from: moment('From', { form: 'iso', optional: true }),
        to: moment('To', { form: 'iso', optional: true }),
        status: choice('State', { active: 'Booked', canceled: 'Cancelled' }, { optional: true }),
        email: text('Booked by', { optional: true, advanced: true, placeholder: 'ada@example.com' }),
        limit,
      },
      sample: { items: [stored], count: 1, hasMore: false },
      async run({ http, input }) {
        const at = (given: Json | undefined, title: string) =>
          given === undefined ? undefined : textOf(moment(title, { form: 'iso' }).send?.(given) ?? '')
        const query = {
          user: (await myself(http)).uri,
          min_start_time: at(input.from, 'From'),
          max_start_time: at(input.to, 'To'),
          ...(input.status !== undefined && { status: textOf(input.status) }),
          ...(input.email !== undefined && { invitee_email: textOf(input.email) }),
          sort: 'start_time:asc',
        }
        const { items, hasMore } = await readPages(
          http,
          { path: 'scheduled_events', query },
          pages,
          Number(input.limit ?? 100),
        )
        return { items, count: items.length, hasMore }
      },
    }),
    operation({
      name: 'list-invitees',
      title: 'List who booked an event of Calendly',
      description: 'Reads the persons of an event, with their answers.',
      keywords: ['meeting', 'attendees', 'participants'],
      request: 'GET /scheduled_events/{event}/invitees',
      fields: { event },
      pages,
      sample: { items: [invitee], count: 1, hasMore: false },
    }),
    operation({
      name: 'list-event-types',
      title: 'List the kinds of event of Calendly',
      description: 'Reads the kinds of event that can be booked.',
      keywords: ['meeting', 'get many', 'link'],
      effect: 'none',
      fields: { limit },
      sample: {
        items: [
          {
            uri: 'https://api.calendly.com/event_types/AAAA',
            name: '30 minutes',
            scheduling_url: 'https://calendly.com/ada/30min',
            duration: 30,
          },
        ],
        count: 1,
      },
      run: async ({ http, input }) =>
        (
          await readPages(
            http,
            { path: 'event_types', query: { user: (await myself(http)).uri } },
            pages,
            Number(input.limit ?? 100),
          )
        ).items,
    }),
    operation({
      name: 'available-times',
      title: 'List free times of Calendly',
      description: 'Reads the times at which a kind of event can be booked, for seven days at most.',
      keywords: ['slots', 'availability', 'free'],
      request: 'GET /event_type_available_times',
      fields: {
        kind: { ...kind, as: 'event_type' },
        from: moment('From', { form: 'iso', as: 'start_time' }),
        to: moment('To', { form: 'iso', as: 'end_time' }),
      },
      result: 'collection',
      sample: {
        items: [
          {
            start_time: '2026-12-01T09:00:00Z',
            status: 'available',
            scheduling_url: 'https://calendly.com/ada/30min/2026-12-01T09:00:00Z',
          },
        ],
        count: 1,
      },
    }),
    operation({
      name: 'single-use-link',
      title: 'Make a link of Calendly for one booking',
      description: 'Makes an address at which one person can book once.',
      keywords: ['invite', 'schedule', 'url'],
      request: 'POST /scheduling_links',
      fields: { kind: { ...kind, as: 'owner' } },
      body: { max_event_count: 1, owner_type: 'EventType' },
      result: 'resource',
      sample: { booking_url: 'https://calendly.com/d/abcd-brv8/30-minutes', owner_type: 'EventType' },
    }),
    operation({
      name: 'cancel-event',
      title: 'Cancel an event of Calendly',
      description: 'Cancels what was booked; Calendly tells the persons.',
      keywords: ['meeting', 'appointment', 'delete'],
      request: 'POST /scheduled_events/{event}/cancellation',
      fields: { event, reason: longText('Reason', { optional: true, most: 10_000 }) },
      result: 'resource',
      sample: { canceled_by: 'Ada', reason: 'I am ill.' },
    }),
  ],
})
