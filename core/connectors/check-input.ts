import type { z } from 'zod'
import { StepError } from '../domain/runs/step-error.ts'
import { isDynamicText } from '../domain/templates/template.ts'
import { isJsonObject, type Json, type JsonObject } from '../domain/values/json.ts'
import type { ConnectorInfo } from '../domain/zap/connector-info.ts'
import { fieldSubject } from '../domain/zap/field-subject.ts'
import { issueWords } from '../domain/zap/issue-words.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import type { Action, Connector } from './define.ts'
import { unfinishedIn } from './kit/unfinished.ts'

/**
 * The input of a step whose templates are rendered, as its action takes it.
 *
 * @throws StepError `bad-input` that names the field.
 */
export function parseInput(action: Action, step: Pick<Step, 'id' | 'name'>, rendered: Json): Record<string, unknown> {
  const parsed = action.input.safeParse(rendered, { error: issueWords })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const message = `${fieldSubject(issue?.path ?? [], step)} ${issue?.message ?? 'does not fit'}.`
  throw new StepError({ code: 'bad-input', message, retryable: false })
}

/**
 * What a connector's schema says of a draft's input, and what is only half filled in. Where a template stands in the place of a value, its type is not known yet, so
 * issues there (or below) are left for the run. Triggers, and actions that render by themselves, read their input as it is written.
 */
export function checkInput(connector: Connector, input: Step['input']): readonly InputIssue[] {
  const parsed = connector.input.safeParse(input, { error: issueWords })
  const isRendered = (field: PropertyKey | undefined): boolean =>
    connector.kind === 'action' &&
    connector.templates !== 'own' &&
    !connector.itemFields?.includes(String(field)) &&
    !connector.verbatim?.includes(String(field)) &&
    !connector.carried?.includes(String(field))
  const issues = parsed.success
    ? []
    : parsed.error.issues
        .flatMap((issue) => plainIssues(issue, []))
        .filter((issue) => !(isRendered(issue.path[0]) && isTemplated(input, issue.path)))
  // Of a field that is wrong in two ways the schema's words stand.
  const unfinished = unfinishedIn(connector, input).filter(
    ({ path }) => !issues.some((issue) => isSame(issue.path, path)),
  )
  return [...issues, ...unfinished]
}

const isSame = (a: readonly PropertyKey[], b: readonly PropertyKey[]): boolean =>
  a.length === b.length && a.every((key, at) => String(key) === String(b[at]))

type InputIssue = ReturnType<ConnectorInfo['checkInput']>[number]

/** An issue; for a choice of shapes, those of the shape that the value comes closest to. */
function plainIssues(issue: z.core.$ZodIssue, before: readonly PropertyKey[]): InputIssue[] {
  const path = [...before, ...issue.path]
  if (issue.code !== 'invalid_union') return [{ path, message: issue.message }]
  const depthOf = (issues: readonly z.core.$ZodIssue[]) => Math.max(0, ...issues.map((inner) => inner.path.length))
  const [closest] = issue.errors.toSorted((a, b) => a.length - b.length || depthOf(b) - depthOf(a))
  if (closest === undefined || depthOf(closest) === 0) return [{ path, message: issue.message }]
  return closest.flatMap((inner) => plainIssues(inner, path))
}

function isTemplated(input: Step['input'], path: readonly PropertyKey[]): boolean {
  let value: unknown = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) break
    value = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
  }
  return typeof value === 'string' && isDynamicText(value)
}

/** What the engine renders of an input: not the fields that the action renders for each item, nor those that stay as they are written. */
export function renderedPart({ itemFields = [], verbatim = [], carried = [] }: Action, input: JsonObject): JsonObject {
  return without(input, [...itemFields, ...verbatim, ...carried])
}

/** What people see of an input: all but what the zap carries for the step. */
export function shownPart({ carried = [] }: Action, input: Json): Json {
  return isJsonObject(input) ? without(input, carried) : input
}

function without(input: JsonObject, fields: readonly string[]): JsonObject {
  if (fields.length === 0) return input
  return Object.fromEntries(Object.entries(input).filter(([name]) => !fields.includes(name)))
}
