import { StepError, type StepErrorDetails } from '../runs/step-error.ts'
import { isJsonList, type Json, MAX_JSON_DEPTH } from '../values/json.ts'
import { parseLiquid, type Template, type TemplateScope } from './template-engine.ts'
import { MissingPathError } from './template-errors.ts'

export { templateFilters } from './liquid.ts'
export { beginRendering, type Template, type TemplateScope } from './template-engine.ts'
export { MissingPathError } from './template-errors.ts'

/** Whether a text is a template: it holds `{{` or `{%`. */
export function isDynamicText(text: string): boolean {
  return text.includes('{{') || text.includes('{%')
}

/** Reads a template; the most recently used ones are kept. Throws a {@link StepError} `template-syntax`. */
export function parseTemplate(text: string): Template {
  if (!isDynamicText(text))
    return { isDynamic: false, isExpression: false, isPath: false, roots: [], render: () => text }
  const known = recent.get(text)
  if (known !== undefined) return known
  const template = older.get(text) ?? parseLiquid(text)
  remember(text, template)
  return template
}

/** Templates and characters of a generation of the cache; two generations are kept. */
const GENERATION_TEMPLATES = 4_000
const GENERATION_CHARS = 4_000_000

let recent = new Map<string, Template>()
let older = new Map<string, Template>()
let recentChars = 0

function remember(text: string, template: Template): void {
  if (recent.size >= GENERATION_TEMPLATES || recentChars + text.length > GENERATION_CHARS) {
    older = recent
    recent = new Map()
    recentChars = 0
  }
  recent.set(text, template)
  recentChars += text.length
}

/** A text that was rendered elsewhere: its value, or why there is none. */
export type RenderedText =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly isMissing: boolean; readonly error: StepErrorDetails }

export type RenderOptions = {
  readonly missing?: 'error' | 'undefined'
  /** Texts that were rendered elsewhere, as they look inside large values. */
  readonly rendered?: ReadonlyMap<string, RenderedText> | undefined
}

/**
 * Renders every text inside a value; keys stay as they are, and what holds no template is returned uncopied. With
 * `missing: 'undefined'` a text that is one expression and reads something absent becomes undefined: the whole value,
 * or an object's member, which is left out; a list keeps its length with null. Throws a {@link StepError}.
 */
export function renderValue(value: Json, scope: TemplateScope, options: RenderOptions = {}): Json | undefined {
  return renderDeep(value, scope, options, 0)
}

function renderDeep(value: Json, scope: TemplateScope, options: RenderOptions, depth: number): Json | undefined {
  if (typeof value === 'string') {
    if (!isDynamicText(value)) return value
    const forgiving = options.missing === 'undefined'
    const known = options.rendered?.get(value)
    if (known !== undefined) return takeRendered(value, known, forgiving)
    return forgiving ? renderForgiving(value, scope) : parseTemplate(value).render(scope)
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_JSON_DEPTH) throw tooDeep()
  if (isJsonList(value)) {
    let changed: Json[] | undefined
    for (const [index, item] of value.entries()) {
      const rendered = renderDeep(item, scope, options, depth + 1) ?? null
      if (rendered !== item && changed === undefined) changed = value.slice(0, index)
      changed?.push(rendered)
    }
    return changed ?? value
  }
  const members = Object.entries(value)
  let differs = false
  for (const member of members) {
    const rendered = renderDeep(member[1], scope, options, depth + 1)
    if (rendered === member[1]) continue
    differs = true
    // Left out below: only a member that was rendered can be undefined.
    member[1] = rendered as Json
  }
  // fromEntries defines own properties, so that a member called `__proto__` stays a member.
  return differs ? Object.fromEntries(members.filter(([, item]) => item !== undefined)) : value
}

function takeRendered(text: string, known: RenderedText, forgiving: boolean): Json | undefined {
  if (known.ok) return known.value
  if (known.isMissing && forgiving && parseTemplate(text).isExpression) return undefined
  throw new StepError(known.error)
}

function renderForgiving(text: string, scope: TemplateScope): Json | undefined {
  const template = parseTemplate(text)
  if (template.find !== undefined) return template.find(scope)
  try {
    return template.render(scope)
  } catch (error) {
    if (template.isExpression && error instanceof MissingPathError) return undefined
    throw error
  }
}

/** A template inside a value: where it is, what it reads, and what is wrong with it where it cannot be read. */
export type FoundTemplate = {
  readonly path: readonly (string | number)[]
  readonly text: string
  readonly roots: readonly string[]
  readonly error?: string
}

/** Every template inside a value, for validation. Looks no deeper than JSON may nest. */
export function templateRoots(value: Json): FoundTemplate[] {
  const found: FoundTemplate[] = []
  collect(value, [], found)
  return found
}

function collect(value: Json, path: readonly (string | number)[], found: FoundTemplate[]): void {
  if (typeof value === 'string') {
    if (isDynamicText(value)) found.push(inspect(value, path))
  } else if (typeof value === 'object' && value !== null && path.length < MAX_JSON_DEPTH) {
    const members = isJsonList(value) ? value.entries() : Object.entries(value)
    for (const [key, item] of members) collect(item, [...path, key], found)
  }
}

function inspect(text: string, path: readonly (string | number)[]): FoundTemplate {
  try {
    return { path, text, roots: parseTemplate(text).roots }
  } catch (error) {
    return { path, text, roots: [], error: StepError.from(error).message }
  }
}

function tooDeep(): StepError {
  const message = `The value nests deeper than ${MAX_JSON_DEPTH} levels; make it flatter.`
  return new StepError({ code: 'template', message, retryable: false })
}
