import { validateHeaderName, validateHeaderValue } from 'node:http'

/** Headers that say how long the answer is: a wrong one would leave its sender waiting, or break the connection. */
const FRAMING_HEADERS = new Set(['content-length', 'transfer-encoding', 'connection'])

/** Throws an `Error` that names the first header which an answer to a sender must not have. */
export function checkAnswerHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    if (FRAMING_HEADERS.has(name.toLowerCase())) throw new Error(`the header "${name}" is set by Hookline itself`)
  }
}
