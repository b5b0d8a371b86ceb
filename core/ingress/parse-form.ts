import type { Json } from '../domain/json.ts'

/** Query or form pairs as an object; a name that comes more than once has a list. `charset`: of the bytes behind `%xx`. */
export function parseForm(text: string, charset = 'utf-8'): Json {
  const pairs = new Map<string, string | string[]>()
  for (const [name, value] of charset === 'utf-8' || charset === ''
    ? new URLSearchParams(text)
    : pairsIn(text, charset)) {
    addPair(pairs, name, value)
  }
  return objectOf(pairs)
}

/** Adds a value under a name, or to those that are there already. */
export function addPair<Value>(pairs: Map<string, Value | Value[]>, name: string, value: Value): void {
  const earlier = pairs.get(name)
  if (earlier === undefined) pairs.set(name, value)
  else if (Array.isArray(earlier)) earlier.push(value)
  else pairs.set(name, [earlier, value])
}

/** An object without a prototype: a field called `__proto__` is one like any other. */
export function objectOf<Value>(pairs: ReadonlyMap<string, Value>): Record<string, Value> {
  const object: Record<string, Value> = Object.create(null)
  for (const [name, value] of pairs) object[name] = value
  return object
}

/** A form in another charset, which `URLSearchParams` does not know. */
function* pairsIn(text: string, charset: string): Iterable<[string, string]> {
  const decoder = decoderOf(charset)
  if (decoder === undefined) {
    yield* new URLSearchParams(text)
    return
  }
  const decode = (part: string): string => {
    const bytes = part
      .replaceAll('+', ' ')
      .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    // Characters that were not written as `%xx` were decoded already.
    return /[^\0-\xff]/.test(bytes) ? bytes : decoder.decode(Buffer.from(bytes, 'latin1'))
  }
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    yield at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))]
  }
}

function decoderOf(charset: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(charset)
  } catch {
    return undefined
  }
}
