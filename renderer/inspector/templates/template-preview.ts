import { StepError } from '../../../core/domain/runs/step-error.ts'
import { asJsonTemplate } from '../../../core/domain/templates/json-template.ts'
import { parseTemplate, type TemplateScope } from '../../../core/domain/templates/template.ts'
import { hostZone } from '../../../core/domain/time/zone.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import type { ShownSample } from '../data/data-tree.ts'
import { templateParts } from './template-text.ts'

/** What a template would become with the sample values at hand. */
export type Preview =
  /** It holds no template, or reads something that no sample is known of. */
  | { readonly kind: 'none' }
  | { readonly kind: 'value'; readonly value: Json }
  /** `parts` are the numbers of the parts at fault. */
  | { readonly kind: 'problem'; readonly message: string; readonly parts: ReadonlySet<number> }

/** What templates of a step can read, as far as samples tell. `times` stand for the run's own. */
export function sampleScope(
  samples: ReadonlyMap<string, ShownSample>,
  zap: { readonly id: string; readonly name: string; readonly timezone?: string | undefined },
  now: string,
  asking: readonly string[] = [],
): TemplateScope {
  return {
    ...Object.fromEntries([...samples].map(([id, sample]) => [id, sample.value])),
    ...(asking.length > 0 && { run: { id: 'run_…', startedAt: now, approval: linksOf(asking) } }),
    zap: { id: zap.id, name: zap.name, timezone: zap.timezone ?? hostZone() },
    now,
  }
}

/** Links to answer as they look like, by the ids of the steps that ask. */
export function linksOf(asking: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(asking.map((id) => [id, `https://…/approvals/${id}`]))
}

/**
 * Renders a template with samples. Templates never evaluate code, and the limits of the engine hold here as well. With `isJsonText` a text
 * that is JSON with templates in it stays JSON, as it does when it is sent: what these read is escaped.
 */
export function previewTemplate(text: string, scope: TemplateScope, isJsonText = false): Preview {
  if (!text.includes('{{') && !text.includes('{%')) return { kind: 'none' }
  try {
    const template = parseTemplate((isJsonText ? asJsonTemplate(text) : null) ?? text)
    if (template.roots.some((root) => !Object.hasOwn(scope, root))) return { kind: 'none' }
    // A copy, as the time that rendering may take is counted for each scope, and this one lives on.
    return { kind: 'value', value: template.render({ ...scope }) }
  } catch (error) {
    return { kind: 'problem', message: StepError.from(error).message, parts: faultyParts(text, scope) }
  }
}

function faultyParts(text: string, scope: TemplateScope): ReadonlySet<number> {
  const faulty = new Set<number>()
  for (const [index, part] of templateParts(text).entries()) {
    if (part.expression === null) continue
    try {
      const template = parseTemplate(part.text)
      if (template.roots.every((root) => Object.hasOwn(scope, root))) template.render({ ...scope })
    } catch {
      faulty.add(index)
    }
  }
  return faulty
}
