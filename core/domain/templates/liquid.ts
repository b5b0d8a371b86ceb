// LiquidJS, as templates of zaps use it: JSON alone, bounded in what it makes, with filters of its own.
import { Context, Drop, defaultOperators, Liquid, toValue } from 'liquidjs'
import { orderOf } from '../values/decimal.ts'
import { exceedsDepth, type Json, MAX_JSON_DEPTH, textOf } from '../values/json.ts'
import { readJson } from '../values/lossless-json.ts'
import { dateFilters } from './date-filters.ts'
import { numberFilters } from './number-filters.ts'
import { MissingPath } from './template-errors.ts'

/** Characters of one template: enough for a long mail, too few to keep a parser busy for long. */
const MAX_TEMPLATE_CHARS = 1_000_000
/** Milliseconds that the renderings of one step may take together; they hold up everything else in the process meanwhile. */
export const MAX_RENDER_MS = 1_000
/** LiquidJS counts roughly one for every character and list item that a rendering creates. */
const MAX_RENDER_MEMORY = 50_000_000
/**
 * How much of it one operation may take: the time is looked at between operations, and `(1..50000000)` alone would hold up everything for
 * two seconds. No value that is rendered beside other work has as many characters.
 */
let mostAtOnce = 5_000_000

/** For a thread of its own: one operation may take all that a rendering may. */
export function allowLargeOperations(): void {
  mostAtOnce = MAX_RENDER_MEMORY
}

/**
 * The member of a JSON value, or undefined: own properties only, and LiquidJS's `size`, `first` and `last`.
 * A negative index counts from the end.
 */
export function readKey(value: unknown, key: string | number): unknown {
  if (value === null || value === undefined) return undefined
  if (Array.isArray(value)) {
    if (typeof key === 'number' && key < 0) return Object.hasOwn(value, value.length + key) ? value.at(key) : undefined
    if (key === 'first') return value[0]
    if (key === 'last') return value.at(-1)
    if (key === 'size') return value.length
    return Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
  }
  const holder: object = Object(value)
  if (Object.hasOwn(holder, key)) return Reflect.get(holder, key)
  if (key !== 'size') return undefined
  return typeof value === 'string' ? value.length : typeof value === 'object' ? Object.keys(holder).length : undefined
}

const TOO_LARGE = 'one part of it makes a list or a text of more than 5,000,000 items or characters'

/** Reads as {@link readKey} does, so that a property of null is as missing as one of an object that lacks it. */
export class JsonContext extends Context {
  constructor(...given: ConstructorParameters<typeof Context>) {
    super(...given)
    const { memoryLimit } = this
    const use = memoryLimit.use.bind(memoryLimit)
    memoryLimit.use = (count) => {
      if (Number(count) > mostAtOnce) throw new Error(TOO_LARGE)
      use(count)
    }
  }

  override *_getFromScope(
    scope: unknown,
    paths: Parameters<Context['_getFromScope']>[1],
    strict = this.strictVariables,
  ): IterableIterator<unknown> {
    const keys = typeof paths === 'string' ? paths.split('.') : paths
    let value: unknown = scope
    for (const [at, key] of keys.entries()) {
      const plain: unknown = toValue(key)
      const next: unknown =
        value instanceof Drop
          ? yield this.readProperty(value, key)
          : readKey(value, typeof plain === 'number' ? plain : String(plain))
      if (next === undefined && strict) throw new MissingPath(keys, at)
      value = next
    }
    return value
  }
}

/** The text of an output, charged to the rendering's memory, as loops multiply it. */
function writeText(this: { context: Context }, value: unknown): string {
  const plain: unknown = toValue(value)
  const text = textOf(plain === undefined ? null : (plain as Json)) // as below: templates read JSON
  this.context.memoryLimit.use(text.length)
  return text
}

/** A comparison as conditions make it: `"1,500.00" > 1000` is an error, where JavaScript would say false. */
const byOrder =
  (holds: (order: number) => boolean): Operator =>
  (left, right) => {
    const order = orderOf((toValue(left) ?? null) as Json, (toValue(right) ?? null) as Json) // templates read JSON
    return order !== undefined && holds(order)
  }
type Operator = (left: unknown, right: unknown) => boolean

export const liquid = new Liquid({
  operators: {
    ...defaultOperators,
    '>': byOrder((order) => order > 0),
    '<': byOrder((order) => order < 0),
    '>=': byOrder((order) => order >= 0),
    '<=': byOrder((order) => order <= 0),
  },
  ownPropertyOnly: true,
  strictVariables: true,
  strictFilters: true,
  lenientIf: true,
  parseLimit: MAX_TEMPLATE_CHARS,
  renderLimit: MAX_RENDER_MS,
  memoryLimit: MAX_RENDER_MEMORY,
  // An empty set of partials in memory, so that not even a forgotten tag could read files.
  templates: {},
  // The same month names on every computer.
  locale: 'en-US',
  outputEscape: writeText,
})

// Partials have no place here; increment and decrement would write into the scope; tablerow writes HTML.
for (const tag of ['include', 'render', 'layout', 'block', 'increment', 'decrement', 'tablerow']) {
  delete liquid.tags[tag]
}
// `where_exp` and its like evaluate a text as an expression, and that text may have come with an event.
for (const name of Object.keys(liquid.filters)) {
  if (name.endsWith('_exp')) liquid.unregisterFilter(name)
}
// LiquidJS's own `raw` would go round `writeText`.
liquid.registerFilter('raw', (value: unknown) => value)

liquid.registerFilter('parse_json', parseJson)
// What `asJsonTemplate` puts behind a pill inside a string of JSON.
liquid.registerFilter('json_text', (value: unknown) =>
  JSON.stringify(textOf((toValue(value) ?? null) as Json)).slice(1, -1),
)
for (const [name, filter] of Object.entries({ ...numberFilters, ...dateFilters })) liquid.registerFilter(name, filter)

// These name a property by a text. LiquidJS would make a text of anything, and of a list that came with an event once for each item.
for (const name of [
  'find',
  'find_index',
  'group_by',
  'has',
  'map',
  'reject',
  'sort',
  'sort_natural',
  'sum',
  'uniq',
  'where',
]) {
  checkArguments(name, (property) => {
    if (typeof property === 'object' && property !== null) {
      throw new Error(`${name} takes the name of a property, such as "price", and not a list or an object`)
    }
    return property
  })
}
// A number that stands in a text is one from here on, and is not read anew for each character.
checkArguments('slice', (part) => (typeof part === 'string' ? Number(part) : part))

/** Lets a filter have its arguments only as `check` returns them. */
function checkArguments(name: string, check: (argument: unknown) => unknown): void {
  const filter = liquid.filters[name]
  if (typeof filter !== 'function') throw new Error(`LiquidJS has no filter ${name} any more`)
  liquid.registerFilter(name, function (this: ThisParameterType<typeof filter>, value: unknown, ...args: unknown[]) {
    return filter.call(this, value, ...args.map((argument) => check(toValue(argument))))
  })
}

/** Characters of a JSON text that a template reads: it holds up everything else meanwhile. */
const MAX_PARSED_CHARS = 262_144

/** The value of a JSON text; what is a value already stays as it is. */
function parseJson(this: { context: Context }, value: unknown): unknown {
  const text: unknown = toValue(value)
  if (typeof text !== 'string') return text
  if (text.length > MAX_PARSED_CHARS) {
    throw new Error(`parse_json reads ${MAX_PARSED_CHARS.toLocaleString('en')} characters at most; this text has more`)
  }
  this.context.memoryLimit.use(text.length)
  let parsed: Json
  try {
    parsed = readJson(text).value
  } catch {
    throw new Error(`parse_json takes a JSON text, and ${text === '' ? 'there is none' : quoted(text)} is not one`)
  }
  if (exceedsDepth(parsed, MAX_JSON_DEPTH)) {
    throw new Error(`parse_json reads ${MAX_JSON_DEPTH} levels at most; this text has more`)
  }
  return parsed
}

const quoted = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`

type Positioned = { input: string; begin: number; getPosition(): number[] }

/**
 * LiquidJS counts the lines before a variable anew for each of them, so a template of many would be read in quadratic time (54 s for 20,000).
 * Counted once for a text, its tokens find their line by bisection.
 */
function countLinesOnce(): void {
  const [template] = liquid.parse('{{ a }}')
  let prototype: unknown = template?.token
  while (prototype !== null && !Object.hasOwn(Object(prototype), 'getPosition')) {
    prototype = Object.getPrototypeOf(prototype)
  }
  if (prototype === null) throw new Error('LiquidJS has no positions of tokens any more')
  let counted = ''
  let starts: number[] = [0]
  // The class that has the method is not exported.
  const token = prototype as Positioned
  token.getPosition = function getPosition(this: Positioned): number[] {
    if (this.input !== counted) {
      counted = this.input
      starts = [0]
      for (let at = counted.indexOf('\n'); at >= 0; at = counted.indexOf('\n', at + 1)) starts.push(at + 1)
    }
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= this.begin) low = middle
      else high = middle - 1
    }
    return [low + 1, this.begin - (starts[low] ?? 0) + 1]
  }
}
countLinesOnce()

/** The names of the filters that templates may use. */
export function templateFilters(): readonly string[] {
  return Object.keys(liquid.filters)
}
