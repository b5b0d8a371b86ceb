// Runs inside the interpreter, of which it is a part before any code of a person is: only its text is used. So everything stands in one
// function, with nothing from around it, and what code may change (`JSON.stringify`, prototypes) is taken before it can.

/** What the process lends to the interpreter: texts in, texts out. */
type Host = (what: 'log' | 'intl' | 'random', text: string) => string

/** What the process calls. All of it may throw: it runs what code left behind, within the same limits as the code. */
export type Guest = {
  /** Sets the names that code reads, from the JSON text of an object. */
  begin(json: string): void
  /** The JSON text of a result. Throws an `Error` whose message is the end of a sentence about it. */
  finish(value: unknown, maxDepth: number): string
  /** Name, message, stack and, of a mistake in a query, position of what was thrown, as JSON text. */
  explain(thrown: unknown): string
}

export function installGuest(host: Host): Guest {
  const { parse, stringify } = JSON
  const { keys, fromEntries, getPrototypeOf, defineProperty } = Object
  const { isArray } = Array
  const { isFinite: isFiniteNumber, isSafeInteger } = Number
  const ErrorType = Error
  const StringOf = String
  const SOURCE = 'code.js:'
  const MAX_TEXT = 2_000

  // The state of the interpreter's own generator is the same in every run.
  Math.random = () => Number(host('random', ''))

  /** The line of the code that called the console. */
  function callerLine(): number | null {
    const stack = StringOf(new ErrorType().stack)
    const at = stack.indexOf(SOURCE)
    const line = at < 0 ? Number.NaN : Number.parseInt(stack.slice(at + SOURCE.length, at + SOURCE.length + 8), 10)
    return line > 0 ? line : null
  }

  /** A value as the console shows it: JSON, more or less, that is cut where it gets long. */
  function shown(value: unknown, depth: number): string {
    switch (typeof value) {
      case 'string':
        return depth === 0 ? value : stringify(value)
      case 'bigint':
        return `${value}n`
      case 'function':
        return `[function ${value.name}]`
      case 'object':
        break
      default:
        return StringOf(value)
    }
    if (value === null) return 'null'
    if (value instanceof ErrorType) return `${value.name}: ${value.message}`
    if ('toISO' in value || value instanceof Date) return StringOf((value as { toJSON(): unknown }).toJSON()) // both have it
    if (depth > 4) return isArray(value) ? '[…]' : '{…}'
    if (value instanceof Map) return `Map ${shown([...value], depth + 1)}`
    if (value instanceof Set) return `Set ${shown([...value], depth + 1)}`
    if (value instanceof Promise) return '[a Promise: await it]'
    const parts: string[] = []
    let length = 0
    const names = isArray(value) ? value.keys() : keys(value).values()
    for (const name of names) {
      if (length > MAX_TEXT) {
        parts.push('…')
        break
      }
      const item = shown(Reflect.get(value, name), depth + 1)
      const part = isArray(value) ? item : `${stringify(name)}: ${item}`
      length += part.length
      parts.push(part)
    }
    return isArray(value) ? `[${parts.join(', ')}]` : parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
  }

  function write(level: string, values: readonly unknown[]): void {
    let text = ''
    for (const value of values) {
      if (text.length > MAX_TEXT) break
      let part: string
      try {
        part = shown(value, 0)
      } catch {
        part = '[a value that cannot be shown]'
      }
      text += `${text === '' ? '' : ' '}${part}`
    }
    const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
    host('log', stringify({ level, text: cut, line: callerLine() }))
  }

  const levels = {
    log: 'log',
    info: 'info',
    warn: 'warn',
    error: 'error',
    debug: 'debug',
    trace: 'debug',
    dir: 'log',
    table: 'log',
  }
  const console: Record<string, unknown> = {}
  for (const name of keys(levels)) {
    const level = StringOf(Reflect.get(levels, name))
    console[name] = (...values: unknown[]) => write(level, values)
  }
  console.assert = (isTrue: unknown, ...values: unknown[]) => {
    if (!isTrue) write('error', ['Assertion failed:', ...values])
  }
  for (const name of ['group', 'groupEnd', 'time', 'timeEnd', 'count', 'clear']) console[name] = () => undefined
  Reflect.set(globalThis, 'console', console)

  /** Why a value is no JSON, with what to do about it. */
  function refusal(path: readonly (string | number)[], what: string): Error {
    let place = 'the result'
    for (const key of path) {
      place +=
        typeof key === 'number'
          ? `[${key}]`
          : /^[A-Za-z_$][\w$]{0,99}$/.test(key)
            ? `.${key}`
            : `[${stringify(key).slice(0, 100)}]`
      if (place.length > 300) break
    }
    return new ErrorType(`${place} ${what}`)
  }

  const REMEDIES: readonly (readonly [abstract new (...values: never[]) => object, string])[] = [
    [Promise, 'is a Promise: put "await" before it'],
    [Map, 'is a Map: use Object.fromEntries() on it'],
    [Set, 'is a Set: use Array.from() on it'],
    [WeakMap, 'is a WeakMap'],
    [WeakSet, 'is a WeakSet'],
    [RegExp, 'is a regular expression: use its .source'],
    [ErrorType, 'is an Error: use its .message'],
    [ArrayBuffer, 'is an ArrayBuffer: use Array.from(new Uint8Array()) on it'],
    [getPrototypeOf(Uint8Array), 'is a list of numbers: use Array.from() on it'],
  ]

  /** What of a value is JSON: the value itself where nothing has to be made of it. */
  function plain(given: unknown, path: (string | number)[], maxDepth: number): unknown {
    let value = given
    if (typeof value === 'object' && value !== null) {
      const convert: unknown = Reflect.get(value, 'toJSON')
      if (typeof convert === 'function') {
        const converted: unknown = Reflect.apply(convert, value, [
          path.length === 0 ? '' : StringOf(path[path.length - 1]),
        ])
        if (converted === null && (value instanceof Date || 'invalidReason' in value))
          throw refusal(path, 'is not a valid date')
        value = converted
      }
    }
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value
      case 'number':
        if (!isFiniteNumber(value)) throw refusal(path, `is ${value}, which JSON cannot hold`)
        return value
      case 'bigint':
        return isSafeInteger(Number(value)) ? Number(value) : StringOf(value)
      case 'function':
        throw refusal(path, 'is a function, which JSON cannot hold: call it, or leave it out')
      case 'symbol':
        throw refusal(path, 'is a symbol, which JSON cannot hold')
      case 'undefined':
        return undefined
    }
    if (typeof value !== 'object' || value === null) return null
    if (path.length >= maxDepth)
      throw refusal(path.slice(0, 3), `nests deeper than ${maxDepth} levels, or holds itself`)
    if (isArray(value)) return plainList(value, path, maxDepth)
    if (getPrototypeOf(value) !== Object.prototype) {
      for (const [type, remedy] of REMEDIES) if (value instanceof type) throw refusal(path, remedy)
      if (value instanceof Number || value instanceof StringOf || value instanceof Boolean)
        return plain(value.valueOf(), path, maxDepth)
    }
    return plainObject(value, path, maxDepth)
  }

  function plainList(list: readonly unknown[], path: (string | number)[], maxDepth: number): unknown {
    let copy: unknown[] | undefined
    for (let index = 0; index < list.length; index++) {
      path.push(index)
      const item = list[index]
      const made = plain(item, path, maxDepth) ?? null
      path.pop()
      if (made === item && copy === undefined) continue
      copy ??= list.slice(0, index)
      copy[index] = made
    }
    return copy ?? list
  }

  function plainObject(object: object, path: (string | number)[], maxDepth: number): unknown {
    let differs = false
    const members: [string, unknown][] = []
    for (const key of keys(object)) {
      path.push(key)
      const item: unknown = Reflect.get(object, key)
      const made = plain(item, path, maxDepth)
      path.pop()
      if (made !== item) differs = true
      if (made !== undefined) members.push([key, made])
    }
    // A getter may return something else when it is asked again, and so may a Proxy.
    return differs || getPrototypeOf(object) !== Object.prototype ? fromEntries(members) : object
  }

  return {
    begin(json) {
      const names: Record<string, unknown> = parse(json)
      for (const name of keys(names)) {
        // Configurable, so that code may have a `const` of the same name.
        defineProperty(globalThis, name, { value: names[name], writable: true, configurable: true, enumerable: true })
      }
    },
    finish: (value, maxDepth) => stringify(plain(value, [], maxDepth) ?? null),
    explain(thrown) {
      const part = (read: () => unknown, max: number): string => {
        try {
          return StringOf(read() ?? '').slice(0, max)
        } catch {
          return ''
        }
      }
      if (typeof thrown !== 'object' || thrown === null) {
        const text =
          typeof thrown === 'string' && thrown !== '' ? thrown : `it threw ${part(() => shown(thrown, 1), MAX_TEXT)}`
        return stringify({ name: '', message: text.slice(0, MAX_TEXT), stack: '', position: null })
      }
      const of = (name: string) => () => Reflect.get(thrown, name)
      const message = part(of('message'), MAX_TEXT)
      const position = Number(part(of('position'), 20))
      return stringify({
        name: part(of('name'), 100),
        message:
          message !== ''
            ? message
            : thrown instanceof ErrorType
              ? 'it threw an error without a message'
              : `it threw ${part(() => shown(thrown, 1), MAX_TEXT)}`,
        stack: part(of('stack'), 10_000),
        position: position > 0 ? position : null,
      })
    },
  }
}

/**
 * `Intl`, which the interpreter does not have and Luxon needs, by the process's own: names, options and what is to be written go out as text, and
 * come back as text.
 */
export function installIntl(host: Host): void {
  const { parse, stringify } = JSON
  type Answer = { readonly value?: unknown; readonly error?: string; readonly message?: string }

  function ask(kind: string, locales: unknown, options: unknown, method: string, values: readonly unknown[]): unknown {
    const answer: Answer = parse(host('intl', stringify([kind, locales ?? null, options ?? null, method, values])))
    if (answer.error === undefined) return answer.value
    throw answer.error === 'TypeError' ? new TypeError(answer.message) : new RangeError(answer.message)
  }
  const millis = (date: unknown): number => (date === undefined ? Date.now() : Number(date))

  const kinds: Readonly<Record<string, { readonly methods: readonly string[]; convert(value: unknown): unknown }>> = {
    DateTimeFormat: { methods: ['format', 'formatToParts', 'formatRange'], convert: millis },
    NumberFormat: {
      methods: ['format', 'formatToParts'],
      convert: (value) => (typeof value === 'bigint' || typeof value === 'string' ? String(value) : Number(value)),
    },
    PluralRules: { methods: ['select'], convert: Number },
    RelativeTimeFormat: { methods: ['format', 'formatToParts'], convert: (value) => value },
    ListFormat: {
      methods: ['format', 'formatToParts'],
      convert: (list) => Array.from(list as Iterable<unknown>, String),
    }, // else it throws
    Collator: { methods: ['compare'], convert: String },
    DisplayNames: { methods: ['of'], convert: String },
  }
  const intl: Record<string, unknown> = {}
  for (const [kind, { methods, convert }] of Object.entries(kinds)) {
    const make = class {
      constructor(locales?: unknown, options?: unknown) {
        // Options that are wrong are so at once, as everywhere.
        const resolved = ask(kind, locales, options, 'resolvedOptions', [])
        Reflect.set(this, 'resolvedOptions', () => ({ ...Object(resolved) }))
        for (const method of methods) {
          Reflect.set(this, method, (...values: unknown[]) => {
            // What is formatted without a value is formatted as now.
            const sent = kind === 'DateTimeFormat' && values.length === 0 ? [undefined] : values
            return ask(
              kind,
              locales,
              options,
              method,
              sent.map((value) => convert(value)),
            )
          })
        }
      }
    }
    // As in every browser, these two are also called without "new".
    const kept =
      kind === 'DateTimeFormat' || kind === 'NumberFormat' || kind === 'Collator'
        ? function (this: unknown, locales?: unknown, options?: unknown) {
            return new make(locales, options)
          }
        : make
    if (kept !== make) {
      kept.prototype = make.prototype
      make.prototype.constructor = kept
    }
    Object.defineProperty(kept, 'name', { value: kind })
    Object.assign(kept, {
      supportedLocalesOf: (locales: unknown) => ask(kind, locales, null, 'supportedLocalesOf', []),
    })
    intl[kind] = kept
  }
  intl.getCanonicalLocales = (locales: unknown) => ask('NumberFormat', locales, null, 'supportedLocalesOf', [])
  Reflect.set(globalThis, 'Intl', intl)

  const define = (prototype: object, name: string, value: unknown): boolean =>
    Reflect.defineProperty(prototype, name, { value, writable: true, configurable: true })
  const dates = (standard: object) =>
    function (this: Date, locales?: unknown, options: object = {}): unknown {
      if (Number.isNaN(Number(this))) return 'Invalid Date'
      const parts = ['weekday', 'year', 'month', 'day', 'hour', 'minute', 'second', 'dateStyle', 'timeStyle']
      const isSaid = parts.some((part) => Reflect.get(options, part) !== undefined)
      return ask('DateTimeFormat', locales, isSaid ? options : { ...standard, ...options }, 'format', [Number(this)])
    }
  const day = { year: 'numeric', month: 'numeric', day: 'numeric' }
  const time = { hour: 'numeric', minute: 'numeric', second: 'numeric' }
  define(Date.prototype, 'toLocaleString', dates({ ...day, ...time }))
  define(Date.prototype, 'toLocaleDateString', dates(day))
  define(Date.prototype, 'toLocaleTimeString', dates(time))
  define(Number.prototype, 'toLocaleString', function (this: number, locales?: unknown, options?: unknown) {
    const value = Number(this)
    return Number.isFinite(value) ? ask('NumberFormat', locales, options, 'format', [value]) : String(value)
  })
  define(
    String.prototype,
    'localeCompare',
    function (this: string, that: unknown, locales?: unknown, options?: unknown) {
      return ask('Collator', locales, options, 'compare', [String(this), String(that)])
    },
  )
}
