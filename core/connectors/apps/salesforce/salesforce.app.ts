import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, type Json, textOf } from '../../../domain/values/json.ts'
import type { CredentialFields } from '../../credential.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { howTo, oauthAccount, serverField, serverOf, whoIs } from '../../service/accounts.ts'
import { longText, pairs, text } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { keyOfParts, textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const API = '/services/data/v65.0'
const LOGIN = 'https://login.salesforce.com'

const kind = text('Kind of record', {
  placeholder: 'Lead',
  help: 'Such as Lead, Contact, Account, Opportunity, Case.',
  from: { list: 'kinds' },
})
const record = text('Record', { placeholder: '00Q5e00000abcdeEAA', help: 'Its id.' })
const values = pairs('Values', { at: 'nowhere', help: 'By the names of the fields, such as LastName.' })
const given = (_: Json, { values: entered }: Readonly<Record<string, Json | undefined>>): Json => entered ?? {}

const pages: Pages = { items: 'records', end: { at: 'done', is: true }, next: { by: 'address', at: 'nextRecordsUrl' } }
const stored = {
  attributes: { type: 'Lead' },
  Id: '00Q5e00000abcdeEAA',
  LastName: 'Lovelace',
  Company: 'Acme',
  SystemModstamp: '2026-11-30T09:00:00.000+0000',
}
const done = { id: '00Q5e00000abcdeEAA', success: true, errors: [] }

/** Where the data of an account is: Salesforce says so when a person signs in. */
function instanceOf({ instance = '' }: CredentialFields): string {
  if (instance !== '') return serverOf({ server: instance })
  const message = 'The Salesforce account is not signed in: connect it under Credentials.'
  throw new StepError({ code: 'reconnect', message, retryable: false })
}
const kept = { instance: 'instance_url' }
const instanceField = {
  name: 'instance',
  title: 'Address of the organisation',
  isSecret: false,
  isOptional: true,
  isAdvanced: true,
}
const test = whoIs({ address: instanceOf, path: 'services/oauth2/userinfo', name: ['name', 'preferred_username'] })

/** Names of kinds and fields go into a query as they are: nothing else may. */
function nameOf(value: Json | undefined, what: string): string {
  const name = textOf(value ?? '').trim()
  if (/^[A-Za-z]\w{0,120}(?:\.[A-Za-z]\w{0,120}){0,5}$/.test(name)) return name
  throw new StepError({
    code: 'bad-input',
    message: `"${what}" takes a name of Salesforce's, such as Lead, but "${name.slice(0, 100)}" came.`,
    retryable: false,
  })
}

/** Salesforce (https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest). */
export const salesforce = defineApp({
  id: 'salesforce',
  title: 'Salesforce',
  icon,
  hue,
  address: { ofAccount: (fields) => `${instanceOf(fields)}${API}`, known: ['https://*.salesforce.com'] },
  account: 'needed',
  takesKey: false,
  credentials: [
    oauthAccount({
      id: 'salesforce',
      title: 'Salesforce account',
      authorizeUrl: (fields) => serverOf(fields, '/services/oauth2/authorize', LOGIN),
      tokenUrl: (fields) => serverOf(fields, '/services/oauth2/token', LOGIN),
      scopes: ['api', 'refresh_token'],
      needsSecret: false,
      // The address that Salesforce sends a browser back to has to be entered there as a whole.
      isAtFixedAddress: true,
      more: { keeps: kept },
      fields: [
        serverField('https://test.salesforce.com', {
          title: 'Sign-in address',
          help: 'Of a sandbox or of your own domain;',
          usual: LOGIN,
        }),
        instanceField,
      ],
      help: howTo(
        'A client id in three steps',
        { title: 'Create an external client app', text: 'Setup → External Client App Manager → New; enable OAuth.' },
        {
          title: 'Enter the callback address and scopes',
          text: 'With the scopes “api” and “refresh_token”, and this address.',
          showsRedirect: true,
        },
        { title: 'Paste consumer key and secret here', text: 'As client id and client secret.' },
      ),
      test,
    }),
    oauthAccount({
      id: 'salesforce.client',
      title: 'Salesforce app without a person',
      tokenUrl: (fields) => serverOf(fields, '/services/oauth2/token'),
      scopes: [],
      more: { keeps: kept },
      fields: [serverField('https://acme.my.salesforce.com', { title: 'My Domain' }), instanceField],
      help: howTo(
        'Two steps',
        {
          title: 'Allow the client credentials flow',
          text: 'In the external client app, with the user as whom it runs.',
        },
        {
          title: 'Paste consumer key and secret here',
          text: 'As client id and client secret. Hookline gets its tokens by itself.',
        },
      ),
      async test({ fields, at }) {
        const { body } = await at(serverOf(fields))({ path: 'services/oauth2/userinfo' })
        return textAt(body, 'name') || null
      },
    }),
  ],
  answers: {
    refusal: (body) => {
      if (!isJsonList(body) || valueAt(body, readPath('[0].errorCode')) === undefined) return null
      return { says: body.map((one) => textAt(one, 'message')).join('; ') }
    },
    means: (status, body) => (valueAt(body, readPath('[0].errorCode')) === 'REQUEST_LIMIT_EXCEEDED' ? 429 : status),
  },
  lists: { kinds: listOf({ request: 'GET /sobjects', pages: { items: 'sobjects' }, value: 'name', label: 'label' }) },
  triggers: [
    newItemTrigger({
      name: 'record-created-or-updated',
      title: 'New or changed record in Salesforce',
      description: 'Starts for each record of a kind that is created or changed.',
      keywords: ['crm', 'lead', 'contact', 'opportunity', 'edited'],
      fields: {
        kind,
        fields: text('Fields to read', {
          optional: true,
          placeholder: 'Name, Email',
          help: 'With commas between them; all standard ones when empty.',
        }),
      },
      key: keyOfParts('Id', 'SystemModstamp'),
      sample: stored,
      async list({ http, input }) {
        const named = textOf(input.fields ?? '')
          .split(',')
          .map((one) => one.trim())
          .filter(Boolean)
        const fields =
          named.length === 0
            ? ['FIELDS(STANDARD)']
            : [
                'Id',
                'SystemModstamp',
                ...named
                  .map((one) => nameOf(one, 'Fields to read'))
                  .filter((one) => !/^(?:Id|SystemModstamp)$/i.test(one)),
              ]
        const q = `SELECT ${fields.join(', ')} FROM ${nameOf(input.kind, 'Kind of record')} ORDER BY SystemModstamp DESC LIMIT 200`
        const found = valueAt((await http({ path: 'query', query: { q } })).body, readPath('records')) ?? null
        return isJsonList(found) ? found : []
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-record',
      title: 'Create a record in Salesforce',
      description: 'Creates a lead, a contact, an account or a record of another kind.',
      keywords: ['crm', 'lead', 'contact', 'opportunity', 'add'],
      request: 'POST /sobjects/{kind}',
      fields: { kind, values },
      body: given,
      sample: done,
    }),
    operation({
      name: 'upsert-record',
      title: 'Create or change a record in Salesforce',
      description: 'Changes the record with the same outer id, and creates one where there is none.',
      keywords: ['crm', 'upsert', 'lead', 'contact', 'external id'],
      request: 'PATCH /sobjects/{kind}/{field}/{key}',
      effect: 'keyed',
      fields: {
        kind,
        field: text('Field of the outer id', { placeholder: 'Order_Number__c' }),
        key: text('Outer id'),
        values,
      },
      body: given,
      sample: { ...done, created: true },
    }),
    operation({
      name: 'update-record',
      title: 'Change a record in Salesforce',
      description: 'Changes some fields of a record.',
      keywords: ['crm', 'edit', 'lead', 'contact', 'opportunity'],
      request: 'PATCH /sobjects/{kind}/{record}',
      effect: 'idempotent',
      fields: { kind, record, values },
      body: given,
      sample: {},
    }),
    operation({
      name: 'get-record',
      title: 'Get a record from Salesforce',
      description: 'Reads one record.',
      keywords: ['crm', 'read', 'lead', 'contact'],
      request: 'GET /sobjects/{kind}/{record}',
      fields: {
        kind,
        record,
        fields: text('Fields to read', { optional: true, advanced: true, placeholder: 'Id,Name' }),
      },
      sample: stored,
    }),
    operation({
      name: 'query',
      title: 'Find records in Salesforce',
      description: 'Finds records by a query in SOQL.',
      keywords: ['crm', 'soql', 'search', 'get many'],
      request: 'GET /query',
      fields: {
        query: longText('SOQL', {
          as: 'q',
          most: 20_000,
          placeholder: "SELECT Id, Name FROM Account WHERE Industry = 'Energy'",
        }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'delete-record',
      title: 'Delete a record in Salesforce',
      description: 'Deletes a record.',
      keywords: ['crm', 'remove'],
      request: 'DELETE /sobjects/{kind}/{record}',
      fields: { kind, record },
      sample: {},
    }),
  ],
})
