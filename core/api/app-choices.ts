import { sendOperation } from '../connectors/app/send-operation.ts'
import { itemKey, listAt } from '../connectors/kit/list-at.ts'
import type { FieldOptions } from '../contract/connector-manifest.ts'
import { findApp } from '../db/apps.ts'
import type { ZapRow } from '../db/zaps.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { isDynamicText } from '../domain/templates/template.ts'
import { withoutTrailing } from '../domain/templates/trailing.ts'
import { isJsonObject, type Json, textOf } from '../domain/values/json.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import { sliceFor } from '../engine/apis/apis.ts'
import type { AppServices } from './services.ts'

/** What a list of choices shows. */
const MOST_CHOICES = 1_000
const TIMEOUT_MS = 15_000

/** What a field in the path of an operation may hold: what the list before it says now. Null where there is no such list. */
export async function appChoices(
  { database, apis, calls }: Pick<AppServices, 'database' | 'apis' | 'calls'>,
  zap: ZapRow,
  step: Step,
  field: string,
): Promise<FieldOptions | null> {
  const { app: slug, operation: name, address, credential } = step.input
  const app = typeof slug === 'string' ? await findApp(database.reader, { slug }) : undefined
  const found = app && typeof name === 'string' ? await apis.find(app, name) : undefined
  if (app === undefined || found === undefined || !('operation' in found)) return null
  const before = pathBefore(found.operation.path, field)
  const listing = `GET ${before}`
  const list = await apis.find(app, listing)
  if (list === undefined || !('operation' in list) || list.operation.list === null) return null
  const { path, key } = list.operation.list
  const slice = sliceFor(app, listing, list)
  const values = isJsonObject(step.input.input) ? step.input.input : {}
  // Both paths begin alike, but what stands in them may be called otherwise.
  const mine = namesIn(before)
  const open = mine.find((one) => isOpen(values[one]))
  if (open !== undefined) return failed(`Fill in "${open}" first: the list depends on it.`)
  const theirs = namesIn(list.operation.path)
  const steps = [...zap.draft.steps.filter(({ id }) => id !== step.id), step]
  try {
    const { answer } = await calls.call(
      {
        zapId: zap.id,
        file: { ...zap.draft, steps },
        step: { ...step, input: { ...step.input, slice: copied(slice) } },
      },
      (context) =>
        sendOperation(context, {
          slice,
          ...(typeof address === 'string' && { address }),
          ...(isJsonObject(credential) &&
            typeof credential.$credential === 'string' && { credential: { $credential: credential.$credential } }),
          input: Object.fromEntries(theirs.map((one, at): [string, Json] => [one, values[mine[at] ?? ''] ?? null])),
        }),
      { timeoutMs: TIMEOUT_MS },
    )
    const options = listAt(answer.body, path)
      .slice(0, MOST_CHOICES)
      .map((item, at) => {
        const value = itemKey(item, key, at)
        const label = labelOf(item)
        return label === null || label === value ? { value, label: value } : { value, label, hint: value }
      })
    return { options, next: null, error: null }
  } catch (error) {
    return failed(StepError.from(error).message)
  }
}

/** The part of a path before a field in it: `/pets` for `petId` of `/pets/{petId}/toys`. */
export function pathBefore(path: string, field: string): string {
  return withoutTrailing(path.slice(0, Math.max(path.indexOf(`{${field}}`), 0)), '/') || '/'
}

/** The names of what stands in a path. */
export const namesIn = (path: string): string[] => [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)

const failed = (error: string): FieldOptions => ({ options: [], next: null, error })

/** As JSON, in which nothing is undefined. */
const copied = (slice: unknown): Json => JSON.parse(JSON.stringify(slice))

function isOpen(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.trim() === '' || isDynamicText(value)
  return value === undefined || value === null
}

const LABELS = [
  'name',
  'title',
  'label',
  'full_name',
  'displayName',
  'display_name',
  'summary',
  'subject',
  'email',
  'username',
  'login',
  'description',
]

/** What a person calls an item by. */
function labelOf(item: Json): string | null {
  if (!isJsonObject(item)) return null
  for (const name of LABELS) {
    const value = Object.hasOwn(item, name) ? item[name] : undefined
    if (typeof value === 'string' && value.trim() !== '') return textOf(value).slice(0, 300)
  }
  return null
}
