import { isExact } from './decimal.ts'
import type { Json } from './json.ts'

/** Numbers of a JSON text that stayed text: how many, and the first as it was written. */
export type KeptNumbers = { readonly count: number; readonly first: string }

/** A value, and which of its numbers are kept as text; null when none is, which is nearly always. */
export type LosslessJson = { readonly value: Json; readonly kept: KeptNumbers | null }

/**
 * Characters from which a number may have more digits than the fifteen that every double keeps (IEEE 754, DBL_DIG); with fewer only an exponent
 * of three digits can lead out of a double's range.
 */
const LONG = 16
const HAS_EXPONENT = /[0-9][eE][-+]?[0-9]{3}/
const IS_EXPONENT = /(?:^|[[:,\s])-?[0-9][0-9.]*[eE][-+]?[0-9]{3}/

/** Characters of a number that are quoted in a note. */
const QUOTED = 40

/**
 * Reads JSON of the world outside without changing a number. What a double (IEEE 754) cannot hold stays text, as it was written:
 * whole numbers beyond 2^53 that are none of the few which fit (`9007199254740993`), decimals with more digits than a double has
 * (`0.1000000000000000055`), and what would become infinite (`1e400`) or zero (`1e-400`). All others are numbers, also those that are merely written
 * otherwise (`1.10`, `1e3`), and doubles with the 17 digits that some languages write (`0.10000000000000001`). `-0` is 0.
 *
 * @throws SyntaxError for what is no JSON.
 */
export function readJson(text: string): LosslessJson {
  const value: Json = JSON.parse(text)
  if (!mayChange(text)) return { value, kept: null }
  const { text: quoted, kept } = quoteNumbers(text)
  return kept === null ? { value, kept } : { value: JSON.parse(quoted), kept }
}

/** Valid JSON text with quotes around the numbers that {@link readJson} keeps as text. */
export function quoteNumbers(text: string): { readonly text: string; readonly kept: KeptNumbers | null } {
  if (!mayChange(text)) return { text, kept: null }
  let quoted = ''
  let copied = 0
  let count = 0
  let first = ''
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
    } else if (isNumberPart(code)) {
      let end = at + 1
      while (isNumberPart(text.charCodeAt(end))) end++
      const source = text.slice(at, end)
      if (!isExact(source)) {
        quoted += `${text.slice(copied, at)}"${source}"`
        copied = end
        if (count === 0) first = source
        count++
      }
      at = end
    } else if (code === LETTER_T || code === LETTER_N) {
      at += 4
    } else {
      // `false` is the one other word: without this its last letter would count as an exponent.
      at += code === LETTER_F ? 5 : 1
    }
  }
  return count === 0 ? { text, kept: null } : { text: quoted + text.slice(copied), kept: { count, first } }
}

/** What to say of numbers that are kept as text. */
export function keptNumbersNote({ count, first }: KeptNumbers): string {
  const shown = first.length > QUOTED ? `${first.slice(0, QUOTED)}…` : first
  return count === 1
    ? `The number ${shown} has more digits than can be calculated with; it is kept as text.`
    : `${count} numbers, such as ${shown}, have more digits than can be calculated with; they are kept as text.`
}

/** Whether a text has a number that reading it as a double may change. It looks at every sixteenth character: this is asked of every webhook. */
function mayChange(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigitOrPoint(text.charCodeAt(at))) continue
    let start = at
    while (start > 0 && isDigitOrPoint(text.charCodeAt(start - 1))) start--
    let end = at + 1
    while (isDigitOrPoint(text.charCodeAt(end))) end++
    // One that begins behind a quote is text.
    if (end - start >= LONG && text.charCodeAt(start - 1) !== QUOTE) return true
    at = end - 1
  }
  return HAS_EXPONENT.test(text) && IS_EXPONENT.test(text)
}

const isDigitOrPoint = (code: number): boolean => (code >= 0x30 && code <= 0x39) || code === 0x2e

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LETTER_F = 0x66
const LETTER_N = 0x6e
const LETTER_T = 0x74

/** Where a string of a JSON text that begins at `start` is over: behind its last quote. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at++
    else if (code === QUOTE) return at + 1
  }
  return text.length
}

/** Digits, signs, the point, `e` and `E`. */
function isNumberPart(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2b || code === 0x2e || (code | 0x20) === 0x65
}
