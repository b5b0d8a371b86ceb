// What the interpreter may ask of the process's own `Intl`: formatters by name, with JSON in and out.

/** Characters of one question: a list of names to be joined is the longest that is of any use. */
const MAX_CHARS = 100_000
/** Formatters that are kept, as it takes a hundred times as long to make one as to use it. */
const KEPT = 100

/** What `Intl` has of each kind. Locales and options are checked by it, whatever they are. */
type Constructor = {
  new (locales: never, options: never): object
  supportedLocalesOf(locales: string | string[]): string[]
}

/** Each with the methods that may be called. */
const KINDS: ReadonlyMap<string, readonly [Constructor, ...string[]]> = new Map<string, [Constructor, ...string[]]>([
  ['DateTimeFormat', [Intl.DateTimeFormat, 'format', 'formatToParts', 'formatRange']],
  ['NumberFormat', [Intl.NumberFormat, 'format', 'formatToParts']],
  ['PluralRules', [Intl.PluralRules, 'select']],
  ['RelativeTimeFormat', [Intl.RelativeTimeFormat, 'format', 'formatToParts']],
  ['ListFormat', [Intl.ListFormat, 'format', 'formatToParts']],
  ['Collator', [Intl.Collator, 'compare']],
  ['DisplayNames', [Intl.DisplayNames, 'of']],
])

const made = new Map<string, object>()

/** Answers `[kind, locales, options, method, values]` with `{ value }`, or with `{ error, message }` where `Intl` refuses. */
export function askIntl(question: string): string {
  try {
    if (question.length > MAX_CHARS) throw new RangeError('the text is too long to be formatted')
    // The guest wrote it, or code in its place: each part is looked at where it is used.
    const [kind, locales, options, method, values]: unknown[] = JSON.parse(question)
    const found = KINDS.get(String(kind))
    if (found === undefined || typeof method !== 'string') throw new TypeError(`Intl.${kind} is not there`)
    const [make, ...methods] = found
    if (method === 'supportedLocalesOf') return answer(make.supportedLocalesOf((locales ?? []) as string[]))
    const formatter = formatterOf(make, String(kind), locales, options)
    if (method !== 'resolvedOptions' && !methods.includes(method)) throw new TypeError(`${kind} has no ${method}`)
    const work: unknown = Reflect.get(formatter, method)
    if (typeof work !== 'function') throw new TypeError(`${kind} has no ${method}`)
    return answer(Reflect.apply(work, formatter, Array.isArray(values) ? values : []))
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error('it cannot be formatted')
    return JSON.stringify({ error: name, message })
  }
}

const answer = (value: unknown): string => JSON.stringify({ value })

function formatterOf(make: Constructor, kind: string, locales: unknown, options: unknown): object {
  const key = JSON.stringify([kind, locales, options, process.env.TZ])
  const known = made.get(key)
  if (known !== undefined) return known
  const formatter = new make((locales ?? undefined) as never, (options ?? undefined) as never) // as above
  const oldest = made.keys().next()
  if (made.size >= KEPT && !oldest.done) made.delete(oldest.value)
  made.set(key, formatter)
  return formatter
}
