import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { salesforce } from './salesforce.app.ts'

const account = {
  type: 'salesforce',
  secret: JSON.stringify({ clientId: 'a', accessToken: 'AT', instance: 'https://acme.my.salesforce.com' }),
}
const answers = (): Json => ({ records: [{ Id: '1', SystemModstamp: 'x' }], done: true })
const api = '/services/data/v65.0'

/** As jsforce 3.10.16 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  ['create-record', { kind: 'Lead', values: { LastName: 'L' } }, `POST ${api}/sobjects/Lead`, { LastName: 'L' }],
  [
    'upsert-record',
    { kind: 'Lead', field: 'Ext__c', key: 'a/b', values: { LastName: 'L' } },
    `PATCH ${api}/sobjects/Lead/Ext__c/a/b`,
    { LastName: 'L' },
  ],
  [
    'update-record',
    { kind: 'Lead', record: '1', values: { LastName: 'L' } },
    `PATCH ${api}/sobjects/Lead/1`,
    { LastName: 'L' },
  ],
  ['get-record', { kind: 'Lead', record: '1', fields: 'Id,Name' }, `GET ${api}/sobjects/Lead/1?fields=Id,Name`],
  ['query', { query: 'SELECT Id FROM Lead' }, `GET ${api}/query?q=SELECT Id FROM Lead`],
  ['delete-record', { kind: 'Lead', record: '1' }, `DELETE ${api}/sobjects/Lead/1`],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(salesforce, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Bearer AT')
})

it('changed records are the last ones, and names open no query of their own', async () => {
  const poll = (input: Record<string, Json>) =>
    sentByTrigger(salesforce, 'record-created-or-updated', input, { answers, account })
  const { sent, events } = await poll({ kind: 'Lead', fields: 'Name, Owner.Name' })
  expect(sent[0]?.query).toEqual([
    ['q', 'SELECT Id, SystemModstamp, Name, Owner.Name FROM Lead ORDER BY SystemModstamp DESC LIMIT 200'],
  ])
  expect(events.map(({ key }) => key)).toEqual(['1 x'])
  await expect(poll({ kind: 'Lead WHERE 1=1' })).rejects.toThrow(/"Kind of record" takes a name/)
})

it('an account that never signed in says so', async () => {
  const fresh = { type: 'salesforce', secret: JSON.stringify({ clientId: 'a' }) }
  await expect(
    sentByUs(salesforce, 'query', { query: 'SELECT Id FROM Lead' }, { answers, account: fresh }),
  ).rejects.toMatchObject({ details: { code: 'reconnect' } })
})
