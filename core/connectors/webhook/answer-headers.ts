import { HEADER_NAME } from '../http/request-headers.ts'

/** Headers that say how long the answer is: a wrong one would leave its sender waiting, or break the connection. */
const FRAMING_HEADERS = new Set(['content-length', 'transfer-encoding', 'connection'])

/** Tab, what is printable, and bytes beyond ASCII (RFC 9110, section 5.5): all that HTTP can carry as a value. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Throws an `Error` that names the first header which an answer to a sender must not have. */
export function checkAnswerHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name)) throw new Error(`"${name}" is not a name that a header may have`)
    if (!HEADER_VALUE.test(value)) throw new Error(`the header "${name}" holds a character that no header may have`)
    if (FRAMING_HEADERS.has(name.toLowerCase())) throw new Error(`the header "${name}" is set by Hookline itself`)
  }
}
