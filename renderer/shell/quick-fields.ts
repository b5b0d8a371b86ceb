import type { RunDetail } from '../../core/contract/values.ts'
import { isJsonObject, type Json } from '../../core/domain/values/json.ts'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'

/** A value that a zap begins with when it is run by hand. */
export type QuickField = {
  readonly name: string
  /** What the zap has there, and the same as text. */
  readonly initial: Json
  readonly text: string
}

/** What a zap asks for when it is run by hand, with what it has there. */
export function quickFields(zap: ZapFile): readonly QuickField[] {
  const fields = zap.steps.find(({ uses }) => uses === 'manual.run')?.input.fields
  if (fields === undefined || !isJsonObject(fields)) return []
  return Object.entries(fields).map(([name, initial]) => ({
    name,
    initial,
    text: typeof initial === 'string' ? initial : JSON.stringify(initial),
  }))
}

/** What the zap begins with: what was typed, as text where the zap has text there, else as JSON where it is that. */
export function quickInput(fields: readonly QuickField[], texts: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(fields.map((field) => [field.name, fieldValue(field, texts[field.name])]))
}

function fieldValue({ initial, text }: QuickField, typed: string | undefined): Json {
  if (typed === undefined || typed === text) return initial
  if (typeof initial === 'string') return typed
  try {
    return JSON.parse(typed) as Json // what JSON.parse returns
  } catch {
    return typed
  }
}

/** What the last step of a run returned, which is its answer to a person; null where no step has. */
export function lastOutput({
  steps,
}: Pick<RunDetail, 'steps'>): { readonly step: string; readonly value: Json } | null {
  const last = steps
    .slice(1)
    .filter(({ status, scope, finishedAt }) => status === 'succeeded' && scope === '' && finishedAt !== null)
    .toSorted((a, b) => (a.finishedAt ?? '').localeCompare(b.finishedAt ?? ''))
    .at(-1)
  return last === undefined ? null : { step: last.step, value: last.output }
}
