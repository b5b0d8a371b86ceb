import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { type Json, jsonSchema } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import { parsePath } from '../../domain/values/value-path.ts'
import type { AppRequest } from '../app-request.ts'
import { eachPage, type PageClient, type Pages } from '../service/pages.ts'

const pathSchema = z
  .string()
  .max(1_000)
  .refine((path) => parsePath(path) !== null, {
    error: 'is no path, such as data.items or meta.next',
  })

/** Values of a list, over all its pages, that a step holds at most. */
const MOST_ITEMS = 1_000_000

/** How one page leads to the next, as a form asks for it. */
const nextFields = {
  next: z.enum(['link-header', 'cursor', 'page', 'offset', 'url-in-body']).meta({
    title: 'Where the next page is',
    ui: {
      labels: {
        'link-header': 'An address in the header Link',
        cursor: 'A word in the answer goes into the next request',
        page: 'The number of the page goes into the request',
        offset: 'The number of items so far goes into the request',
        'url-in-body': 'An address in the answer',
      },
    },
  }),
  at: pathSchema.optional().meta({
    title: 'Where it is in the answer',
    description: 'The path of the word or the address.',
    ui: { placeholder: 'meta.next', showIf: { field: 'next', in: ['cursor', 'url-in-body'] } },
  }),
  as: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({
      title: 'Parameter',
      description: 'Its name in the query, or in a JSON body.',
      ui: { placeholder: 'page', showIf: { field: 'next', in: ['cursor', 'page', 'offset'] } },
    }),
  in: z
    .enum(['query', 'body'])
    .default('query')
    .meta({
      title: 'It goes into',
      ui: {
        labels: { query: 'The address', body: 'The JSON body' },
        showIf: { field: 'next', in: ['cursor', 'page', 'offset'] },
      },
    }),
  start: z
    .int()
    .min(0)
    .default(1)
    .meta({ title: 'Number of the first page', ui: { showIf: { field: 'next', in: ['page'] } } }),
}

function checkNext({ next, at }: { next: string; at?: string | undefined }, issues: z.core.$RefinementCtx): void {
  if ((next === 'cursor' || next === 'url-in-body') && (at === undefined || at.trim() === ''))
    issues.addIssue({ code: 'custom', path: ['at'], message: 'is needed: the path of what leads to the next page' })
}

/** How the pages of a list that is polled follow each other; where the list is the trigger says itself. */
export const polledPagesSchema = z.strictObject(nextFields).superRefine(checkNext)

export const pagesSchema = z
  .strictObject({
    ...nextFields,
    items: pathSchema.default('').meta({
      title: 'Where the list is',
      description: 'A path in the answer, such as data.items; empty where the answer itself is the list.',
    }),
    max: z.int().min(1).max(10_000).default(100).meta({ title: 'Pages at most' }),
  })
  .superRefine(checkNext)

type PagesInput = z.output<typeof pagesSchema>

/** The items of all pages, as far as `max` goes, and whether more were left. */
export async function itemsOfPages(
  http: PageClient,
  request: AppRequest,
  input: PagesInput,
): Promise<{ items: Json[]; hasMore: boolean }> {
  const items: Json[] = []
  let count = 0
  const client = atOneOrigin(http, request)
  const whole: PageClient = async (page) => withList(request.path, await client(page))
  for await (const page of eachPage(whole, request, pagesOf(input), MOST_ITEMS)) {
    for (const item of page.items) items.push(item)
    count++
    if (!page.hasNext || count >= input.max || items.length >= MOST_ITEMS) return { items, hasMore: page.hasNext }
  }
  throw new Error('a list has at least one page')
}

/** A client that asks for pages of a list where that is, wherever an answer leads to: the credential would go along. */
export function atOneOrigin(http: PageClient, first: AppRequest): PageClient {
  const { origin } = new URL(first.path)
  return async (page) => {
    const address = URL.parse(page.path, first.path)
    if (address?.origin === origin) return http({ ...page, path: address.href })
    const message = `The next page of ${origin} is said to be at ${address?.origin ?? 'an address that is none'}: pages are read at one address alone.`
    throw new StepError({ code: 'pages-elsewhere', message, retryable: false })
  }
}

/** A page whose body can hold a list. Throws for one that cannot: its items would be missing without a word. */
function withList<Page extends { readonly body: Json }>(address: string, page: Page): Page {
  const { origin } = new URL(address)
  const { body } = page
  if (typeof body === 'object' && !isLargeValue(body)) return page
  const message = isLargeValue(body)
    ? `A page of ${origin} has ${Math.ceil(body.bytes / 1_048_576)} MB, too much to read its items: ask for fewer items a page.`
    : `A page of ${origin} is no JSON, so that there is no list in it.`
  throw new StepError({ code: 'bad-page', message, retryable: false })
}

export function pagesOf({ next, at = '', as, in: place, start, items }: Omit<PagesInput, 'max'>): Pages {
  const inBody = place === 'body'
  switch (next) {
    case 'link-header':
      return { items, next: { by: 'link' } }
    case 'url-in-body':
      return { items, next: { by: 'address', at } }
    case 'cursor':
      return { items, inBody, next: { by: 'cursor', at, as: as ?? 'cursor' } }
    case 'page':
      return { items, inBody, next: { by: 'page', as: as ?? 'page', first: start } }
    case 'offset':
      return { items, inBody, next: { by: 'offset', as: as ?? 'offset' } }
  }
}

/** The JSON of a body into which the word for the next page goes; undefined of one that is none. */
export function jsonOf(content: string): Json | undefined {
  try {
    return jsonSchema.parse(JSON.parse(content))
  } catch {
    return undefined
  }
}
