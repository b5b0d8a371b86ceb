import { parseFeed } from 'feedsmith'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { shownAddress } from '../../domain/values/address-text.ts'
import type { Json } from '../../domain/values/json.ts'
import { failedAnswer } from '../kit/failed-answer.ts'
import type { ServiceContext } from '../service-context.ts'

/** What is remembered of an answer, so that a feed that did not change is not sent again (RFC 9110, section 13). */
export type FeedMarks = { readonly etag?: string | undefined; readonly modified?: string | undefined }

export type FeedItem = {
  readonly id: string
  readonly title: string
  readonly link: string
  readonly summary: string
  readonly content: string
  readonly author: string
  /** ISO 8601, or '' where the feed says none that can be read. */
  readonly publishedAt: string
  readonly categories: readonly string[]
  readonly enclosures: readonly { readonly url: string; readonly contentType: string; readonly bytes: number }[]
}

export type Feed = {
  readonly feed: { readonly title: string; readonly link: string; readonly description: string }
  readonly items: readonly FeedItem[]
}

const MAX_BYTES = 16_777_216
const MOST_ITEMS = 5_000

/** Reads a feed (RSS, Atom, RDF, JSON Feed); null when it is as it was. Throws a {@link StepError}. */
export async function fetchFeed(
  { http, clock }: Pick<ServiceContext, 'http' | 'clock'>,
  url: string,
  marks: FeedMarks = {},
): Promise<{ readonly found: Feed; readonly marks: FeedMarks } | null> {
  const response = await http({
    method: 'GET',
    url,
    headers: {
      accept: 'application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8',
      'user-agent': 'Hookline',
      ...(marks.etag !== undefined && { 'if-none-match': marks.etag }),
      ...(marks.modified !== undefined && { 'if-modified-since': marks.modified }),
    },
    body: null,
    maxBytes: MAX_BYTES,
  })
  if (response.status === 304) return null
  const text = decoded(response.body, response.headers['content-type'] ?? '')
  if (response.status >= 400) throw failedAnswer('GET', new URL(url), response, text, clock.now())
  const { etag, 'last-modified': modified } = response.headers
  return { found: readFeed(text, url), marks: { ...(etag && { etag }), ...(modified && { modified }) } }
}

/** The character set of a feed stands in its first line as often as in the header. */
function decoded(body: Uint8Array, contentType: string): string {
  const head = Buffer.from(body.subarray(0, 200)).toString('latin1')
  const named =
    /charset="?([\w-]+)/i.exec(contentType)?.[1] ??
    /^<\?xml[^>]{0,100}encoding=["']([\w-]+)/.exec(head.trimStart())?.[1]
  try {
    return new TextDecoder(named ?? 'utf-8').decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

/** What a feed of any kind says, in the same words. Throws a {@link StepError} `no-feed` for what is none. */
export function readFeed(text: string, url: string): Feed {
  let parsed: ReturnType<typeof parseFeed>
  try {
    parsed = parseFeed(text.trim(), { maxItems: MOST_ITEMS })
  } catch (cause) {
    const isPage = /^\s*<!doctype html|^\s*<html/i.test(text)
    const why = isPage
      ? 'a page, and no feed: look for its “RSS” or “Feed” link'
      : 'nothing that can be read as RSS, Atom, RDF or JSON Feed'
    const message = `${shownAddress(url)} answered ${why}.`
    throw new StepError({ code: 'no-feed', message, retryable: false }, { cause })
  }
  const feed = anySchema.parse(parsed.feed)
  const items = listOf(feed.items ?? feed.entries)
  return {
    feed: {
      title: plainText(feed.title),
      link: linkOf(feed, url),
      description: plainText(feed.description ?? feed.subtitle),
    },
    items: items.map((item) => itemOf(item, url)),
  }
}

type Any = { readonly [name: string]: unknown }
const anySchema = z.record(z.string(), z.unknown())

function objectOf(value: unknown): Any {
  return anySchema.safeParse(value).data ?? {}
}

function listOf(value: unknown): Any[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}

/** A text, also where a feed has it as an object with a value. */
function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  const { value: inner } = objectOf(value)
  return typeof inner === 'string' ? inner : ''
}

const first = (...values: unknown[]): string => values.map(plainText).find((one) => one !== '') ?? ''

function linkOf(of: Any, base: string): string {
  const links = listOf(of.links)
  const alternate = links.find(({ rel }) => rel === undefined || rel === 'alternate') ?? links[0]
  const found = first(of.link, of.url, of.external_url, of.home_page_url, alternate?.href)
  return found === '' ? '' : (URL.parse(found, base)?.href ?? found)
}

function itemOf(item: Any, base: string): FeedItem {
  const dc = objectOf(item.dc)
  const link = linkOf(item, base)
  const title = first(item.title)
  const content = first(objectOf(item.content).encoded, item.content, item.content_html, item.content_text)
  const summary = first(item.summary, item.description)
  const publishedAt = timeOf(
    first(item.pubDate, item.published, item.date_published, dc.date, item.updated, item.date_modified),
  )
  return {
    // Without an id of its own an item is known by where it is, or by what it says.
    id: first(item.guid, item.id, link) || `${title}\n${publishedAt}`,
    title,
    link,
    summary: summary || content,
    content: content || summary,
    author: authorOf(item, dc),
    publishedAt,
    categories: categoriesOf(item),
    enclosures: [
      ...listOf(item.enclosures),
      ...listOf(item.attachments),
      ...listOf(item.links).filter(({ rel }) => rel === 'enclosure'),
    ]
      .map((one) => ({
        url: first(one.url, one.href),
        contentType: first(one.type, one.mime_type),
        bytes: Number(one.length ?? one.size_in_bytes ?? 0) || 0,
      }))
      .filter((one) => one.url !== ''),
  }
}

function authorOf(item: Any, dc: Any): string {
  const people = [...listOf(item.authors), objectOf(item.author)]
  const names = people.map((one) => first(one.name, one.email)).filter((name) => name !== '')
  const plain = Array.isArray(item.authors) ? item.authors.map(plainText) : []
  return first(...names, ...plain, item.author, dc.creator, Array.isArray(dc.creators) ? dc.creators[0] : '')
}

function categoriesOf(item: Any): string[] {
  const tags = Array.isArray(item.tags) ? item.tags.map(plainText) : []
  const categories = Array.isArray(item.categories)
    ? item.categories.map((one) => first(one, objectOf(one).name, objectOf(one).term, objectOf(one).label))
    : []
  return [...tags, ...categories].filter((one) => one !== '')
}

function timeOf(text: string): string {
  const at = Date.parse(text)
  return Number.isNaN(at) ? '' : new Date(at).toISOString()
}

/** An item as JSON, with the feed that it stands in. */
export const eventOf = (item: FeedItem, feed: Feed['feed']): Json => ({
  ...item,
  categories: [...item.categories],
  enclosures: item.enclosures.map((one) => ({ ...one })),
  feed: { ...feed },
})
