import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { isJsonObject } from '../../core/domain/json.ts'
import type { Problem } from '../../core/domain/problem.ts'
import type { Step } from '../../core/domain/zap-file.ts'
import { pathOfField, valueAt } from './input-path.ts'

/**
 * A problem in the words of the form. That a field was never filled in is said with the field's own title; everything
 * else is said as the host said it.
 */
export function problemWords(
  problem: Problem,
  step: Step | undefined,
  manifest: ConnectorManifest | undefined,
): string {
  const path = pathOfField(problem.field)
  const [name] = path ?? []
  if (!step || !path || path.length !== 1 || typeof name !== 'string') return problem.message
  const value = valueAt(step.input, path)
  const properties = manifest?.input.properties
  const schema = isJsonObject(properties) ? properties[name] : undefined
  const required = manifest?.input.required
  const isNeeded = Array.isArray(required) && required.includes(name)
  if (!isNeeded || (value !== undefined && value !== '') || !isJsonObject(schema)) return problem.message
  return typeof schema.title === 'string' ? `${schema.title} is needed.` : problem.message
}
