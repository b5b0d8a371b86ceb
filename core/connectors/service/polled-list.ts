import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Clock } from '../../domain/time/clock.ts'
import { isJsonObject, type Json, type JsonObject } from '../../domain/values/json.ts'
import type { AppRequest } from '../app-request.ts'
import { atOneOrigin, pagesOf, polledPagesSchema } from '../http/request-pages.ts'
import { itemKey, listAt } from '../kit/list-at.ts'
import { keyedPages, newItemsOfPages } from '../kit/new-items.ts'
import type { Polled } from '../trigger-sources.ts'
import { eachPage, type PageClient, type Pages } from './pages.ts'

/** What is asked again of the time before the last poll: clocks differ, and some services list things a while after they came. */
const OVERLAP_MS = 300_000

/** The fields of a poll that say how its list goes on, and how it is kept short. */
export const polledListFields = {
  pages: polledPagesSchema.optional().meta({
    title: 'Pages',
    description:
      'How the list goes on, for when more came than a page holds. Empty: by the header Link, or an address in the answer.',
    ui: { advanced: true },
  }),
  since: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({
      title: 'Parameter for the time of the last poll',
      description: 'For a service that lists what came since then.',
      ui: { placeholder: 'updated_after', advanced: true },
    }),
  sinceAs: z
    .enum(['iso', 'unix', 'unix-ms'])
    .optional()
    .meta({
      title: 'How that time is written',
      ui: {
        advanced: true,
        labels: { iso: '2026-11-30T09:00:00Z', unix: 'Seconds since 1970', 'unix-ms': 'Milliseconds since 1970' },
      },
    }),
}

export type SinceForm = 'iso' | 'unix' | 'unix-ms'

/** What of a list is new; see {@link newItemsOfPages}. `first` is its first page; `since` a parameter that goes into its address. */
export async function pollList(
  http: PageClient,
  first: AppRequest,
  {
    cursor,
    clock,
    ...list
  }: {
    /** Where the list is in an answer, and what tells an item from others, as paths. */
    readonly items: string
    readonly key: string
    readonly pages: z.output<typeof polledPagesSchema> | undefined
    /** How the list goes on where `pages` does not say. */
    readonly otherwise: Pages['next']
    readonly since: { readonly as: string; readonly form: SinceForm } | undefined
    /** Whether what is there at the first poll is wanted: then all pages of it are. */
    readonly startsWith: 'ignore' | 'all'
    readonly cursor: Json | null
    readonly clock: Pick<Clock, 'now'>
  },
): Promise<Polled> {
  const at = clock.now()
  const before: JsonObject | null = cursor !== null && isJsonObject(cursor) ? cursor : null
  const { since } = list
  const lastAt = since !== undefined && typeof before?.at === 'number' ? before.at : null
  const request =
    since === undefined || lastAt === null
      ? first
      : { ...first, query: { ...first.query, [since.as]: written(lastAt - OVERLAP_MS, since.form) } }
  const client = atOneOrigin(http, first)
  const withList: PageClient = async (page) => {
    const answer = await client(page)
    listAt(answer.body, list.items)
    return answer
  }
  let isFirst = true
  /** Why a page that was only guessed could not be read; its list ends there. */
  let wrong: string | undefined
  const guessed: PageClient = async (page) => {
    if (!isFirst) {
      return withList(page).catch((error: unknown) => {
        const { message, retryable } = StepError.from(error)
        if (retryable) throw error
        wrong = message
        return { headers: {}, body: null }
      })
    }
    isFirst = false
    return withList(page)
  }
  const pages: Pages =
    list.pages === undefined
      ? { items: list.items, ...(list.otherwise && { next: list.otherwise }) }
      : pagesOf({ ...list.pages, items: list.items })
  const read = eachPage(list.pages === undefined ? guessed : withList, request, pages, Number.MAX_SAFE_INTEGER)
  const keyed = keyedPages(read, (item, position) => ({
    key: itemKey(item, list.key, position),
    data: { item, position },
  }))
  const isAllNew = before === null ? list.startsWith === 'all' : lastAt !== null
  const found = await newItemsOfPages(keyed, before, { usual: 'a page', now: () => clock.now(), isAllNew })
  return {
    ...found,
    cursor: {
      ...Object(found.cursor),
      ...(wrong !== undefined && { isCut: true }),
      ...(since !== undefined && { at }),
    },
    ...(wrong !== undefined && { note: `The list goes on, but its next page could not be read: ${wrong}` }),
  }
}

function written(ms: number, form: SinceForm): string {
  if (form === 'unix-ms') return String(ms)
  return form === 'unix' ? String(Math.floor(ms / 1_000)) : new Date(ms).toISOString().replace('.000Z', 'Z')
}
