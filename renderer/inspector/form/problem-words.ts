import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { fieldSubject } from '../../../core/domain/zap/field-subject.ts'
import type { Problem } from '../../../core/domain/zap/problem.ts'
import type { Step } from '../../../core/domain/zap/zap-file.ts'
import { type InputPath, pathOfField } from '../../draft/operations/input-path.ts'
import { formFields } from '../../steps/form-fields.ts'

/** A problem as a list says it: the field by the title that its form shows, and then what is wrong. */
export function problemWords(
  problem: Problem,
  step: Step | undefined,
  manifest: ConnectorManifest | undefined,
): string {
  const rest = predicateOf(problem, step)
  const title = titleOf(problem, manifest)
  if (rest === null || title === null) return problem.message
  return rest === 'is needed.' ? `${title} is needed.` : `${title}: ${rest}`
}

/** A problem as it stands below its field, which need not be named again. */
export function problemBelowField(problem: Problem, step: Step, manifest: ConnectorManifest | undefined): string {
  const rest = predicateOf(problem, step)
  if (rest === null) return problem.message
  return rest === 'is needed.' ? problemWords(problem, step, manifest) : rest.charAt(0).toUpperCase() + rest.slice(1)
}

/** What the host says of a field, without the words that name it; null for a sentence about something else. */
function predicateOf(problem: Problem, step: Step | undefined): string | null {
  const path = pathOfField(problem.field)
  if (!step || !path || path.length === 0) return null
  const subject = `${fieldSubject(path, step)} `
  return problem.message.startsWith(subject) ? problem.message.slice(subject.length) : null
}

function titleOf(problem: Problem, manifest: ConnectorManifest | undefined): string | null {
  const path = pathOfField(problem.field) ?? []
  const titles = manifest ? titlesOn(path, formFields(manifest.input)) : []
  return titles.length === 0 ? null : titles.join(' › ')
}

// Below a field without a form of its own (a row of a table, a condition) the path says no more to a reader.
function titlesOn(path: InputPath, fields: ReturnType<typeof formFields>): readonly string[] {
  const [name, ...rest] = path
  const field = fields.find((one) => one.name === name)
  return field ? [field.title, ...titlesOn(rest, field.fields)] : []
}
