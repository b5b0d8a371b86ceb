import type { z } from 'zod'

/** Values that a message lists at most; more would bury what it says. */
const SHOWN_VALUES = 20

/**
 * What a schema has against a value, as the end of a sentence that begins with the name of the field: "is needed", "must be
 * text". Given to zod as the `error` of a parse; a message that the schema itself carries goes before it.
 */
export function issueWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is needed' : `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`
    case 'too_small':
      return `must ${sizeWords(issue.origin, 'least', Number(issue.minimum) + (issue.inclusive === false ? 1 : 0))}`
    case 'too_big':
      return `must ${sizeWords(issue.origin, 'most', Number(issue.maximum) - (issue.inclusive === false ? 1 : 0))}`
    case 'invalid_value':
      return issue.input === undefined ? 'is needed' : `must be ${oneOf(issue.values.map(String))}`
    case 'unrecognized_keys':
      return `holds ${issue.keys.map((key) => `"${key}"`).join(', ')}, which is not known here; remove it`
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues[0]?.message ?? 'does not fit'
    case 'invalid_format':
      return FORMAT_WORDS[issue.format] ?? 'is not written as it must be'
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_union':
      return issue.input === undefined ? 'is needed' : 'does not fit'
    default:
      return issue.input === undefined ? 'is needed' : 'does not fit'
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'empty',
}

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  url: 'must be an address, such as https://example.com',
  datetime: 'must be a time, such as 2026-11-24T09:00:00Z',
}

function sizeWords(origin: string, bound: 'least' | 'most', size: number): string {
  const noun = { string: 'character', array: 'entry', record: 'entry', object: 'entry' }[origin]
  if (noun === undefined) return `be at ${bound} ${size}`
  if (bound === 'least' && size === 1) return 'not be empty'
  const plural = noun === 'entry' ? 'entries' : `${noun}s`
  return `have at ${bound} ${size} ${size === 1 ? noun : plural}`
}

function oneOf(values: readonly string[]): string {
  if (values.length === 1) return `"${values[0]}"`
  const shown = values.length > SHOWN_VALUES ? [...values.slice(0, SHOWN_VALUES), '…'] : values
  return `one of ${shown.join(', ')}`
}
