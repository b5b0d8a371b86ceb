import { type Context, type Liquid, TokenKind, toValue, toValueSync, Value } from 'liquidjs'
import { type Json, textOf } from '../values/json.ts'
import { JsonContext, liquid, MAX_RENDER_MS, readKey } from './liquid.ts'
import { missingPathError, renderError, syntaxError } from './template-errors.ts'

/** What a template may read: each earlier step's output under its id, and `item`, `index`, `zap`, `run`, `env`, `now`. */
export type TemplateScope = { readonly [root: string]: unknown }

/** A text that was read as a template once and can be rendered many times. */
export type Template = {
  /** False for a text without `{{` and `{%`: it renders to itself. */
  readonly isDynamic: boolean
  /** True for a text that is exactly one `{{ … }}`, and so may have a value of any type. */
  readonly isExpression: boolean
  /** True for a text that is one `{{ path }}` without filters: it hands a value on as it is. */
  readonly isPath: boolean
  /** The words that it reads from outside, such as `["hook", "env"]`; not its own loop and assigned variables. */
  readonly roots: readonly string[]
  /**
   * The value. A text that is exactly one `{{ … }}` keeps the type of what it reads; any other becomes text, in which
   * objects and lists are JSON and null is nothing. Throws a {@link StepError} `template`, and only that.
   */
  render(scope: TemplateScope): Json
  /** Of a plain path alone: the value, or undefined where something of the path is not there. Never throws. */
  readonly find?: ((scope: TemplateScope) => Json | undefined) | undefined
}

/** Expressions and tags of one template, and characters inside of them: what a parser has to work on, other than plain text. */
const MAX_PARTS = 5_000
const MAX_CODE_CHARS = 100_000

/** Refuses a template that would keep the parser busy for long. */
function checkSize(text: string): void {
  let parts = 0
  let code = 0
  for (let at = text.indexOf('{'); at >= 0; ) {
    const closing = text[at + 1] === '{' ? '}}' : text[at + 1] === '%' ? '%}' : undefined
    let next = at + 1
    if (closing !== undefined) {
      const end = text.indexOf(closing, at + 2)
      next = end < 0 ? text.length : end + 2
      parts += 1
      code += next - at
    }
    if (parts > MAX_PARTS) throw new Error(`it has more than ${MAX_PARTS.toLocaleString('en')} expressions; split it`)
    if (code > MAX_CODE_CHARS) {
      throw new Error(`its expressions have more than ${MAX_CODE_CHARS.toLocaleString('en')} characters; split it`)
    }
    at = text.indexOf('{', next)
  }
}

/** Parses a template. Throws a {@link StepError} `template-syntax`. */
export function parseLiquid(text: string): Template {
  try {
    checkSize(text)
    const templates = liquid.parse(text)
    for (const template of templates) checkOutputs(template)
    const only = templates.find(isOutput)
    const isExpression =
      only !== undefined && templates.every((template) => template === only || /^\s*$/.test(template.token.getText()))
    const roots = Object.keys(liquid.analyzeSync(templates, { partials: false }).globals)
    const keys = isExpression ? plainPath(only.value) : null
    const render = isExpression ? compileValue(text, only.value, keys) : compileText(text, templates)
    const find = keys === null ? undefined : (scope: TemplateScope) => findPath(keys, scope)
    return { isDynamic: true, isExpression, isPath: keys !== null, roots, render, find }
  } catch (error) {
    throw syntaxError(text, error)
  }
}

type ParsedTemplate = ReturnType<Liquid['parse']>[number]

function isOutput(template: ParsedTemplate): template is ParsedTemplate & { value: Value } {
  return template.token.kind === TokenKind.Output && 'value' in template && template.value instanceof Value
}

/** Refuses what LiquidJS would pass over in silence, and lets `default` stand behind other filters too. */
function checkOutputs(template: ParsedTemplate): void {
  const children: unknown = template.children === undefined ? [] : toValueSync(template.children(false, true))
  for (const child of children as ParsedTemplate[]) checkOutputs(child)
  if (!isOutput(template)) return
  const { value } = template
  let operands = 0
  for (const token of value.initial.postfix) {
    if (token.kind !== TokenKind.Operator) operands += 1
    else if (token.getText() !== 'not') operands -= 1
  }
  if (operands !== 1) throw new Error(`"${template.token.getText()}" is not one expression`)
  if (value.filters.some((filter) => filter.name === 'default')) {
    const evaluate = value.value.bind(value)
    value.value = (context) => evaluate(context, true)
  }
}

/** The keys of `{{ a.b["c"][0] }}`, or null for any other expression. */
function plainPath(value: Value): readonly [string, ...(string | number)[]] | null {
  const [token, ...others] = value.initial.postfix
  if (token === undefined || others.length > 0 || value.filters.length > 1) return null
  if (token.kind !== TokenKind.PropertyAccess || !('props' in token) || !Array.isArray(token.props)) return null
  if ('variable' in token && token.variable !== undefined) return null
  const keys: (string | number)[] = []
  for (const part of token.props as { kind: TokenKind; content?: unknown }[]) {
    const literal = part.kind === TokenKind.Word || part.kind === TokenKind.Quoted || part.kind === TokenKind.Number
    if (!literal || (typeof part.content !== 'string' && typeof part.content !== 'number')) return null
    keys.push(part.content)
  }
  const [root, ...rest] = keys
  return typeof root === 'string' ? [root, ...rest] : null
}

type Render = Template['render']

/** Plain paths, alone or amid text, are most of all templates: they are read without LiquidJS's interpreter. */
function compileValue(text: string, value: Value, keys: readonly (string | number)[] | null): Render {
  if (keys !== null) return (scope) => readPath(keys, scope)
  value.filters.pop() // `writeText`, which LiquidJS put at the end of every output
  return (scope) => guarded(text, () => timed(scope, (context) => toJson(toValueSync(value.value(context, false)))))
}

function compileText(text: string, templates: ParsedTemplate[]): Render {
  const parts: (string | readonly (string | number)[])[] = []
  for (const template of templates) {
    const keys = isOutput(template) ? plainPath(template.value) : null
    if (keys !== null) parts.push(keys)
    else if (isHtmlToken(template.token)) parts.push(template.token.getContent())
    else {
      return (scope) =>
        guarded(text, () =>
          timed(scope, (context) => String(toValueSync(liquid.renderer.renderTemplates(templates, context)))),
        )
    }
  }
  const write = (scope: TemplateScope) => {
    let whole = ''
    for (const part of parts) whole += typeof part === 'string' ? part : textOf(readPath(part, scope))
    return whole
  }
  return (scope) => guarded(text, () => write(scope))
}

function isHtmlToken(token: ParsedTemplate['token']): token is ParsedTemplate['token'] & { getContent(): string } {
  return token.kind === TokenKind.HTML && 'getContent' in token
}

/** Milliseconds that were spent on templates which read a scope, since {@link beginRendering}. */
const spent = new WeakMap<TemplateScope, number>()

/** Lets templates that read this scope have their whole time again: called for each step, as several steps share a scope. */
export function beginRendering(scope: TemplateScope): void {
  spent.delete(scope)
}

/** Runs LiquidJS's interpreter within what is left of the scope's time: of many templates each could take as long as one may. */
function timed(scope: TemplateScope, render: (context: Context) => Json): Json {
  const startedAt = performance.now()
  const before = spent.get(scope) ?? 0
  // It asks for the time between the parts of a template, and a short one has only one.
  if (before > MAX_RENDER_MS) throw new Error('template render limit exceeded')
  try {
    const options = { sync: true, renderLimit: MAX_RENDER_MS - before }
    return render(new JsonContext(scope, liquid.options, options, { liquid }))
  } finally {
    spent.set(scope, before + performance.now() - startedAt)
  }
}

function guarded(text: string, render: () => Json): Json {
  try {
    return render()
  } catch (error) {
    throw renderError(text, error)
  }
}

/** What LiquidJS does for a path, at a tenth of its time; a property test holds the two together. */
function readPath(keys: readonly (string | number)[], scope: TemplateScope): Json {
  let value: unknown = scope
  for (let at = 0; at < keys.length; at++) {
    value = readKey(value, keys[at] ?? '')
    if (value === undefined) throw missingPathError(keys, at)
  }
  return value as Json // a scope holds JSON
}

/** As {@link readPath}, but undefined where something is not there: to make an error takes a hundred times as long as to find that out. */
function findPath(keys: readonly (string | number)[], scope: TemplateScope): Json | undefined {
  let value: unknown = scope
  for (const key of keys) {
    value = readKey(value, key)
    if (value === undefined) return undefined
  }
  return value as Json // as above
}

/** What filters return, as JSON: their holes become null, and what is no number is refused. */
function toJson(value: unknown): Json {
  const plain: unknown = toValue(value)
  if (plain === null || plain === undefined) return null
  if (typeof plain === 'string' || typeof plain === 'boolean') return plain
  if (typeof plain === 'number') {
    if (!Number.isFinite(plain)) throw new Error('the result is not a number; look for a division by zero')
    return plain
  }
  if (Array.isArray(plain)) return plain.map(toJson)
  if (typeof plain === 'object') return plain as Json // only the scope has objects, and its values are JSON
  throw new Error(`the result is a ${typeof plain}`)
}
