import { expect, test } from 'vitest'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { manifest } from '../../draft/operations/test-manifests.ts'
import { connectorGroups } from './connector-groups.ts'

const connector = (
  id: string,
  kind: 'trigger' | 'action',
  category: ConnectorManifest['category'],
): ConnectorManifest => ({
  ...manifest(id, kind),
  category,
})
const all = [
  connector('webhook.catch', 'trigger', 'webhook'),
  connector('http.request', 'action', 'http'),
  connector('data.set', 'action', 'data'),
]
const shown = (search = '', recent: readonly string[] = []) =>
  connectorGroups(all, search, recent).map(({ title, connectors }) => [title, ...connectors.map(({ id }) => id)])

test('what was used last stands above all, and under its own heading too', () => {
  expect(shown('', ['data.set', 'gone.away', 'webhook.catch'])).toEqual([
    ['Recent', 'data.set', 'webhook.catch'],
    ['Triggers', 'webhook.catch'],
    ['Web', 'http.request'],
    ['Data', 'data.set'],
  ])
})

test('a search shows each that matches once', () => {
  expect(shown('set', ['data.set'])).toEqual([['Data', 'data.set']])
  expect(shown()[0]).toEqual(['Triggers', 'webhook.catch'])
})
