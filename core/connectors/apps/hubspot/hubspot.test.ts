import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { hubspot } from './hubspot.app.ts'

const account = { type: 'hubspot', secret: JSON.stringify({ token: 'pat-1' }) }
const answers = (): Json => ({ results: [{ id: '1', properties: {} }] })

/** As HubSpot documents its CRM (developers.hubspot.com/docs/api-reference/crm-objects-v3). */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'upsert-contact',
    { email: 'a@b.c', properties: { firstname: 'Ada', visits: 3, interests: ['a', 'b'], gone: null } },
    'POST /crm/v3/objects/contacts/batch/upsert',
    {
      inputs: [
        {
          id: 'a@b.c',
          idProperty: 'email',
          properties: { firstname: 'Ada', visits: '3', interests: 'a;b', gone: '', email: 'a@b.c' },
        },
      ],
    },
  ],
  [
    'create-object',
    { kind: 'deals', properties: { dealname: 'D', amount: 12.5 } },
    'POST /crm/v3/objects/deals',
    { properties: { dealname: 'D', amount: '12.5' } },
  ],
  [
    'update-object',
    { kind: 'contacts', record: 'a@b.c', by: 'email', properties: { firstname: 'B' } },
    'PATCH /crm/v3/objects/contacts/a@b.c?idProperty=email',
    { properties: { firstname: 'B' } },
  ],
  [
    'get-object',
    { kind: 'contacts', record: '1', properties: ['email', 'phone'], associations: 'companies' },
    'GET /crm/v3/objects/contacts/1?associations=companies&properties=email,phone',
  ],
  [
    'search-objects',
    { kind: 'contacts', property: 'email', value: 'a@b.c', properties: ['email'], limit: 5 },
    'POST /crm/v3/objects/contacts/search',
    {
      properties: ['email'],
      limit: 5,
      filterGroups: [{ filters: [{ propertyName: 'email', operator: 'EQ', value: 'a@b.c' }] }],
    },
  ],
  ['list-objects', { kind: 'companies', limit: 7 }, 'GET /crm/v3/objects/companies?limit=7'],
  [
    'create-engagement',
    { text: 'Called', when: '2026-11-30T09:00:00Z', to: 'contact', record: 1 },
    'POST /crm/v3/objects/notes',
    {
      properties: { hs_timestamp: '2026-11-30T09:00:00.000Z', hs_note_body: 'Called' },
      associations: [{ to: { id: '1' }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 202 }] }],
    },
  ],
  [
    'create-engagement',
    { activity: 'tasks', title: 'Call back', text: 'Soon' },
    'POST /crm/v3/objects/tasks',
    { properties: { hs_timestamp: '2026-11-24T09:00:00.000Z', hs_task_body: 'Soon', hs_task_subject: 'Call back' } },
  ],
  [
    'associate',
    { kind: 'contacts', record: 1, toKind: 'companies', toRecord: 2 },
    'PUT /crm/v4/objects/contacts/1/associations/default/companies/2',
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(hubspot, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Bearer pat-1')
})

it('records that change are looked for by the time that their kind has', async () => {
  for (const [kind, propertyName] of [
    ['contacts', 'lastmodifieddate'],
    ['deals', 'hs_lastmodifieddate'],
  ] as const) {
    const { sent } = await sentByTrigger(hubspot, 'record-updated', { kind }, { answers, account })
    expect(sent[0]?.body).toEqual({ sorts: [{ propertyName, direction: 'DESCENDING' }], limit: 200 })
  }
})

it('a batch of which a part was refused has failed', async () => {
  const answer = { status: 'COMPLETE', results: [], numErrors: 1, errors: [{ message: 'Property "x" does not exist' }] }
  const refused = sentByUs(
    hubspot,
    'upsert-contact',
    { email: 'a@b.c', properties: { x: 1 } },
    { answers: () => answer, account },
  )
  await expect(refused).rejects.toMatchObject({
    details: { code: 'http-422', message: expect.stringContaining('does not exist') },
  })
})
