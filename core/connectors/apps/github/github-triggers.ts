import { isJsonList, isJsonObject, type Json } from '../../../domain/values/json.ts'
import { hookTrigger, keyOfSigned } from '../../service/hooks.ts'
import { newItemTrigger } from '../../service/operation.ts'
import { requestOf } from '../../service/request.ts'
import { at, HEADERS, pagesOf, repo, stored } from './github-values.ts'

/** A webhook of a repository for some events (https://docs.github.com/en/webhooks). */
function repositoryEvents(
  name: string,
  shownTitle: string,
  description: string,
  events: readonly string[],
  sample: Readonly<Record<string, Json>>,
) {
  return hookTrigger({
    name,
    title: shownTitle,
    description,
    keywords: ['webhook', 'repository', ...events.map((event) => event.replaceAll('_', ' '))],
    summary: '{repo}',
    scopes: ['admin:repo_hook'],
    fields: { repo },
    verify: { scheme: 'github' },
    headers: HEADERS,
    subscribe: 'POST /repos/{+repo}/hooks',
    body: ({ url, secret }) => ({
      name: 'web',
      active: true,
      events: [...events],
      config: { url, content_type: 'json', secret },
    }),
    id: 'id',
    unsubscribe: 'DELETE /repos/{+repo}/hooks/{id}',
    all: { request: 'GET /repos/{+repo}/hooks', pages: pagesOf(), url: 'config.url', id: 'id' },
    events: ({ headers, body: told }) => {
      const event = headers['x-github-event'] ?? ''
      if (!events.includes(event) || !isJsonObject(told)) return []
      return [{ key: keyOfSigned(told), data: { event, ...told } }]
    },
    sample: { event: events[0] ?? '', repository: { full_name: 'ada/engine' }, sender: { login: 'ada' }, ...sample },
  })
}

/** What starts zaps at GitHub: a list that is asked for, and what its webhooks tell. */
export const githubTriggers = [
  newItemTrigger({
    name: 'new-issue',
    title: 'New issue on GitHub',
    description: 'Starts for each issue that is opened in a repository.',
    keywords: ['bug', 'ticket', 'repository'],
    summary: '{repo}',
    fields: { repo },
    key: 'id',
    sample: stored,
    // Pull requests are in the same list.
    async list({ http, input }) {
      const request = requestOf(
        {
          request: 'GET /repos/{+repo}/issues?state=all&sort=created&direction=desc&per_page=100',
          fields: { repo },
          headers: HEADERS,
        },
        input,
      )
      const found = (await http(request)).body
      return isJsonList(found) ? found.filter((item) => at(item, 'pull_request') === null) : []
    },
  }),
  repositoryEvents('push', 'Push on GitHub', 'Starts when commits are pushed to a repository.', ['push'], {
    ref: 'refs/heads/main',
    head_commit: {
      id: '7fd1a60b',
      message: 'Mend the printer',
      url: 'https://github.com/ada/engine/commit/7fd1a60b',
    },
  }),
  repositoryEvents(
    'issues-and-comments',
    'Issue or comment on GitHub',
    'Starts when an issue is opened, changed or closed, and when one is commented on.',
    ['issues', 'issue_comment'],
    { action: 'opened', issue: stored },
  ),
  repositoryEvents(
    'pull-request',
    'Pull request on GitHub',
    'Starts when a pull request is opened, changed, merged or closed.',
    ['pull_request'],
    { action: 'opened', number: 43, pull_request: { ...stored, number: 43, merged: false } },
  ),
]
