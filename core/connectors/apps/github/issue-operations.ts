import { choice, longText, moment, text, texts } from '../../service/fields.ts'
import { operation } from '../../service/operation.ts'
import { joined } from '../../service/parts.ts'
import { body, HEADERS, pagesOf, repo, stored } from './github-values.ts'

const issue = text('Issue', { placeholder: '42', help: 'The number of an issue or of a pull request.' })
const title = text('Title')
const labels = texts('Labels', { optional: true, help: 'Names, one a line.' })
const assignees = texts('Assigned to', { optional: true, advanced: true, help: 'User names, one a line.' })

/** What is done with issues and pull requests (https://docs.github.com/en/rest/issues). */
export const issueOperations = [
  operation({
    name: 'create-issue',
    title: 'Create an issue on GitHub',
    description: 'Opens an issue in a repository.',
    keywords: ['bug', 'ticket', 'open'],
    summary: '{title}',
    request: 'POST /repos/{+repo}/issues',
    headers: HEADERS,
    fields: { repo, title, text: body, labels, assignees },
    sample: stored,
  }),
  operation({
    name: 'comment-issue',
    title: 'Comment on GitHub',
    description: 'Writes a comment on an issue or a pull request.',
    keywords: ['reply', 'issue', 'pull request'],
    request: 'POST /repos/{+repo}/issues/{issue}/comments',
    headers: HEADERS,
    fields: { repo, issue, text: longText('Text', { as: 'body', help: 'Markdown.' }) },
    sample: { id: 1_764_000_000, html_url: 'https://github.com/ada/engine/issues/42#issuecomment-1764000000' },
  }),
  operation({
    name: 'update-issue',
    title: 'Change an issue on GitHub',
    description: 'Changes an issue, closes it or opens it again.',
    keywords: ['edit', 'close', 'reopen'],
    request: 'PATCH /repos/{+repo}/issues/{issue}',
    effect: 'idempotent',
    headers: HEADERS,
    fields: {
      repo,
      issue,
      state: choice('State', { open: 'Open', closed: 'Closed' }, { optional: true }),
      reason: choice(
        'Closed because',
        { completed: 'It is done', not_planned: 'It will not be done' },
        { as: 'state_reason', optional: true, advanced: true },
      ),
      title: text('Title', { optional: true }),
      text: body,
      labels: texts('Labels', { optional: true, help: 'These take the place of all others.' }),
      assignees,
    },
    sample: { ...stored, state: 'closed' },
  }),
  operation({
    name: 'list-issues',
    title: 'List issues on GitHub',
    description: 'Reads the issues of a repository, pull requests among them.',
    keywords: ['get many', 'find'],
    request: 'GET /repos/{+repo}/issues',
    headers: HEADERS,
    fields: {
      repo,
      state: choice('State', { open: 'Open', closed: 'Closed', all: 'All' }),
      labels: texts('With the labels', { optional: true, send: joined }),
      since: moment('Changed since', { form: 'iso', optional: true, advanced: true }),
      sort: choice('Sorted by', { created: 'Creation', updated: 'Change' }, { optional: true, advanced: true }),
      direction: choice('Order', { desc: 'Newest first', asc: 'Oldest first' }, { optional: true, advanced: true }),
    },
    pages: pagesOf(),
    sample: { items: [stored], count: 1, hasMore: false },
  }),
  operation({
    name: 'search-issues',
    title: 'Search issues on GitHub',
    description: 'Finds issues and pull requests in all repositories that the account may see.',
    keywords: ['find', 'pull request', 'query'],
    request: 'GET /search/issues',
    headers: HEADERS,
    fields: {
      query: text('Search for', { as: 'q', placeholder: 'repo:ada/engine is:open label:bug' }),
      sort: choice(
        'Sorted by',
        { created: 'Creation', updated: 'Change', comments: 'Comments' },
        { optional: true, advanced: true },
      ),
    },
    pages: pagesOf('items'),
    sample: { items: [stored], count: 1, hasMore: false },
  }),
]
