import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, oauthAccount, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, json, longText, moment, pairs, text, texts } from '../../service/fields.ts'
import { handTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { itemsAt, keyOfParts, textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.hubapi.com'
const KINDS = { contacts: 'Contacts', companies: 'Companies', deals: 'Deals', tickets: 'Tickets', products: 'Products' }

const kind = text('Kind of record', {
  placeholder: 'contacts',
  help: 'contacts, companies, deals, tickets, products, or the id of a kind of your own.',
  from: { list: 'kinds' },
})
const record = text('Record', { placeholder: '{{ contact.id }}', help: 'Its id, or what the field below names.' })
const by = text('Found by', {
  as: 'idProperty',
  optional: true,
  advanced: true,
  at: 'query',
  placeholder: 'email',
  help: 'A property whose values are unique; the id when empty.',
})
const properties = pairs('Properties', {
  help: 'By their internal names, such as firstname or dealstage.',
  send: (value) => asTexts(value),
})
const only = texts('Properties to read', {
  as: 'properties',
  optional: true,
  advanced: true,
  help: 'Internal names, one a line; the usual ones when empty.',
  send: (value) => (isJsonList(value) ? value.join(',') : value),
})

/** All values are texts at HubSpot. */
function asTexts(value: Json): Json {
  return isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, one]) => [
          name,
          isJsonList(one) ? one.map(textOf).join(';') : one === null ? '' : textOf(one),
        ]),
      )
    : value
}

const stored = {
  id: '512',
  properties: {
    email: 'ada@example.com',
    firstname: 'Ada',
    lastname: 'Lovelace',
    createdate: '2026-11-30T09:00:00.000Z',
  },
  createdAt: '2026-11-30T09:00:00.000Z',
  updatedAt: '2026-11-30T09:00:00.000Z',
  archived: false,
}
const pages: Pages = {
  items: 'results',
  size: { as: 'limit', most: 100 },
  next: { by: 'cursor', at: 'paging.next.after', as: 'after' },
}
const found: Pages = { ...pages, size: { as: 'limit', most: 200 }, inBody: true }

/** Kinds of activity, with the property that holds their words and the type of the link to a contact, a company and a deal (https://developers.hubspot.com/docs/guides/api/crm/associations/associations-v4, "Association type ID values"). */
const ACTIVITIES: Readonly<Record<string, { readonly text: string; readonly to: Readonly<Record<string, number>> }>> = {
  notes: { text: 'hs_note_body', to: { contact: 202, company: 190, deal: 214 } },
  tasks: { text: 'hs_task_body', to: { contact: 204, company: 192, deal: 216 } },
  calls: { text: 'hs_call_body', to: { contact: 194, company: 182, deal: 206 } },
  emails: { text: 'hs_email_text', to: { contact: 198, company: 186, deal: 210 } },
  meetings: { text: 'hs_meeting_body', to: { contact: 200, company: 188, deal: 212 } },
}
const TITLES: Readonly<Record<string, string>> = {
  tasks: 'hs_task_subject',
  calls: 'hs_call_title',
  emails: 'hs_email_subject',
  meetings: 'hs_meeting_title',
}

/** Contacts alone have another name for the time of their last change. */
const changedAt = (of: Json | undefined): string =>
  /^(?:contacts|0-1)$/.test(textOf(of ?? '')) ? 'lastmodifieddate' : 'hs_lastmodifieddate'

const when = moment('When', { form: 'iso', optional: true, advanced: true, help: 'Now when empty.' })
const newest = (property: string) => ({ sorts: [{ propertyName: property, direction: 'DESCENDING' }] })
const test = whoIs({ address: ADDRESS, path: 'account-info/v3/details', name: ['uiDomain', 'portalId'] })

/** HubSpot's CRM (https://developers.hubspot.com/docs/api-reference/overview). */
export const hubspot = defineApp({
  id: 'hubspot',
  title: 'HubSpot',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'hubspot',
      title: 'HubSpot private app',
      secret: { title: 'Access token', placeholder: 'pat-na1-…' },
      help: howTo(
        'A token in three steps',
        {
          title: 'Create a private app',
          text: 'Settings → Integrations → Private apps.',
          link: { title: 'Private apps', url: 'https://app.hubspot.com/private-apps' },
        },
        {
          title: 'Give it scopes',
          text: 'crm.objects.contacts, companies, deals and owners: read and write; tickets.',
        },
        { title: 'Paste its access token here' },
      ),
      signIn: bearer(),
      test,
    }),
    oauthAccount({
      id: 'hubspot.oauth',
      title: 'HubSpot sign-in',
      authorizeUrl: 'https://app.hubspot.com/oauth/authorize',
      tokenUrl: `${ADDRESS}/oauth/v1/token`,
      scopes: [
        'oauth',
        'crm.objects.contacts.read',
        'crm.objects.contacts.write',
        'crm.objects.companies.read',
        'crm.objects.companies.write',
        'crm.objects.deals.read',
        'crm.objects.deals.write',
        'crm.objects.owners.read',
      ],
      more: { pkce: false },
      help: howTo(
        'A client id in three steps',
        {
          title: 'Create an app',
          link: { title: 'Developer account', url: 'https://developers.hubspot.com/get-started' },
        },
        {
          title: 'Enter its redirect address and scopes',
          text: 'On the tab Auth: this address, and the CRM scopes.',
          showsRedirect: true,
        },
        { title: 'Paste client id and secret here' },
      ),
      test,
    }),
  ],
  answers: {
    says: ['message'],
    // "Secondly" limits come as 429; a contact that is there as 409 with its id.
    refusal: (told) => {
      if (!isJsonObject(told) || !isJsonList(told.errors ?? null) || Number(told.numErrors ?? 0) === 0) return null
      const words = valueAt(told, readPath('errors[0].message'))
      return { says: textOf(words ?? 'Some of the records were refused.'), status: 422 }
    },
  },
  lists: {
    kinds: async () => ({ options: Object.entries(KINDS).map(([value, label]) => ({ value, label })), next: null }),
    owners: listOf({ request: 'GET /crm/v3/owners', pages, value: 'id', label: 'email' }),
  },
  triggers: [
    newItemTrigger({
      name: 'record-created',
      title: 'New record in HubSpot',
      description: 'Starts for each contact, company, deal or ticket that is created.',
      keywords: ['crm', 'contact', 'lead', 'deal'],
      summary: '{kind}',
      request: 'POST /crm/v3/objects/{kind}/search',
      fields: { kind, properties: { ...only, send: (value) => value } },
      body: (body) => ({ ...Object(body), ...newest('createdate') }),
      pages: found,
      most: 200,
      key: 'id',
      sample: stored,
    }),
    newItemTrigger({
      name: 'record-updated',
      title: 'New or changed record in HubSpot',
      description: 'Starts for each contact, company, deal or ticket that is created or changed.',
      keywords: ['crm', 'contact', 'lead', 'deal', 'edited'],
      summary: '{kind}',
      request: 'POST /crm/v3/objects/{kind}/search',
      fields: { kind, properties: { ...only, send: (value) => value } },
      body: (body, { kind: of }) => ({ ...Object(body), ...newest(changedAt(of)) }),
      pages: found,
      most: 200,
      key: keyOfParts('id', 'updatedAt'),
      sample: stored,
    }),
    handTrigger({
      name: 'crm-change',
      title: 'HubSpot tells of a record',
      description: 'Starts at once for each record that is created, changed or deleted.',
      keywords: ['webhook', 'contact', 'deal', 'company', 'at once'],
      where: 'in the settings of your app at HubSpot under Webhooks',
      verify: {
        scheme: 'hmac',
        header: 'X-HubSpot-Signature-v3',
        encoding: 'base64',
        signed: '{method}{url}{body}{ts}',
        timestampHeader: 'X-HubSpot-Request-Timestamp',
      },
      secret: 'The client secret of the app.',
      events: ({ body }) =>
        itemsAt(body, '').map((one) => ({
          key: ['eventId', 'subscriptionId', 'objectId', 'occurredAt'].map((part) => textAt(one, part)).join(' '),
          data: one,
        })),
      sample: {
        eventId: 531_833_541,
        subscriptionType: 'contact.propertyChange',
        objectId: 1_246_978,
        propertyName: 'lifecyclestage',
        propertyValue: 'subscriber',
        occurredAt: 1_796_029_200_000,
      },
    }),
  ],
  actions: [
    operation({
      name: 'upsert-contact',
      title: 'Create or change a contact in HubSpot',
      description: 'Changes the contact with an e-mail address, and creates one where there is none.',
      keywords: ['upsert', 'crm', 'lead', 'person'],
      summary: '{email}',
      request: 'POST /crm/v3/objects/contacts/batch/upsert',
      effect: 'keyed',
      fields: {
        email: text('E-mail', { at: 'nowhere', placeholder: 'ada@example.com' }),
        properties: { ...properties, at: 'nowhere' },
      },
      body: (_, { email, properties: given }) => ({
        inputs: [
          { id: email ?? '', idProperty: 'email', properties: { ...Object(asTexts(given ?? {})), email: email ?? '' } },
        ],
      }),
      result: 'results[0]',
      sample: { ...stored, new: true },
    }),
    operation({
      name: 'create-object',
      title: 'Create a record in HubSpot',
      description: 'Creates a contact, a company, a deal, a ticket or a record of a kind of your own.',
      keywords: ['crm', 'contact', 'company', 'deal', 'ticket', 'add'],
      request: 'POST /crm/v3/objects/{kind}',
      fields: {
        kind,
        properties,
        associations: json('Linked with', {
          optional: true,
          advanced: true,
          placeholder:
            '[{"to":{"id":"512"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":3}]}]',
        }),
      },
      sample: stored,
    }),
    operation({
      name: 'update-object',
      title: 'Change a record in HubSpot',
      description: 'Changes properties of a record.',
      keywords: ['crm', 'edit', 'contact', 'company', 'deal'],
      request: 'PATCH /crm/v3/objects/{kind}/{record}',
      effect: 'idempotent',
      fields: { kind, record, properties, by },
      sample: stored,
    }),
    operation({
      name: 'get-object',
      title: 'Get a record from HubSpot',
      description: 'Reads one record by its id, or by a property that is unique.',
      keywords: ['crm', 'read', 'contact', 'company', 'deal'],
      request: 'GET /crm/v3/objects/{kind}/{record}',
      fields: {
        kind,
        record,
        by,
        properties: only,
        associations: texts('With links to', {
          optional: true,
          advanced: true,
          placeholder: 'companies',
          send: (value) => (isJsonList(value) ? value.join(',') : value),
        }),
      },
      sample: stored,
    }),
    operation({
      name: 'search-objects',
      title: 'Find records in HubSpot',
      description: 'Finds records by their words or by conditions.',
      keywords: ['crm', 'search', 'contact', 'company', 'deal'],
      request: 'POST /crm/v3/objects/{kind}/search',
      effect: 'none',
      fields: {
        kind,
        query: text('Words', { optional: true }),
        property: text('Property', { optional: true, at: 'nowhere', placeholder: 'email' }),
        is: choice(
          'Condition',
          {
            EQ: 'Is',
            NEQ: 'Is not',
            CONTAINS_TOKEN: 'Has the word',
            GT: 'Is above',
            LT: 'Is below',
            HAS_PROPERTY: 'Is filled in',
          },
          { at: 'nowhere' },
        ),
        value: text('Value', { optional: true, at: 'nowhere' }),
        filters: json('Groups of filters', {
          as: 'filterGroups',
          optional: true,
          advanced: true,
          placeholder: '[{"filters":[{"propertyName":"email","operator":"EQ","value":"ada@example.com"}]}]',
        }),
        properties: { ...only, send: (value) => value },
      },
      body: (body, { property, is, value }) => {
        const own = Object(body)
        if (property === undefined || own.filterGroups !== undefined) return own
        const filter = {
          propertyName: property,
          operator: is ?? 'EQ',
          ...(is !== 'HAS_PROPERTY' && { value: textOf(value ?? '') }),
        }
        return { ...own, filterGroups: [{ filters: [filter] }] }
      },
      pages: found,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'list-objects',
      title: 'List records of HubSpot',
      description: 'Reads the records of a kind.',
      keywords: ['crm', 'get many', 'contact', 'company', 'deal'],
      request: 'GET /crm/v3/objects/{kind}',
      fields: { kind, properties: only },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'create-engagement',
      title: 'Write down an activity in HubSpot',
      description: 'Writes down a note, a task, a call, a mail or a meeting, at a contact, a company or a deal.',
      keywords: ['crm', 'note', 'task', 'call', 'meeting', 'log'],
      summary: '{text}',
      fields: {
        activity: choice('Activity', {
          notes: 'Note',
          tasks: 'Task',
          calls: 'Call',
          emails: 'E-mail',
          meetings: 'Meeting',
        }),
        title: text('Title', { optional: true }),
        text: longText('Text'),
        to: choice('At a', { contact: 'Contact', company: 'Company', deal: 'Deal' }),
        record: text('Record', { optional: true, help: 'Its id.' }),
        when,
        properties: {
          ...properties,
          schema: properties.schema
            .optional()
            .meta({ title: 'More properties', ui: { widget: 'key-value', advanced: true } }),
          at: 'nowhere',
        },
      },
      sample: { id: '777', properties: { hs_note_body: 'Called, is happy.' } },
      async run({ http, input, clock }) {
        const { activity = 'notes', title, text: words = '', to, record: id, properties: more } = input
        const kindOf = textOf(activity)
        const rule = ACTIVITIES[kindOf]
        const named = TITLES[kindOf]
        const type = rule?.to[textOf(to ?? '')]
        const at = input.when === undefined ? new Date(clock.now()).toISOString() : when.send?.(input.when)
        const body = {
          properties: {
            hs_timestamp: at ?? '',
            [rule?.text ?? 'hs_note_body']: words,
            ...(title !== undefined && named !== undefined && { [named]: title }),
            ...Object(asTexts(more ?? {})),
          },
          ...(id !== undefined &&
            type !== undefined && {
              associations: [
                {
                  to: { id: textOf(id) },
                  types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: type }],
                },
              ],
            }),
        }
        return (await http({ method: 'POST', path: `crm/v3/objects/${pathPart('activity', activity)}`, body })).body
      },
    }),
    operation({
      name: 'associate',
      title: 'Link two records in HubSpot',
      description: 'Links a record with another one.',
      keywords: ['crm', 'association', 'connect'],
      request: 'PUT /crm/v4/objects/{kind}/{record}/associations/default/{toKind}/{toRecord}',
      fields: {
        kind,
        record: text('Record', { help: 'Its id.' }),
        toKind: text('With a record of the kind', { placeholder: 'companies', from: { list: 'kinds' } }),
        toRecord: text('Which one', { help: 'Its id.' }),
      },
      sample: { status: 'COMPLETE', results: [{ from: { id: '512' }, to: { id: '77' } }] },
    }),
  ],
})
