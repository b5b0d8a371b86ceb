import { FRAMING_HEADERS, HEADER_NAME, HEADER_VALUE } from '../kit/request-headers.ts'

/** The form of the switch by which a step lets scripts run in its answer. */
export const ALLOW_SCRIPTS = {
  title: 'Scripts may run',
  description:
    'Lets a page in the answer run scripts and send forms, with the rights of every page at this address. Leave it off where text of others is in the page.',
  ui: { advanced: true },
}

/** Throws an `Error` that names the first header which an answer to a sender must not have. */
export function checkAnswerHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (!HEADER_NAME.test(name)) throw new Error(`"${name}" is not a name that a header may have`)
    if (!HEADER_VALUE.test(value)) throw new Error(`the header "${name}" holds a character that no header may have`)
    if (FRAMING_HEADERS.has(lower)) throw new Error(`the header "${name}" is set by Hookline itself`)
    if (lower === 'location') checkRedirect(value)
    if (lower === 'refresh') checkRefresh(value)
  }
}

/** Where a relative address is looked up to see whether it stays where it is. No computer has this name (RFC 2606). */
const BASE = 'http://webhooks.invalid'
const WEB_ADDRESS = /^https?:\/\/[^/\\]/i
/** A browser takes some of these out of an address, and so may see another one than we do. */
const CONTROL = /[\0-\x20\x7f-\x9f]/
const MAX_ADDRESS_CHARS = 8_000

/**
 * Throws an `Error` unless an address leads either to a whole `http:` or `https:` address or to a path here. `//other.example` and `/\other.example`
 * look like paths, and lead browsers to another computer; `javascript:` and its like lead to no computer at all.
 */
export function checkRedirect(address: string): void {
  const shown = JSON.stringify(address.slice(0, 100))
  if (address.length > MAX_ADDRESS_CHARS) throw new Error(`the redirect to ${shown} is too long`)
  if (CONTROL.test(address)) throw new Error(`the redirect to ${shown} holds a space or a control character`)
  const target = URL.parse(address, BASE)
  if (target !== null && (WEB_ADDRESS.test(address) || (target.origin === BASE && !address.startsWith('//')))) return
  throw new Error(`the redirect to ${shown} leads neither to an http:// or https:// address nor to a path here`)
}

/** `5; url=/next`: the seconds, then an address, with quotes around it or without. */
const REFRESH = /^\s{0,9}[0-9]{0,9}(?:\.[0-9]{0,9})?\s{0,9}(?:[;,]\s{0,9}(?:url\s{0,9}=\s{0,9})?)?/i

function checkRefresh(value: string): void {
  const address = value.slice(REFRESH.exec(value)?.[0].length ?? 0).trim()
  const quote = address.startsWith('"') ? '"' : address.startsWith("'") ? "'" : ''
  const bare = quote === '' ? address : (address.slice(1).split(quote, 1)[0] ?? '')
  if (bare !== '') checkRedirect(bare)
}
