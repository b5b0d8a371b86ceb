import { z } from 'zod'
import type { Clock } from '../../domain/time/clock.ts'
import { isJsonList, isJsonObject, type Json, jsonSchema } from '../../domain/values/json.ts'
import type { AppClient } from '../app-request.ts'
import { appPoll } from '../app-triggers.ts'
import type { Effect } from '../define.ts'
import { type AppContext, appAction } from '../define-app.ts'
import type { OptionsPage } from '../field-options.ts'
import { keyedPages, newItems, newItemsOfPages } from '../kit/new-items.ts'
import { readPath, valueAt } from '../kit/path.ts'
import type { Polled } from '../trigger-sources.ts'
import { number, type ServiceField } from './fields.ts'
import { eachPage, type Pages, readPages } from './pages.ts'
import { type Entered, type RequestLine, type RequestRule, requestOf, type ServiceFields } from './request.ts'

/** What people read of an operation or trigger of a service. */
export type Shown = {
  /** What its id ends with: `send-message`. */
  readonly name: string
  readonly title: string
  readonly description: string
  readonly keywords?: readonly string[]
  /** One line about a configured step, with `{field}`; that of its first field when absent. */
  readonly summary?: string
  /** What its account must be granted. */
  readonly scopes?: readonly string[]
  /** An example of the output, as the service has it. */
  readonly sample: Json
}

type Operation = Shown & {
  readonly fields?: ServiceFields
  /** What repeating it does; by its method when absent: nothing for GET, the same for PUT and DELETE, `unsafe` for the rest. */
  readonly effect?: Effect
  readonly timeoutMs?: number
} & (
    | (Omit<RequestRule, 'fields'> & {
        /** What of the answer counts, as a path. A list becomes `{ items, count }`. */
        readonly result?: string
        /** What tells a repeat at this service, as fields of the body: the same for the same key. */
        readonly key?: (idempotencyKey: string) => Readonly<Record<string, Json>>
        /** The header in which this service takes the key that tells a repeat, where that is not `Idempotency-Key`. */
        readonly keyHeader?: string
        /** A list that comes in pages: the form asks how many items at most. */
        readonly pages?: Pages
      })
    | {
        /** What cannot be said as one request. */
        run(context: Omit<AppContext<never>, 'input'> & { readonly input: Entered }): Promise<Json>
      }
  )

/** How many items of a list are read where the form says nothing. */
const LIMIT = 100
const MOST_ITEMS = 10_000

const limitField = number('At most', {
  min: 1,
  max: MOST_ITEMS,
  at: 'nowhere',
  advanced: true,
  help: 'Items; 100 when empty.',
  optional: true,
})

/** An operation of a service, said as one request: an action of its app. */
export function operation(declared: Operation): ReturnType<typeof appAction> {
  const { name, title, description, keywords, sample, timeoutMs, scopes } = declared
  const pages = 'request' in declared ? declared.pages : undefined
  const fields = { ...declared.fields, ...(pages === undefined ? {} : { limit: limitField }) }
  return appAction({
    name,
    title,
    description,
    ...(keywords && { keywords }),
    ...(scopes && { scopes }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    takesFiles: Object.entries(fields).flatMap(([field, { isFile }]) => (isFile === true ? [field] : [])),
    summary: declared.summary ?? summaryOf(fields),
    effect: declared.effect ?? ('request' in declared ? effectOf(declared.request) : 'unsafe'),
    input: formOf(fields),
    output: outputSchema,
    sample,
    async run(context) {
      const entered = enteredOf(context.input)
      if ('run' in declared) return outputOf(await declared.run({ ...context, input: entered }))
      const request = requestOf({ ...declared, fields }, entered)
      if (pages !== undefined) {
        const limit = typeof entered.limit === 'number' ? entered.limit : LIMIT
        const { items, hasMore } = await readPages(context.http, request, pages, limit)
        return { items, count: items.length, hasMore }
      }
      const keyed = declared.key?.(context.idempotencyKey)
      const own = isJsonObject(request.body ?? null) ? Object(request.body) : {}
      const header = declared.keyHeader
      const { body } = await context.http({
        ...request,
        ...(keyed && { body: { ...own, ...keyed } }),
        ...(header !== undefined && { headers: { ...request.headers, [header]: context.idempotencyKey } }),
      })
      return outputOf(declared.result === undefined ? body : (valueAt(body, readPath(declared.result)) ?? null))
    },
  })
}

/** How what is new in a list of a service is found. */
export type NewItems = {
  /** Tells one item from all others, as a path or of its value. */
  readonly key: string | ((item: Json) => string)
  /** A number by which later items are higher than earlier ones, such as that of a row: what is above the highest one seen is new. */
  readonly order?: (item: Json) => number
  /** What a run is given of an item; all of it when absent. */
  readonly event?: (item: Json) => Json
} & (
  | (Omit<RequestRule, 'fields'> & { readonly pages: Pages; readonly most?: number })
  | {
      /** What cannot be said as one request; `now` in milliseconds since 1970 UTC. */
      list(context: {
        readonly http: AppClient
        readonly input: Entered
        readonly now: number
      }): Promise<readonly Json[]>
    }
)

/** Asks for a list, and what of it is new. */
export async function pollNewItems(
  declared: NewItems & { readonly fields?: ServiceFields },
  {
    input,
    http,
    cursor,
    clock,
  }: {
    readonly input: unknown
    readonly http: AppClient
    readonly cursor: Json | null
    readonly clock: Pick<Clock, 'now'>
  },
): Promise<Polled> {
  const entered = enteredOf(input)
  const { key, event, order } = declared
  const keyedItem = (item: Json) => ({
    key: typeof key === 'string' ? String(valueAt(item, readPath(key)) ?? JSON.stringify(item)) : key(item),
    data: event === undefined ? item : event(item),
  })
  if (!('list' in declared) && order === undefined) {
    const usual = declared.most ?? LIMIT
    const pages = eachPage(http, requestOf(declared, entered), declared.pages, usual)
    // What is there at the first poll is wanted as a whole, or not at all.
    const isAllNew = cursor === null && entered.first === 'all'
    return newItemsOfPages(keyedPages(pages, keyedItem), cursor, { usual, now: () => clock.now(), isAllNew })
  }
  const items =
    'list' in declared
      ? await declared.list({ http, input: entered, now: clock.now() })
      : (await readPages(http, requestOf(declared, entered), declared.pages, declared.most ?? LIMIT)).items
  const keyed = items.map(keyedItem)
  if (order === undefined) return newItems(keyed, cursor)
  const before = typeof cursor === 'number' ? cursor : Number.NEGATIVE_INFINITY
  // Of an item without its number nothing can be told.
  const numbers = items.map((item) => Number(order(item)) || 0)
  // Where items were taken away, what comes next counts from there.
  return {
    events: keyed.filter((_, at) => (numbers[at] ?? 0) > before),
    cursor: Math.max(0, ...numbers.slice(-100_000)),
  }
}

/** A trigger of a service that starts a run for each item that was not in a list before. */
export function newItemTrigger(
  declared: Shown &
    NewItems & {
      readonly fields?: ServiceFields
      /** How often it asks when the step says nothing; `5m` when absent. */
      readonly every?: string
    },
): ReturnType<typeof appPoll> {
  const { name, title, description, keywords, sample, every, scopes, fields = {} } = declared
  return appPoll({
    name,
    title,
    description,
    ...(keywords && { keywords }),
    ...(scopes && { scopes }),
    ...(every !== undefined && { every }),
    summary: declared.summary ?? summaryOf(fields),
    input: formOf(fields),
    output: outputSchema,
    sample,
    poll: (context) => pollNewItems(declared, context),
  })
}

/** A list of a service, for a field to choose from. */
export function listOf(declared: {
  readonly request: RequestLine
  /** Fields of the step that the request names. */
  readonly fields?: ServiceFields
  readonly body?: Readonly<Record<string, Json>>
  readonly headers?: Readonly<Record<string, string>>
  readonly pages: Pages
  readonly value: string
  readonly label: string | ((item: Json) => string)
  readonly hint?: string
  /** The parameter in which the service looks for what is typed. */
  readonly search?: string
}) {
  return async (given: {
    readonly http: AppClient
    readonly input: Entered
    readonly search: string
  }): Promise<OptionsPage> => {
    const request = requestOf(declared, given.input)
    const { search } = declared
    const looking = search === undefined || given.search === '' ? {} : { [search]: given.search }
    const { items } = await readPages(
      given.http,
      request.method === 'POST'
        ? { ...request, body: { ...Object(request.body ?? {}), ...looking } }
        : { ...request, query: { ...request.query, ...looking } },
      declared.pages,
      1_000,
    )
    const options = items.flatMap((item) => {
      const value = valueAt(item, readPath(declared.value))
      if (value === undefined || value === null) return []
      const label =
        typeof declared.label === 'function' ? declared.label(item) : valueAt(item, readPath(declared.label))
      const hint = declared.hint === undefined ? undefined : valueAt(item, readPath(declared.hint))
      return [
        {
          value: String(value),
          label: label === undefined || label === null || label === '' ? String(value) : String(label),
          ...(typeof hint === 'string' && { hint }),
        },
      ]
    })
    return { options, next: null }
  }
}

export const outputSchema = z.record(z.string(), jsonSchema)
const enteredSchema = z.record(z.string(), jsonSchema.optional())

export const enteredOf = (input: unknown): Entered => enteredSchema.parse(input)

export function formOf(fields: Readonly<Record<string, ServiceField>>) {
  return z.strictObject(Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema])))
}

export function summaryOf(fields: Readonly<Record<string, ServiceField>>): string {
  const first = Object.keys(fields)[0]
  return first === undefined ? '' : `{${first}}`
}

function effectOf(line: RequestLine): Effect {
  const method = line.slice(0, line.indexOf(' '))
  return method === 'GET' ? 'none' : method === 'PUT' || method === 'DELETE' ? 'idempotent' : 'unsafe'
}

/** What a step returns is an object, for any answer of the service. */
function outputOf(value: Json): Record<string, Json> {
  if (isJsonList(value)) return { items: [...value], count: value.length }
  if (isJsonObject(value)) return { ...value }
  return value === null || value === '' ? {} : { value }
}
