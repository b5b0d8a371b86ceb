import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import { parsePath, valueAt } from '../../domain/values/value-path.ts'

/** The list at a path of an answer. Throws a StepError that says what is there instead. */
export function listAt(body: Json, path: string): readonly Json[] {
  if (isLargeValue(body)) {
    const message =
      'The answer is made of too many values to look through at every poll: ask for fewer items, as with a limit in the address.'
    throw new StepError({ code: 'too-large', message, retryable: false })
  }
  const found = valueAt(body, parsePath(path) ?? [])
  if (found !== undefined && isJsonList(found)) return found
  const where = path === '' ? 'The answer' : `"${path}" of the answer`
  const lists = isJsonObject(body) ? Object.keys(body).filter((name) => isJsonList(body[name] ?? null)) : []
  const hint = lists.length === 0 ? '' : ` There is one at ${lists.slice(0, 3).join(', ')}.`
  const message = `${where} is ${kindOf(found)}, and not a list: say where the list is in the answer.${hint}`
  throw new StepError({ code: 'no-list', message, retryable: false })
}

/** What tells an item from others, as text. */
export function itemKey(item: Json, path: string, position: number): string {
  const key = valueAt(item, parsePath(path) ?? [])
  if (typeof key === 'string' && key !== '') return key
  if (typeof key === 'number') return String(key)
  const what = path === '' ? 'is' : `has as "${path}"`
  const message = `The item at position ${position} ${what} ${kindOf(key)}, which cannot tell it from others: choose a text or a number of every item.`
  throw new StepError({ code: 'no-key', message, retryable: false })
}

function kindOf(value: Json | undefined): string {
  if (value === undefined || value === null) return value === null ? 'null' : 'nothing'
  if (value === '') return 'an empty text'
  if (isJsonList(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'a text' : `${value}`
}
