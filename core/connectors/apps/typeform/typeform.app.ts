import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import {
  bearer,
  clientHelp,
  howTo,
  oauthAccount,
  serverAt,
  serverField,
  tokenAccount,
  whoIs,
} from '../../service/accounts.ts'
import { json, moment, text } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { hue, icon } from './logo.ts'

const USUAL = 'https://api.typeform.com'
const address = serverAt('', USUAL)

const form = text('Form', { placeholder: 'u6nXL7', from: { list: 'forms', searches: true } })
const forms: Pages = { items: 'items', size: { as: 'page_size', most: 200 }, next: { by: 'page', as: 'page' } }
const responses: Pages = {
  items: 'items',
  size: { as: 'page_size', most: 1_000 },
  next: { by: 'last', at: 'token', as: 'before' },
}
const stored = {
  response_id: '21085286190ffad1248d17c4135ee56f',
  token: '21085286190ffad1248d17c4135ee56f',
  submitted_at: '2026-11-30T09:00:00Z',
  answers: [{ field: { id: 'hVONkQcnSNRj', ref: 'name', type: 'short_text' }, type: 'text', text: 'Ada' }],
  values: { name: 'Ada' },
  hidden: {},
}

/** A response with its answers by the names of their questions, too, so that a pill is one of them. */
function withValues(response: Json): Json {
  if (!isJsonObject(response)) return response
  const answers = isJsonList(response.answers ?? null) ? Object.values(Object(response.answers)) : []
  const values = answers.flatMap((answer): [string, Json][] => {
    if (!isJsonObject(answer as Json)) return []
    const { type, field } = Object(answer)
    const value = Object(answer)[textOf(type ?? '')] ?? null
    // Choices have their words one level down.
    const shown = isJsonObject(value) ? (value.label ?? value.labels ?? value.other ?? value) : value
    return [[textOf(valueAt(field ?? null, readPath('ref')) ?? valueAt(field ?? null, readPath('id')) ?? ''), shown]]
  })
  return { ...response, values: Object.fromEntries(values) }
}

/** Typeform (https://www.typeform.com/developers). */
export const typeform = defineApp({
  id: 'typeform',
  title: 'Typeform',
  icon,
  hue,
  address: { ofAccount: address, known: [USUAL, 'https://api.eu.typeform.com'] },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'typeform',
      title: 'Typeform token',
      fields: [serverField('https://api.eu.typeform.com', { help: 'Of accounts in Europe;', usual: USUAL })],
      secret: { title: 'Personal token', placeholder: 'tfp_…' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Generate a token',
          text: 'Scopes: forms, responses and webhooks, to read and to write.',
          link: { title: 'Personal tokens', url: 'https://admin.typeform.com/user/tokens' },
        },
        { title: 'Paste it here' },
      ),
      signIn: bearer(),
      test: whoIs({ address, path: 'me', name: ['alias', 'email'] }),
    }),
    oauthAccount({
      id: 'typeform.oauth',
      title: 'Typeform sign-in',
      authorizeUrl: (fields) => `${address(fields)}/oauth/authorize`,
      tokenUrl: (fields) => `${address(fields)}/oauth/token`,
      scopes: [
        'accounts:read',
        'forms:read',
        'forms:write',
        'responses:read',
        'webhooks:read',
        'webhooks:write',
        'offline',
      ],
      isAtFixedAddress: true,
      fields: [serverField('https://api.eu.typeform.com', { help: 'Of accounts in Europe;', usual: USUAL })],
      more: { pkce: false },
      help: clientHelp(
        { title: 'Typeform developer apps', url: 'https://admin.typeform.com/user/applications' },
        'It asks for forms, responses and webhooks while you sign in.',
      ),
      test: whoIs({ address, path: 'me', name: ['alias', 'email'] }),
    }),
  ],
  answers: { says: ['description', 'details[0].description'] },
  lists: { forms: listOf({ request: 'GET /forms', pages: forms, value: 'id', label: 'title', search: 'search' }) },
  triggers: [
    hookTrigger({
      name: 'form-response',
      title: 'Typeform is filled in',
      description: 'Starts at once when a person sends a form.',
      keywords: ['webhook', 'survey', 'answer', 'response'],
      fields: { form },
      verify: {
        scheme: 'hmac',
        header: 'Typeform-Signature',
        prefix: 'sha256=',
        algorithm: 'sha256',
        encoding: 'base64',
      },
      // Webhooks of a form are told apart by a name, which makes a repeat harmless.
      subscribe: 'PUT /forms/{form}/webhooks/{id}',
      body: ({ url, secret }) => ({ url, enabled: true, secret, verify_ssl: true }),
      id: 'tag',
      unsubscribe: 'DELETE /forms/{form}/webhooks/{id}',
      events: ({ body }) => {
        const response = isJsonObject(body) ? (body.form_response ?? null) : null
        const key = valueAt(response, readPath('token')) ?? null
        return response === null ? [] : [{ key: key === null ? null : textOf(key), data: withValues(response) }]
      },
      poll: {
        request: 'GET /forms/{form}/responses?completed=true',
        pages: responses,
        key: 'token',
        event: withValues,
      },
      sample: stored,
    }),
    newItemTrigger({
      name: 'new-response',
      title: 'New response to a Typeform',
      description: 'Starts for each response to a form; Hookline asks for them now and then.',
      keywords: ['survey', 'answer'],
      request: 'GET /forms/{form}/responses?completed=true',
      fields: { form },
      pages: responses,
      key: 'token',
      event: withValues,
      sample: stored,
    }),
  ],
  actions: [
    operation({
      name: 'list-responses',
      title: 'List responses to a Typeform',
      description: 'Reads the responses to a form, the newest first.',
      keywords: ['survey', 'answers', 'get many'],
      request: 'GET /forms/{form}/responses',
      fields: {
        form,
        since: moment('Since', { form: 'iso', optional: true }),
        until: moment('Until', { form: 'iso', optional: true, advanced: true }),
        query: text('With the words', { optional: true, advanced: true }),
      },
      pages: responses,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-form',
      title: 'Get a Typeform',
      description: 'Reads a form with its questions.',
      keywords: ['survey', 'questions', 'read'],
      request: 'GET /forms/{form}',
      fields: { form },
      sample: {
        id: 'u6nXL7',
        title: 'How was it?',
        fields: [{ id: 'hVONkQcnSNRj', ref: 'name', title: 'Your name?', type: 'short_text' }],
      },
    }),
    operation({
      name: 'list-forms',
      title: 'List your Typeforms',
      description: 'Reads the forms of the account.',
      keywords: ['survey', 'get many'],
      request: 'GET /forms',
      fields: { search: text('With the words', { optional: true }) },
      pages: forms,
      sample: { items: [{ id: 'u6nXL7', title: 'How was it?' }], count: 1, hasMore: false },
    }),
    operation({
      name: 'create-form',
      title: 'Create a Typeform',
      description: 'Creates a form.',
      keywords: ['survey', 'add'],
      request: 'POST /forms',
      fields: {
        title: text('Title'),
        fields: json('Questions', { optional: true, placeholder: '[{"title":"Your name?","type":"short_text"}]' }),
      },
      sample: { id: 'u6nXL7', title: 'How was it?', _links: { display: 'https://acme.typeform.com/to/u6nXL7' } },
    }),
  ],
})
