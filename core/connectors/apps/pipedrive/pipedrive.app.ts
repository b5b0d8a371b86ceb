import { isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { howTo, oauthAccount, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, longText, moment, number, pairs, text, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { keyOfParts } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.pipedrive.com'

const id = (title: string, as: string, list?: string) =>
  text(title, {
    as,
    optional: true,
    advanced: list === undefined,
    help: 'Its number.',
    send: Number,
    ...(list !== undefined && { from: { list } }),
  })
const person = id('Person', 'person_id')
const organization = id('Organisation', 'org_id')
const owner = text('Owner', { as: 'owner_id', optional: true, advanced: true, from: { list: 'users' }, send: Number })
const custom = pairs('Fields of your own', {
  as: 'custom_fields',
  optional: true,
  advanced: true,
  help: 'By their keys.',
})
const stage = text('Stage', { as: 'stage_id', optional: true, from: { list: 'stages' }, send: Number })
const value = number('Value', { whole: false, optional: true })
const currency = text('Currency', { optional: true, placeholder: 'EUR' })
const contact = (title: string, as: string, placeholder: string) =>
  text(title, {
    as,
    optional: true,
    placeholder,
    send: (given) => [{ value: textOf(given), primary: true, label: 'work' }],
  })
const words = {
  email: contact('E-mail', 'emails', 'ada@example.com'),
  phone: contact('Phone', 'phones', '+491701234567'),
  organization,
  owner,
  custom,
}

const pages: Pages = {
  items: 'data',
  size: { as: 'limit', most: 500 },
  next: { by: 'cursor', at: 'additional_data.next_cursor', as: 'cursor' },
}
const storedPerson = {
  id: 7,
  name: 'Ada Lovelace',
  emails: [{ value: 'ada@example.com', primary: true, label: 'work' }],
  org_id: null,
  owner_id: 1,
}
const storedDeal = {
  id: 42,
  title: 'Engine',
  value: 12.5,
  currency: 'EUR',
  status: 'open',
  stage_id: 1,
  update_time: '2026-11-30T09:00:00Z',
}
const test = whoIs({ address: ADDRESS, path: 'api/v1/users/me', name: ['data.name', 'data.company_name'] })

const KINDS = {
  deal: 'Deal',
  person: 'Person',
  organization: 'Organisation',
  activity: 'Activity',
  note: 'Note',
  lead: 'Lead',
}

/** Pipedrive (https://developers.pipedrive.com/docs/api/v1). */
export const pipedrive = defineApp({
  id: 'pipedrive',
  title: 'Pipedrive',
  icon,
  hue,
  // A sign-in is told where its company is; a token of one works at the common address.
  address: { ofAccount: ({ domain }) => domain || ADDRESS, known: [ADDRESS, 'https://*.pipedrive.com'] },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'pipedrive',
      title: 'Pipedrive token',
      secret: { title: 'API token' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Open your preferences',
          text: 'Personal preferences → API.',
          link: { title: 'API', url: 'https://app.pipedrive.com/settings/api' },
        },
        { title: 'Paste the token here' },
      ),
      signIn: (token) => ({ headers: { 'x-api-token': token } }),
      test,
    }),
    oauthAccount({
      id: 'pipedrive.oauth',
      title: 'Pipedrive sign-in',
      authorizeUrl: 'https://oauth.pipedrive.com/oauth/authorize',
      tokenUrl: 'https://oauth.pipedrive.com/oauth/token',
      scopes: [],
      more: { pkce: false, secretInHeader: true, keeps: { domain: 'api_domain' } },
      fields: [
        { name: 'domain', title: 'Address of the company', isSecret: false, isOptional: true, isAdvanced: true },
      ],
      help: howTo(
        'A client id in two steps',
        {
          title: 'Create an app',
          text: 'With this callback address, and the scopes that you need.',
          showsRedirect: true,
          link: { title: 'Developer Hub', url: 'https://app.pipedrive.com/developer-hub' },
        },
        { title: 'Paste client id and secret here' },
      ),
      test: whoIs({
        address: ({ domain }) => domain || ADDRESS,
        path: 'api/v1/users/me',
        name: ['data.name', 'data.company_name'],
      }),
    }),
  ],
  answers: {
    says: ['error', 'error_info'],
    refusal: (body) =>
      isJsonObject(body) && body.success === false ? { says: textOf(body.error ?? body.message ?? '') } : null,
    waits: (_body, headers) => {
      const seconds = Number(headers['x-ratelimit-reset'])
      return headers['x-ratelimit-remaining'] === '0' && seconds > 0 ? seconds * 1_000 : undefined
    },
  },
  lists: {
    users: listOf({
      request: 'GET /api/v1/users',
      pages: { items: 'data' },
      value: 'id',
      label: 'name',
      hint: 'email',
    }),
    stages: listOf({ request: 'GET /api/v2/stages', pages, value: 'id', label: 'name' }),
  },
  triggers: [
    newItemTrigger({
      name: 'deal-updated',
      title: 'New or changed deal in Pipedrive',
      description: 'Starts for each deal that is made or changed.',
      keywords: ['crm', 'sale', 'opportunity'],
      request: 'GET /api/v2/deals?sort_by=update_time&sort_direction=desc',
      fields: {},
      pages,
      key: keyOfParts('id', 'update_time'),
      sample: storedDeal,
    }),
    hookTrigger({
      name: 'entity-event',
      title: 'Pipedrive tells of something',
      description: 'Starts at once when a deal, a person or something else is made, changed or deleted.',
      keywords: ['webhook', 'crm', 'deal', 'person', 'lead'],
      fields: {
        kind: choice('What', { ...KINDS, '*': 'Anything' }),
        action: choice('Is', { create: 'Made', change: 'Changed', delete: 'Deleted', '*': 'Any of these' }),
      },
      // Pipedrive signs nothing, but calls with user and password.
      verify: { scheme: 'basic' },
      secret: { in: 'ours', as: (secret) => `hookline:${secret}` },
      subscribe: 'POST /api/v1/webhooks',
      body: ({ url, secret }, { kind, action }) => ({
        subscription_url: url,
        event_action: action ?? '*',
        event_object: kind ?? '*',
        version: '2.0',
        http_auth_user: 'hookline',
        http_auth_password: secret,
      }),
      id: 'data.id',
      unsubscribe: 'DELETE /api/v1/webhooks/{id}',
      all: { request: 'GET /api/v1/webhooks', pages: { items: 'data' }, url: 'subscription_url', id: 'id' },
      events: ({ body }) => {
        const key = valueAt(body, readPath('meta.id')) ?? null
        return [{ key: key === null ? null : textOf(key), data: body }]
      },
      sample: {
        data: storedDeal,
        previous: { stage_id: 2 },
        meta: { action: 'change', entity: 'deal', entity_id: '42', id: '7f1c' },
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-person',
      title: 'Create a person in Pipedrive',
      description: 'Adds a person.',
      keywords: ['crm', 'contact', 'lead', 'add'],
      summary: '{name}',
      request: 'POST /api/v2/persons',
      fields: { name: text('Name'), ...words },
      result: 'data',
      sample: storedPerson,
    }),
    operation({
      name: 'search-persons',
      title: 'Find persons in Pipedrive',
      description: 'Finds persons by name, e-mail address or phone number.',
      keywords: ['crm', 'contact', 'search'],
      request: 'GET /api/v2/persons/search',
      fields: {
        term: text('Search for', { placeholder: 'ada@example.com', help: 'Two letters at least.' }),
        within: choice(
          'In',
          { 'name,email,phone': 'All of these', name: 'Name', email: 'E-mail', phone: 'Phone' },
          { as: 'fields' },
        ),
        exact: yesNo('The whole word alone', { as: 'exact_match', advanced: true }),
      },
      pages: { ...pages, items: 'data.items', each: 'item', size: { as: 'limit', most: 100 } },
      sample: { items: [{ id: 7, name: 'Ada Lovelace', emails: ['ada@example.com'] }], count: 1, hasMore: false },
    }),
    operation({
      name: 'update-person',
      title: 'Change a person in Pipedrive',
      description: 'Changes a person; what is left empty stays.',
      keywords: ['crm', 'contact', 'edit'],
      request: 'PATCH /api/v2/persons/{person}',
      effect: 'idempotent',
      fields: { person: text('Person', { help: 'Its number.' }), name: text('Name', { optional: true }), ...words },
      result: 'data',
      sample: storedPerson,
    }),
    operation({
      name: 'create-deal',
      title: 'Create a deal in Pipedrive',
      description: 'Adds a deal.',
      keywords: ['crm', 'sale', 'opportunity', 'add'],
      summary: '{title}',
      request: 'POST /api/v2/deals',
      fields: { title: text('Title'), value, currency, stage, person, organization, owner, custom },
      result: 'data',
      sample: storedDeal,
    }),
    operation({
      name: 'update-deal',
      title: 'Change a deal in Pipedrive',
      description: 'Changes a deal, moves it to another stage, or says that it is won or lost.',
      keywords: ['crm', 'sale', 'edit', 'won', 'lost'],
      request: 'PATCH /api/v2/deals/{deal}',
      effect: 'idempotent',
      fields: {
        deal: text('Deal', { help: 'Its number.' }),
        status: choice('State', { open: 'Open', won: 'Won', lost: 'Lost' }, { optional: true }),
        title: text('Title', { optional: true }),
        stage,
        value,
        currency,
        person,
        organization,
        owner,
        custom,
      },
      result: 'data',
      sample: storedDeal,
    }),
    operation({
      name: 'list-deals',
      title: 'List deals of Pipedrive',
      description: 'Reads deals.',
      keywords: ['crm', 'sales', 'get many'],
      request: 'GET /api/v2/deals',
      fields: {
        status: choice('State', { open: 'Open', won: 'Won', lost: 'Lost' }, { optional: true }),
        since: moment('Changed since', { form: 'iso', as: 'updated_since', optional: true, advanced: true }),
        sort: choice(
          'Sorted by',
          { id: 'Number', update_time: 'Change', add_time: 'Creation' },
          { as: 'sort_by', optional: true, advanced: true },
        ),
        order: choice('Order', { asc: 'Up', desc: 'Down' }, { as: 'sort_direction', optional: true, advanced: true }),
      },
      pages,
      sample: { items: [storedDeal], count: 1, hasMore: false },
    }),
    operation({
      name: 'create-organization',
      title: 'Create an organisation in Pipedrive',
      description: 'Adds an organisation.',
      keywords: ['crm', 'company', 'add'],
      summary: '{name}',
      request: 'POST /api/v2/organizations',
      fields: { name: text('Name'), owner, custom },
      result: 'data',
      sample: { id: 3, name: 'Acme', owner_id: 1 },
    }),
    operation({
      name: 'create-note',
      title: 'Write a note in Pipedrive',
      description: 'Writes a note at a deal, a person, an organisation or a lead.',
      keywords: ['crm', 'comment', 'log'],
      summary: '{text}',
      request: 'POST /api/v1/notes',
      fields: {
        text: longText('Text', { as: 'content', help: 'HTML.' }),
        at: choice(
          'At a',
          { deal_id: 'Deal', person_id: 'Person', org_id: 'Organisation', lead_id: 'Lead' },
          { at: 'nowhere' },
        ),
        record: text('Which one', { at: 'nowhere', help: 'Its number; of a lead its id.' }),
      },
      body: (body, { at = 'deal_id', record = '' }) => ({
        ...Object(body),
        [textOf(at)]: at === 'lead_id' ? textOf(record) : Number(record),
      }),
      result: 'data',
      sample: { id: 1, content: 'Called, is happy.', deal_id: 42 },
    }),
    operation({
      name: 'create-lead',
      title: 'Create a lead in Pipedrive',
      description: 'Adds a lead of a person or an organisation.',
      keywords: ['crm', 'prospect', 'add'],
      summary: '{title}',
      request: 'POST /api/v1/leads',
      fields: {
        title: text('Title'),
        person: text('Person', { as: 'person_id', optional: true, help: 'Its number.', send: Number }),
        organization: text('Organisation', {
          as: 'organization_id',
          optional: true,
          help: 'Its number.',
          send: Number,
        }),
        amount: number('Value', { as: 'value.amount', whole: false, optional: true, advanced: true }),
        currency: text('Currency', { as: 'value.currency', optional: true, advanced: true, placeholder: 'EUR' }),
      },
      result: 'data',
      sample: { id: 'adf21080-0e10-11eb-879b-05d71fb426ec', title: 'Engine' },
    }),
    operation({
      name: 'create-activity',
      title: 'Create an activity in Pipedrive',
      description: 'Plans a call, a meeting or a task.',
      keywords: ['crm', 'call', 'meeting', 'task', 'todo'],
      summary: '{subject}',
      request: 'POST /api/v2/activities',
      fields: {
        subject: text('Subject'),
        kind: text('Kind', { as: 'type', optional: true, placeholder: 'call' }),
        day: moment('Day', { form: 'day', as: 'due_date', optional: true }),
        time: text('Time', { as: 'due_time', optional: true, placeholder: '09:30', help: 'In UTC.' }),
        deal: text('Deal', { as: 'deal_id', optional: true, help: 'Its number.', send: Number }),
        person: text('Person', {
          as: 'participants',
          optional: true,
          help: 'Its number.',
          send: (given: Json) => [{ person_id: Number(given), primary: true }],
        }),
        organization,
        owner,
        note: longText('Note', { optional: true, advanced: true }),
      },
      result: 'data',
      sample: { id: 9, subject: 'Call Ada', type: 'call', due_date: '2026-12-01', done: false },
    }),
  ],
})
