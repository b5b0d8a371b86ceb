import { createHash } from 'node:crypto'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonList, type Json, textOf } from '../../domain/values/json.ts'
import type { AppAnswer, AppClient, AppRequest } from '../app-request.ts'
import { readPath, valueAt } from '../kit/path.ts'
import { withField } from './request.ts'

/** How a service hands a long list over, page by page. */
export type Pages = {
  /** Where in an answer the items are; '' for the answer itself. */
  readonly items: string
  /** Where in each of them is what counts; all of it when absent. */
  readonly each?: string
  /** The parameter that says how many a page has, the most that it may, and the least where that is more than one. */
  readonly size?: { readonly as: string; readonly most: number; readonly least?: number }
  /** Where the next page is: a word of the answer that goes into a parameter, the address in the answer or its `Link`, a count. */
  readonly next?:
    | { readonly by: 'cursor'; readonly at: string; readonly as: string }
    | { readonly by: 'address'; readonly at: string }
    | { readonly by: 'link' }
    | { readonly by: 'page'; readonly as: string; readonly first?: number }
    | { readonly by: 'offset'; readonly as: string }
    /**
     * An address in the `Link` or where services have one, else a word that goes into the parameter `as`, else a number: for a service of which
     * nothing else is known. `otherwise` says what counts.
     */
    | {
        readonly by: 'found'
        readonly as?: string | undefined
        readonly otherwise?:
          | { readonly by: 'page' | 'offset'; readonly as: string; readonly first?: number }
          | undefined
      }
    /** A word of the last item. */
    | { readonly by: 'last'; readonly at: string; readonly as: string }
  /**
   * Where an answer says whether there is more, and what it says at the end. Where it does not, a page without items is the end, unless it names the
   * next one: some services leave items out only after they cut the list into pages.
   */
  readonly end?: { readonly at: string; readonly is: Json }
  /** Parameters go into the body of a request that has one; dots make objects there. */
  readonly inBody?: boolean
}

/** Pages that are asked for at most: a service may name the same next page for ever. */
const MOST_PAGES = 1_000

/** Pages without items that are read in a row: a service may name a next page also at the end. */
const MOST_EMPTY = 10

/** What asks for a page: an app's client, or any other. */
export type PageClient = (request: AppRequest) => Promise<Pick<AppAnswer, 'headers' | 'body'>>

/** One page of a list. */
type Page = { readonly items: readonly Json[]; readonly hasNext: boolean }

/**
 * The pages of a list, one after the other, until there are no more. `limit` is how many items are wanted in all.
 *
 * @throws StepError `pages-loop` where a page leads to one that was read already: its items would come again and again.
 */
export async function* eachPage(
  http: PageClient,
  first: AppRequest,
  pages: Pages,
  limit: number,
): AsyncGenerator<Page> {
  let asked = withParameters(first, sizeOf(pages, limit), pages.inBody)
  let before = 0
  let emptyInARow = 0
  const past = new Set<string>()
  for (let page = 0; ; page++) {
    const { path, query = null, body = null } = asked
    const request = createHash('sha256')
      .update(JSON.stringify([path, query, body]))
      .digest('base64')
    if (past.has(request)) {
      if (emptyInARow === 0) throw sameAgain(page)
      yield { items: [], hasNext: false }
      return
    }
    past.add(request)
    const answer = await http(asked)
    const found = valueAt(answer.body, readPath(pages.items)) ?? []
    const list = isJsonList(found) ? found : []
    const { each, end } = pages
    const items = each === undefined ? list : list.map((item) => valueAt(item, readPath(each)) ?? null)
    emptyInARow = list.length === 0 ? emptyInARow + 1 : 0
    const isEnd =
      emptyInARow > (isNamed(pages.next) ? MOST_EMPTY : 0) ||
      (end !== undefined && (valueAt(answer.body, readPath(end.at)) ?? null) === end.is)
    before += items.length
    const next = isEnd ? null : nextOf(pages, asked, answer, { page, count: before, last: items.at(-1) ?? null })
    yield { items, hasNext: next !== null }
    if (next === null) return
    asked = next
  }
}

/** Whether an answer itself says where the next page is, so that it need not be counted. */
function isNamed(next: Pages['next']): boolean {
  if (next?.by === 'found') return next.otherwise === undefined
  return next?.by === 'cursor' || next?.by === 'address' || next?.by === 'link'
}

function sameAgain(page: number): StepError {
  const message = `After ${page} ${page === 1 ? 'page' : 'pages'} the list leads to one that was read already, so its end would never come: look where the next page is said to be.`
  return new StepError({ code: 'pages-loop', message, retryable: false })
}

/** The items of a list, `limit` at most, and whether there are more. */
export async function readPages(
  http: AppClient,
  request: AppRequest,
  pages: Pages,
  limit: number,
): Promise<{ items: Json[]; hasMore: boolean }> {
  const all: Json[] = []
  let count = 0
  for await (const { items, hasNext } of eachPage(http, request, pages, limit)) {
    const room = limit - all.length
    all.push(...items.slice(0, room))
    if (all.length >= limit) return { items: all, hasMore: hasNext || items.length > room }
    if (++count >= MOST_PAGES) return { items: all, hasMore: hasNext }
  }
  return { items: all, hasMore: false }
}

function sizeOf({ size }: Pages, limit: number): Readonly<Record<string, number>> {
  return size === undefined ? {} : { [size.as]: Math.max(size.least ?? 1, Math.min(size.most, limit)) }
}

function nextOf(
  pages: Pages,
  asked: AppRequest,
  answer: Pick<AppAnswer, 'headers' | 'body'>,
  { page, count, last }: { readonly page: number; readonly count: number; readonly last: Json },
): AppRequest | null {
  const { next, inBody } = pages
  switch (next?.by) {
    case undefined:
      return null
    case 'cursor': {
      const cursor = valueAt(answer.body, readPath(next.at))
      const word = typeof cursor === 'number' ? String(cursor) : cursor
      return typeof word === 'string' && word !== '' ? withParameters(asked, { [next.as]: word }, inBody) : null
    }
    case 'address': {
      const address = valueAt(answer.body, readPath(next.at))
      return typeof address === 'string' && address !== '' ? toAddress(asked, address) : null
    }
    case 'link': {
      const address = linkOf(answer.headers.link)
      return address === undefined ? null : toAddress(asked, address)
    }
    case 'found': {
      const address = linkOf(answer.headers.link) ?? found(answer.body, NEXT_ADDRESSES).find(isAddress)
      if (address !== undefined) return toAddress(asked, address)
      const word = next.as === undefined ? undefined : found(answer.body, NEXT_WORDS).find((one) => one !== '')
      if (next.as !== undefined && word !== undefined) return withParameters(asked, { [next.as]: word }, inBody)
      return next.otherwise === undefined
        ? null
        : nextOf({ ...pages, next: next.otherwise }, asked, answer, { page, count, last })
    }
    case 'page':
      return withParameters(asked, { [next.as]: (next.first ?? 1) + page + 1 }, inBody)
    case 'offset':
      return withParameters(asked, { [next.as]: count }, inBody)
    case 'last': {
      const word = valueAt(last, readPath(next.at)) ?? null
      return word === null ? null : withParameters(asked, { [next.as]: textOf(word) }, inBody)
    }
  }
}

/** Where services put the address of the next page, or the word for it. */
const NEXT_ADDRESSES = [
  'next',
  'next_url',
  'nextUrl',
  'next_page_url',
  'nextLink',
  '["@odata.nextLink"]',
  'links.next',
  'links.next.href',
  '_links.next',
  '_links.next.href',
  'paging.next',
  'pagination.next',
  'pagination.next_url',
  'meta.next',
  'meta.next_url',
]
const NEXT_WORDS = [
  'next_cursor',
  'nextCursor',
  'next_page_token',
  'nextPageToken',
  'next_token',
  'nextToken',
  'cursor',
  'next_page',
  'next',
  'offset',
  'meta.next_cursor',
  'meta.nextCursor',
  'meta.cursor.next',
  'pagination.next_cursor',
  'paging.next.after',
  'paging.cursors.after',
  'cursors.after',
  'response_metadata.next_cursor',
  'page_info.end_cursor',
]

const found = (body: Json, paths: readonly string[]): string[] =>
  paths.flatMap((path) => {
    const value = valueAt(body, readPath(path))
    return typeof value === 'string' ? [value] : typeof value === 'number' ? [String(value)] : []
  })

const isAddress = (text: string): boolean => /^(?:https?:\/)?\/./i.test(text) || /^\?./.test(text)

const toAddress = ({ query: _, ...rest }: AppRequest, path: string): AppRequest => ({ ...rest, path })

function withParameters(
  request: AppRequest,
  parameters: Readonly<Record<string, string | number>>,
  inBody = false,
): AppRequest {
  if (Object.keys(parameters).length === 0) return request
  if (!inBody) return { ...request, query: { ...request.query, ...parameters } }
  const body = Object.entries(parameters).reduce<Json>(
    (made, [name, value]) => withField(made, name.split('.'), value),
    request.body ?? {},
  )
  return { ...request, body }
}

/** The address of the next page in a `Link` header (RFC 8288). */
function linkOf(header: string | readonly string[] | undefined): string | undefined {
  const text = typeof header === 'string' ? header : (header?.join(', ') ?? '')
  for (const part of text.slice(0, 10_000).split(/,(?=\s*<)/)) {
    const [address = '', ...parameters] = part.split(';')
    if (parameters.some((one) => /^\s*rel\s*=\s*"?next"?\s*$/i.test(one))) return address.trim().replace(/^<|>$/g, '')
  }
  return undefined
}
