import { defineApp } from '../../define-app.ts'
import { bearer, howTo, serverAt, serverField, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, json, moment, text, texts, yesNo } from '../../service/fields.ts'
import { handTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { hue, icon } from './logo.ts'

const address = serverAt('/api/0', 'https://sentry.io')

const organization = text('Organisation', { placeholder: 'acme', from: { list: 'organizations' } })
const project = text('Project', { placeholder: 'shop', from: { list: 'projects', needs: ['organization'] } })
const issue = text('Issue', { placeholder: '{{ issue.id }}', help: 'Its id.' })
const change = {
  status: choice('State', { resolved: 'Resolved', unresolved: 'Open', ignored: 'Ignored' }, { optional: true }),
  assignee: text('Assigned to', {
    as: 'assignedTo',
    optional: true,
    placeholder: 'ada@example.com',
    help: 'A person, or team:name.',
  }),
}
const pages: Pages = { items: '', size: { as: 'per_page', most: 100 }, next: { by: 'link' } }
const stored = {
  id: '1170820242',
  shortId: 'SHOP-2A',
  title: 'TypeError: undefined is not a function',
  culprit: 'checkout.js in pay',
  permalink: 'https://acme.sentry.io/issues/1170820242/',
  firstSeen: '2026-11-30T09:00:00Z',
  count: '3',
  status: 'unresolved',
}
const keywords = ['error', 'exception', 'crash', 'monitoring']

/** Sentry (https://docs.sentry.io/api). Its addresses end with a slash. */
export const sentry = defineApp({
  id: 'sentry',
  title: 'Sentry',
  icon,
  hue,
  address: { ofAccount: address, known: ['https://sentry.io', 'https://*.sentry.io'] },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'sentry',
      title: 'Sentry token',
      fields: [
        serverField('https://de.sentry.io', {
          usual: 'https://sentry.io',
          help: 'Another region, or a server of your own.',
        }),
      ],
      secret: { title: 'Token', placeholder: 'sntrys_…' },
      help: howTo(
        'A token in three steps',
        {
          title: 'Create an internal integration',
          text: 'Settings → Custom integrations. It also tells of issues.',
          link: { title: 'Custom integrations', url: 'https://sentry.io/settings/developer-settings/' },
        },
        {
          title: 'Give it rights',
          text: 'Issue & Event: read and write; Project and Organization: read; Release: admin.',
        },
        { title: 'Paste its token here' },
      ),
      signIn: bearer(),
      test: whoIs({ address, path: 'organizations/', name: ['[0].name', '[0].slug'] }),
    }),
  ],
  answers: { says: ['detail', 'detail.message'] },
  lists: {
    organizations: listOf({ request: 'GET /organizations/', pages, value: 'slug', label: 'name' }),
    projects: listOf({
      request: 'GET /organizations/{organization}/projects/',
      fields: { organization },
      pages,
      value: 'slug',
      label: 'name',
      hint: 'platform',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-issue',
      title: 'New issue in Sentry',
      description: 'Starts for each issue that is seen for the first time.',
      keywords,
      fields: {
        organization,
        query: text('Only where', { optional: true, placeholder: 'is:unresolved level:error' }),
      },
      summary: '{organization}',
      request: 'GET /organizations/{organization}/issues/?sort=new',
      pages,
      key: 'id',
      sample: stored,
    }),
    handTrigger({
      name: 'issue-or-alert',
      title: 'Sentry tells of an issue or an alert',
      description: 'Starts at once when an issue, an error, a comment or an alert comes up.',
      keywords: [...keywords, 'webhook', 'alert'],
      where: 'in Sentry under Settings → Custom integrations, as “Webhook URL” of an internal integration',
      verify: { scheme: 'hmac', header: 'Sentry-Hook-Signature' },
      secret: 'The client secret of the integration.',
      events: ({ headers, body }) => [
        {
          key: headers['request-id'] ?? null,
          data: { resource: headers['sentry-hook-resource'] ?? '', ...Object(body) },
        },
      ],
      sample: { resource: 'issue', action: 'created', data: { issue: stored }, installation: { uuid: '24b183be' } },
    }),
  ],
  actions: [
    operation({
      name: 'list-issues',
      title: 'List issues of Sentry',
      description: 'Reads issues, all or those that fit.',
      keywords: [...keywords, 'get many', 'search'],
      request: 'GET /organizations/{organization}/issues/',
      fields: {
        organization,
        query: text('Only where', { optional: true, placeholder: 'is:unresolved' }),
        sort: choice(
          'Order',
          { date: 'Last seen', new: 'First seen', freq: 'Most often' },
          { optional: true, advanced: true },
        ),
        project: text('Project', { optional: true, advanced: true, placeholder: '123', help: 'Its number.' }),
        period: text('Of the last', { as: 'statsPeriod', optional: true, advanced: true, placeholder: '24h' }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'update-issue',
      title: 'Change an issue of Sentry',
      description: 'Resolves an issue, opens it again, or assigns it.',
      keywords: [...keywords, 'resolve', 'assign', 'close'],
      summary: '{issue}',
      request: 'PUT /organizations/{organization}/issues/{issue}/',
      fields: { organization, issue, ...change },
      sample: { ...stored, status: 'resolved' },
    }),
    operation({
      name: 'update-issues',
      title: 'Change many issues of Sentry',
      description: 'Resolves issues, opens them again, or assigns them.',
      keywords: [...keywords, 'resolve', 'bulk'],
      request: 'PUT /organizations/{organization}/issues/',
      fields: {
        organization,
        // Without one, Sentry would change all that there are.
        issues: texts('Issues', { as: 'id', at: 'query', help: 'Ids, one a line.' }),
        ...change,
      },
      sample: { status: 'resolved' },
    }),
    operation({
      name: 'list-events',
      title: 'List events of a Sentry project',
      description: 'Reads the errors of a project, each time that one came up.',
      keywords: [...keywords, 'get many'],
      request: 'GET /projects/{organization}/{project}/events/',
      fields: { organization, project, full: yesNo('With all details', { advanced: true }) },
      pages,
      sample: {
        items: [{ eventID: '9fac2ceed9344f2bbfdd1fdacb0ed9b1', title: 'TypeError' }],
        count: 1,
        hasMore: false,
      },
    }),
    operation({
      name: 'create-release',
      title: 'Create a release in Sentry',
      description: 'Tells Sentry of a version. A version that is there already is changed.',
      keywords: ['version', 'deploy', 'publish'],
      summary: '{version}',
      request: 'POST /organizations/{organization}/releases/',
      // A second release of the same version is the first one.
      effect: 'idempotent',
      fields: {
        organization,
        version: text('Version', { placeholder: '2.4.1' }),
        projects: texts('Projects', { help: 'One a line.', placeholder: 'shop' }),
        refs: json('Commits', {
          optional: true,
          advanced: true,
          placeholder: '[{"repository":"acme/shop","commit":"2da95dfb"}]',
        }),
        url: text('Address', { optional: true, advanced: true }),
        released: moment('Released', { as: 'dateReleased', form: 'iso', optional: true, advanced: true }),
      },
      sample: { version: '2.4.1', dateCreated: '2026-11-30T09:00:00Z', projects: [{ slug: 'shop' }] },
    }),
    operation({
      name: 'list-projects',
      title: 'List the projects of Sentry',
      description: 'Reads the projects of an organisation.',
      keywords: ['get many'],
      request: 'GET /organizations/{organization}/projects/',
      fields: { organization },
      pages,
      sample: { items: [{ slug: 'shop', name: 'Shop', platform: 'javascript' }], count: 1, hasMore: false },
    }),
  ],
})
