import { type Numeric, numericOf, writtenNumber } from '../../domain/values/decimal.ts'

/** Characters of the longest text that is read as a number. */
const MAX_CHARS = 200
/** Code points of the digit 0 in scripts whose digits people type: ASCII's stands first. */
const ZEROS = [
  0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
  0x17e0, 0xff10,
]

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
/** The address of a computer, `192.168.100.200`, which could be a number in groups. */
const ADDRESS = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`)

/**
 * The number of a text as people write it, whose decimal mark is not told: of two kinds of marks the last one; a single comma before exactly three digits stands
 * between groups (`1,500` is 1500, but `0,500` and `1500,500` have fractions), a single point never does (`1.500` is 1.5). Signs and names of currencies around it do not count, brackets and a minus behind it mean
 * less than nothing. Undefined for what is no number, and for four numbers with points between them that are the address of a computer.
 */
export function guessNumber(text: string): Numeric | undefined {
  const bare = bareNumber(text)
  if (bare === undefined) return undefined
  const plain = numericOf(bare)
  if (plain !== undefined || ADDRESS.test(bare)) return plain
  const mark = markOf(bare)
  const isOneComma = mark === '.' && bare.split(',').length === 2 && !bare.includes('.')
  return writtenNumber(bare, mark) ?? (isOneComma ? writtenNumber(bare, ',') : undefined)
}

/** As {@link guessNumber}, with a decimal mark that is known. */
export function readNumberWith(text: string, mark: '.' | ','): Numeric | undefined {
  const bare = bareNumber(text)
  return bare === undefined ? undefined : writtenNumber(bare, mark)
}

/** A text with its number alone: ASCII digits, marks, and a sign before it. */
function bareNumber(text: string): string | undefined {
  if (text.length > MAX_CHARS) return undefined
  let bare = ''
  for (const char of text.trim()) bare += digitOf(char.codePointAt(0) ?? 0) ?? char
  bare = bare.replaceAll('٫', '.').replaceAll('٬', ',').replaceAll('−', '-')
  const bracketed = /^\(([^()]*)\)$/.exec(bare)
  if (bracketed !== null) bare = `-${bracketed[1] ?? ''}`
  const parts =
    /^([+-]?)\s?(?:\p{Sc}|[A-Za-z]{1,4}\.?\s)?\s?([+-]?)\s?([0-9.,'’_\s]*(?:[eE][+-]?[0-9]{1,4})?)\s?(?:\p{Sc}|[A-Za-z]{2,4})?\s?(-?)$/u.exec(
      bare,
    )
  if (parts === null) return undefined
  const [, before = '', after = '', digits = '', behind = ''] = parts
  const signs = `${before}${after}${behind}`
  if (signs.length > 1 || !/[0-9]/.test(digits)) return undefined
  return `${signs}${digits.trim()}`
}

function digitOf(code: number): string | undefined {
  const zero = ZEROS.find((one) => code >= one && code <= one + 9)
  return zero === undefined ? undefined : String(code - zero)
}

function markOf(bare: string): '.' | ',' {
  const [comma, point] = [bare.lastIndexOf(','), bare.lastIndexOf('.')]
  if (comma >= 0 && point >= 0) return comma > point ? ',' : '.'
  if (comma < 0) return bare.indexOf('.') === point ? '.' : ','
  const isAlone = bare.indexOf(',') === comma
  return isAlone && !/,[0-9]{3}$/.test(bare) ? ',' : '.'
}
