import type { Json } from '../../../domain/values/json.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { longText, text } from '../../service/fields.ts'
import type { Pages } from '../../service/pages.ts'

/** What GitHub wants to be told with every request. */
export const HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' }

export const repo = text('Repository', {
  placeholder: 'owner/name',
  help: 'Its owner and its name.',
  from: { list: 'repos' },
})
export const body = longText('Text', { optional: true, as: 'body', help: 'Markdown.' })

/** Lists of GitHub say where their next page is in a header. */
export const pagesOf = (items = ''): Pages => ({ items, size: { as: 'per_page', most: 100 }, next: { by: 'link' } })

export const stored = {
  id: 2_764_000_000,
  number: 42,
  title: 'The printer is on fire',
  state: 'open',
  html_url: 'https://github.com/ada/engine/issues/42',
  user: { login: 'ada' },
  labels: [{ name: 'bug' }],
  created_at: '2026-11-30T09:00:00Z',
}
export const at = (item: Json, where: string): Json => valueAt(item, readPath(where)) ?? null
