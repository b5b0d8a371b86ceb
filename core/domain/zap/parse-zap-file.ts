import type { z } from 'zod'
import { isDynamicText } from '../templates/template.ts'
import { exceedsDepth, isJsonObject, MAX_JSON_DEPTH } from '../values/json.ts'
import { issueWords } from './issue-words.ts'
import type { Problem } from './problem.ts'
import { ZAP_FORMAT, type ZapFile, zapFileSchema } from './zap-file.ts'

/**
 * Reads the parsed JSON of a zap file. Its problems are all of `structure` severity and name step and field as far as the
 * file tells them. Whether the zap makes sense is `validateZap`'s to say.
 */
export function parseZapFile(content: unknown): { zap: ZapFile } | { problems: Problem[] } {
  if (!isJsonObject(content)) return { problems: [fileProblem('This is not a zap file: it must be a JSON object.')] }
  if (exceedsDepth(content, MAX_JSON_DEPTH)) {
    return { problems: [fileProblem(`The file nests deeper than ${MAX_JSON_DEPTH} levels; make it flatter.`)] }
  }
  const excess = excessOf(content.steps)
  if (excess !== null)
    return { problems: [fileProblem(`The file is too large: ${excess}. Split it into several zaps.`)] }
  const { format } = content
  if (format !== ZAP_FORMAT) {
    const known = typeof format === 'string' && format.startsWith('hookline/zap@')
    const message = known
      ? `The file has the format "${format}", which is newer than this Hookline; update Hookline.`
      : `This is not a zap file: "format" must be "${ZAP_FORMAT}".`
    return { problems: [{ ...fileProblem(message), field: 'format' }] }
  }
  const parsed = zapFileSchema.safeParse(content, { error: issueWords })
  if (parsed.success) return { zap: parsed.data }
  return { problems: parsed.error.issues.map((issue) => problemOf(issue, content)) }
}

/** What the steps of one zap may hold in all: each value is checked, and each template parsed, whenever the zap is looked at. */
const MOST = { values: 50_000, templates: 8_000, templateChars: 2_000_000 }

/** What there is too much of in steps, or null. */
function excessOf(steps: unknown): string | null {
  const has = { values: 0, templates: 0, templateChars: 0 }
  const open: unknown[] = Array.isArray(steps)
    ? steps.map((step: unknown) => (isJsonObject(step) ? step.input : null))
    : []
  while (open.length > 0) {
    const value = open.pop()
    has.values++
    if (typeof value === 'string' && isDynamicText(value)) {
      has.templates++
      has.templateChars += value.length
    } else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) open.push(item)
  }
  const most = (count: number): string => `${count.toLocaleString('en-US')} at most`
  if (has.values > MOST.values)
    return `its steps hold ${has.values.toLocaleString('en-US')} values, and a zap takes ${most(MOST.values)}`
  if (has.templates > MOST.templates)
    return `its steps hold ${has.templates.toLocaleString('en-US')} templates, and a zap takes ${most(MOST.templates)}`
  return has.templateChars > MOST.templateChars
    ? `its templates have more than ${MOST.templateChars.toLocaleString('en-US')} characters`
    : null
}

function fileProblem(message: string): Problem {
  return { severity: 'structure', code: 'bad-file', step: null, field: null, message }
}

function problemOf(issue: z.core.$ZodIssue, content: { readonly [key: string]: unknown }): Problem {
  const [collection, index, ...inside] = issue.path
  const step = collection === 'steps' && typeof index === 'number' ? stepAt(content.steps, index) : undefined
  const field = (step === undefined ? issue.path : inside).map(String).join('.')
  const subject = field === '' ? 'The value' : `"${field}"`
  const owner =
    step === undefined ? 'the zap' : step.id === null ? `step number ${step.index + 1}` : `the step "${step.id}"`
  return {
    ...fileProblem(`${subject} of ${owner} ${issue.message}.`),
    step: step?.id ?? null,
    field: step !== undefined && step.id === null ? issue.path.map(String).join('.') : field || null,
  }
}

function stepAt(steps: unknown, index: number): { id: string | null; index: number } {
  const step: unknown = Array.isArray(steps) ? steps[index] : undefined
  return { id: isJsonObject(step) && typeof step.id === 'string' ? step.id : null, index }
}
