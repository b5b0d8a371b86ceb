import { defineApp } from '../../define-app.ts'
import { bearer, howTo, serverAt, serverField, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, json, longText, moment, number, text, texts, yesNo } from '../../service/fields.ts'
import { handTrigger } from '../../service/hooks.ts'
import { listOf, operation } from '../../service/operation.ts'
import { hue, icon } from './logo.ts'

const address = serverAt('/api')
const dashboard = text('Dashboard', { placeholder: 'cIBgcSjkk', help: 'Its uid.', from: { list: 'dashboards' } })
const found = { uid: 'cIBgcSjkk', title: 'Production', url: '/d/cIBgcSjkk/production', type: 'dash-db' }
const keywords = ['monitoring', 'dashboard', 'metrics']

/** Grafana (https://grafana.com/docs/grafana/latest/developers/http_api). */
export const grafana = defineApp({
  id: 'grafana',
  title: 'Grafana',
  icon,
  hue,
  address: { ofAccount: address },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'grafana',
      title: 'Grafana token',
      fields: [serverField('https://acme.grafana.net')],
      secret: { title: 'Token', placeholder: 'glsa_…' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Add a service account',
          text: 'Administration → Users and access → Service accounts; as Editor. Then add a token.',
        },
        { title: 'Paste it here', text: 'With the address of Grafana.' },
      ),
      signIn: bearer(),
      test: whoIs({ address, path: 'org', name: ['name'] }),
    }),
  ],
  lists: {
    dashboards: listOf({
      request: 'GET /search?type=dash-db',
      pages: { items: '', size: { as: 'limit', most: 1_000 } },
      value: 'uid',
      label: 'title',
      hint: 'folderTitle',
      search: 'query',
    }),
    folders: listOf({ request: 'GET /folders', pages: { items: '' }, value: 'uid', label: 'title' }),
  },
  triggers: [
    handTrigger({
      name: 'alert',
      title: 'Grafana alerts',
      description: 'Starts at once when an alert fires, and when it is over.',
      keywords: [...keywords, 'webhook', 'incident'],
      where: 'in Grafana under Alerting → Contact points, as one of the kind “Webhook”, with an HMAC signature',
      verify: { scheme: 'hmac', header: 'X-Grafana-Alerting-Signature' },
      secret: 'The one of the HMAC signature that is entered there.',
      isProofOptional: true,
      events: ({ body }) => [{ key: null, data: body }],
      sample: {
        receiver: 'Hookline',
        status: 'firing',
        title: '[FIRING:1] High load',
        message: 'Load is above 80 %.',
        alerts: [
          {
            status: 'firing',
            labels: { alertname: 'High load' },
            annotations: { summary: 'Load is above 80 %.' },
            startsAt: '2026-11-30T09:00:00Z',
            fingerprint: '57c6d9296de2ad39',
          },
        ],
      },
    }),
  ],
  actions: [
    operation({
      name: 'save-dashboard',
      title: 'Save a dashboard in Grafana',
      description: 'Creates a dashboard, or changes the one with its uid.',
      keywords: [...keywords, 'create', 'update'],
      request: 'POST /dashboards/db',
      fields: {
        dashboard: json('Dashboard', { placeholder: '{"uid":"cIBgcSjkk","title":"Production","panels":[]}' }),
        folder: text('Folder', { as: 'folderUid', optional: true, from: { list: 'folders' } }),
        overwrite: yesNo('Also over a newer one', { advanced: true }),
        message: text('What changed', { optional: true, advanced: true }),
      },
      sample: { id: 1, uid: 'cIBgcSjkk', url: '/d/cIBgcSjkk/production', status: 'success', version: 2 },
    }),
    operation({
      name: 'get-dashboard',
      title: 'Get a dashboard from Grafana',
      description: 'Reads a dashboard as JSON.',
      keywords: [...keywords, 'read', 'backup'],
      request: 'GET /dashboards/uid/{dashboard}',
      fields: { dashboard },
      sample: { dashboard: { uid: 'cIBgcSjkk', title: 'Production', panels: [] }, meta: { slug: 'production' } },
    }),
    operation({
      name: 'search',
      title: 'Find dashboards in Grafana',
      description: 'Finds dashboards and folders by their names and tags.',
      keywords: [...keywords, 'list', 'get many'],
      request: 'GET /search',
      fields: {
        query: text('Search for', { optional: true }),
        type: choice('What', { 'dash-db': 'Dashboards', 'dash-folder': 'Folders' }, { optional: true }),
        tags: texts('Tags', { as: 'tag', optional: true, advanced: true, help: 'One a line.' }),
      },
      pages: { items: '', size: { as: 'limit', most: 5_000 }, next: { by: 'page', as: 'page' } },
      sample: { items: [found], count: 1, hasMore: false },
    }),
    operation({
      name: 'create-annotation',
      title: 'Add an annotation in Grafana',
      description: 'Marks a moment, or a time, in dashboards.',
      keywords: [...keywords, 'event', 'deploy', 'note'],
      summary: '{text}',
      request: 'POST /annotations',
      fields: {
        text: longText('Text'),
        tags: texts('Tags', { optional: true }),
        time: moment('At', { form: 'ms', optional: true, help: 'Now when empty.' }),
        until: moment('Until', { as: 'timeEnd', form: 'ms', optional: true }),
        dashboard: { ...text('Dashboard', { optional: true, from: { list: 'dashboards' } }), as: 'dashboardUID' },
        panel: number('Panel', { as: 'panelId', optional: true, advanced: true, min: 0, help: 'Its number.' }),
      },
      sample: { id: 1, message: 'Annotation added' },
    }),
    operation({
      name: 'create-team',
      title: 'Create a team in Grafana',
      description: 'Adds a team.',
      keywords: ['people', 'group'],
      request: 'POST /teams',
      fields: { name: text('Name'), email: text('E-mail', { optional: true }) },
      sample: { teamId: 2, message: 'Team created' },
    }),
  ],
})
