/** Headers that belong to one connection, or that curl makes by itself. */
const LEFT_OUT = new Set(['host', 'content-length', 'connection', 'accept-encoding', 'transfer-encoding', 'expect'])

/** The line that sends a request again from a terminal, or null when its body is not text. `text` is its body. */
export function requestCurl(
  base: string,
  request: {
    readonly method: string
    readonly path: string
    readonly query: string
    readonly headers: Readonly<Record<string, string>>
  },
  text: string | null,
): string | null {
  if (text === null) return null
  const { method, path, query } = request
  const headers = Object.entries(request.headers)
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`)
  const body = text === '' ? [] : [`--data-binary ${quoted(text)}`]
  const address = quoted(`${base}${path}${query === '' ? '' : `?${query}`}`)
  return ['curl', `-X ${method}`, ...headers, ...body, address].join(' ')
}

/** A word as a POSIX shell takes it literally. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
