import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJson, isJsonList, isJsonObject, type Json, type JsonObject, jsonSchema } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import type { Lists } from '../action-context.ts'

/** Why a value cannot be gone through as a list, as the end of a sentence; null for a list, and for a reference to a large value that may be one. */
export function listProblem(items: Json): string | null {
  if (isJsonList(items) || isLargeValue(items)) return null
  if (typeof items !== 'string') return `must be a list, but is ${wordFor(items)}`
  if (items === '') return 'needs a list, such as {{ hook.body.orders }}'
  const hint = 'put the list there alone, as one {{ … }} with nothing before or after it'
  return /^\s*\[/.test(items)
    ? `is text that only reads like a list; ${hint}, or read it with “Read JSON” first`
    : `must be a list, but is text; ${hint}`
}

/** What a value is, as a sentence says it. */
export function wordFor(value: Json | undefined): string {
  if (value === null || value === undefined) return 'empty'
  if (isJsonList(value)) return 'a list'
  return { object: 'an object', number: 'a number', boolean: 'true or false' }[typeof value as string] ?? 'text'
}

/** A list in an input. In a thread that computes every reference is the list that it stands for. */
export const listSchema: z.ZodType<Json> = jsonSchema.superRefine((items, check) => {
  const message = listProblem(items)
  if (message !== null) check.addIssue({ code: 'custom', message })
})

/** The items of what {@link listSchema} has taken. */
export function itemsOf(list: Json): readonly Json[] {
  return isJsonList(list) ? list : []
}

/** Lists in memory. */
export const plainLists: Lists = {
  read: itemsOf,
  make() {
    const items: Json[] = []
    return {
      push: (item) => void items.push(item),
      pushLong: (row, name, long) => void items.push({ ...row, [name]: [...long] }),
      get count() {
        return items.length
      },
      done: () => items,
    }
  },
  room: Number.POSITIVE_INFINITY,
  aside: (items) => items,
}

/** A list in the output of a computation: a long one becomes a reference. */
export const listOutput: z.ZodType<Json> = z.custom<Json>(
  (value) => isLargeValue(value) || (Array.isArray(value) && isJson(value)),
)

/** An item as a row. Throws a {@link StepError} `bad-input` for what has no fields; `place` is how its list is called. */
export function rowOf(item: Json, index: number, place: string): JsonObject {
  if (isJsonObject(item)) return item
  const message = `Item ${index + 1} of ${place} is ${wordFor(item)}, and only objects have fields.`
  throw new StepError({ code: 'bad-input', message, retryable: false })
}

/** Does something for one item; what goes wrong then says which item it was. */
export function forItem<Result>(index: number, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const details = StepError.from(error)
    throw new StepError({ ...details, message: `Item ${index + 1}: ${details.message}` }, { cause: error })
  }
}

/** The most items that a step makes of shorter lists. */
const MOST_MADE = 1_000_000

/** Throws a {@link StepError} `too-large` for more items than a list may come to. */
export function checkMade(count: number): void {
  if (count <= MOST_MADE) return
  const message = `This would make a list of more than ${MOST_MADE.toLocaleString('en-US')} items: work on shorter lists.`
  throw new StepError({ code: 'too-large', message, retryable: false })
}

/** A whole number in a form, of which a template may also make a text. */
export const wholeNumber = (least: number) =>
  z.union(
    [
      z.int().min(least),
      z
        .string()
        .regex(/^[0-9]{1,9}$/)
        .transform(Number)
        .pipe(z.int().min(least)),
    ],
    {
      error: ({ input }) => (input === undefined ? 'is needed' : `must be a whole number from ${least}`),
    },
  )

/** A text in the output of a computation: a long one becomes a reference. */
export const textOutput: z.ZodType<Json> = z.custom<Json>((value) => typeof value === 'string' || isLargeValue(value))
