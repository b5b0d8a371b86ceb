import { expect, test } from 'vitest'
import { apps } from '../../core/connectors/apps.ts'
import { credentialTypeInfo } from '../../core/connectors/credential.ts'
import { builtInCredentialTypes } from '../../core/connectors/credential-types.ts'
import { families } from '../../core/connectors/families.ts'
import { familyManifestOf } from '../../core/connectors/family-list.ts'
import { connectorManifestSchema } from '../../core/contract/connector-manifest.ts'
import { credentialTypeInfoSchema } from '../../core/contract/values.ts'
import { findTypes, typeEntries } from './type-list.ts'

const FEW = ['google-sheets', 'gmail', 'slack', 'notion', 'ntfy', 'openai', 'anthropic', 'microsoft-teams']
const few = apps.filter(({ id }) => FEW.includes(id))
const loaded = await Promise.all([...families, ...few].map(async (entry) => familyManifestOf(await entry.load())))
const types = [
  ...builtInCredentialTypes.map(credentialTypeInfo),
  ...loaded.flatMap(({ credentials }) => credentials),
].map((type) => credentialTypeInfoSchema.parse(type))
const connectors = loaded.flatMap((family) => family.connectors.map((one) => connectorManifestSchema.parse(one)))
const entries = typeEntries(types, connectors)
const titles = (search: string, before: readonly string[] = []): [string, ...string[]][] =>
  findTypes(entries, search, before).groups.map(({ title, entries: some }) => [title, ...some.map(({ id }) => id)])

test('every type stands once, under what it is for', () => {
  const groups = findTypes(entries, '', []).groups
  const all = groups.flatMap((group) => group.entries.map(({ id }) => id))
  expect(all.toSorted()).toEqual(types.map(({ id }) => id).toSorted())
  const of = (title: string) => groups.find((one) => one.title === title)?.entries.map(({ id }) => id)
  expect(of('Apps')).toEqual(expect.arrayContaining(['google', 'slack', 'notion', 'ntfy']))
  expect(of('Mail, files, databases and servers')).toEqual(
    expect.arrayContaining(['smtp', 'imap', 'postgres', 'sqlite', 'ssh', 's3', 'mqtt', 'redis']),
  )
  expect(of('AI')).toEqual(expect.arrayContaining(['ai', 'openai']))
  expect(of('Any service')).toEqual(['secret', 'bearer', 'basic', 'header', 'query', 'oauth2'])
})

test('what was used before comes first, the newest before all, and is not repeated', () => {
  const [first, second] = titles('', ['smtp', 'slack', 'smtp', 'gone'])
  expect(first).toEqual(['Used before', 'smtp', 'slack'])
  expect(second).not.toContain('slack')
})

test.each([
  ['sheets', 'google'],
  ['gmail', 'google'],
  ['teams', 'microsoft'],
  ['postgres', 'postgres'],
  ['postgers', 'postgres'],
  ['claude', 'ai'],
  ['api key', 'header'],
])('a search for %s finds %s', (search, id) => {
  expect(titles(search)[0]).toContain(id)
})

test('a service that is not there is offered what any service takes', () => {
  const { groups, isExact } = findTypes(entries, 'lexoffice qqqq', [])
  expect(isExact).toBe(false)
  expect(groups.at(-1)).toMatchObject({ title: 'Any service' })
  expect(groups.at(-1)?.entries.map(({ id }) => id)).toEqual(['bearer', 'basic', 'header', 'oauth2'])
})
