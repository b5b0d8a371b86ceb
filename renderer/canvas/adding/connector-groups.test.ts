import { expect, test } from 'vitest'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { manifest } from '../../draft/operations/test-manifests.ts'
import { orderApps, paletteOf, titleInApp } from './connector-groups.ts'

const built = (id: string, kind: 'trigger' | 'action', category: ConnectorManifest['category']): ConnectorManifest => ({
  ...manifest(id, kind),
  category,
})
const ofApp = (id: string, app: string, types: readonly string[], isNeeded: boolean): ConnectorManifest => ({
  ...built(id, id.endsWith('new') ? 'trigger' : 'action', 'app'),
  app,
  input: {
    type: 'object',
    properties: { account: { type: 'object', ui: { widget: 'credential', types } } },
    ...(isNeeded && { required: ['account'] }),
  },
})

test('steps of Hookline stand in groups, the triggers first, and a family where it is looked for', () => {
  const { groups } = paletteOf([
    built('http.request', 'action', 'http'),
    built('csv.parse', 'action', 'data'),
    built('list.sort', 'action', 'data'),
    built('webhook.catch', 'trigger', 'webhook'),
    built('file.read', 'action', 'file'),
  ])
  expect(groups.map(({ title, connectors }) => [title, ...connectors.map(({ id }) => id)])).toEqual([
    ['Triggers', 'webhook.catch'],
    ['Lists', 'list.sort'],
    ['Files', 'csv.parse', 'file.read'],
    ['Web', 'http.request'],
  ])
})

test('an app has its triggers and actions, its own types of account, and says whether it needs one', () => {
  const { apps, groups } = paletteOf([
    ofApp('zed.put', 'Zed', ['zed', 'basic'], false),
    ofApp('ant.new', 'Ant', ['ant'], true),
    ofApp('ant.put', 'Ant', ['ant'], true),
  ])
  expect(groups).toEqual([])
  expect(apps.map(({ title, accountTypes, needsAccount }) => ({ title, accountTypes, needsAccount }))).toEqual([
    { title: 'Ant', accountTypes: ['ant'], needsAccount: true },
    { title: 'Zed', accountTypes: ['zed'], needsAccount: false },
  ])
  expect(apps[0]?.connectors.map(({ kind }) => kind)).toEqual(['trigger', 'action'])
})

test('tiles are ordered by account, star and title', () => {
  const { apps } = paletteOf(['d', 'c', 'b', 'a'].map((id) => ofApp(`${id}.put`, id.toUpperCase(), [id], false)))
  const ordered = orderApps(apps, new Map([['c', ['mine']]]), ['d', 'c'])
  expect(ordered.map(({ title }) => title)).toEqual(['C', 'D', 'A', 'B'])
})

test.each([
  ['Read rows from Google Sheets', 'Google Sheets', 'Read rows'],
  ['Send a mail with Gmail', 'Gmail', 'Send a mail'],
  ['Delete a mail in Gmail for good', 'Gmail', 'Delete a mail in Gmail for good'],
  ['Gmail', 'Gmail', 'Gmail'],
])('on the page of its app “%s” is %s', (title, app, shown) => {
  expect(titleInApp({ ...manifest('a.b', 'action'), title, app })).toBe(shown)
})
