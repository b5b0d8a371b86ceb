import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { switchField } from '../kit/from-text.ts'
import { checkPattern, type Found, findPattern, MAX_PATTERN_CHARS } from '../kit/pattern.ts'
import { textOutput } from '../kit/rows.ts'

/** Characters that a text may come to: what is put in may be longer than what is taken out. */
const MAX_CHARS = 100_000_000

/** Puts one text in the place of another, wherever it stands. */
export const textReplace = defineComputation({
  id: 'text.replace',
  title: 'Replace text',
  description: 'Puts a text in the place of another one, or of a pattern.',
  keywords: [
    'replace',
    'find and replace',
    'substitute',
    'remove text',
    'change',
    'swap',
    'update text',
    'replace pattern',
  ],
  icon: 'replace',
  category: 'data',
  summary: '{find}',
  input: z
    .strictObject({
      text: jsonSchema.meta({ title: 'Text', ui: { widget: 'template-long' } }),
      find: z
        .string()
        .min(1, { error: 'needs at least one character' })
        .max(100_000)
        .meta({ title: 'Find', ui: { widget: 'template' } }),
      with: jsonSchema.default('').meta({
        title: 'Replace with',
        description: 'Nothing takes it out. For a pattern, $1 and $<name> are what its groups found.',
        ui: { widget: 'template' },
      }),
      regex: switchField()
        .prefault(false)
        .meta({ title: 'It is a pattern', description: 'A regular expression in RE2’s syntax.' }),
      all: switchField().prefault(true).meta({ title: 'Everywhere', description: 'And not only the first.' }),
    })
    .superRefine(({ find, regex }, check) => {
      if (!regex) return
      try {
        if (find.length > MAX_PATTERN_CHARS) throw new Error(`It is longer than ${MAX_PATTERN_CHARS} characters.`)
        checkPattern(find)
      } catch (error) {
        check.addIssue({ code: 'custom', path: ['find'], message: `cannot be used. ${StepError.from(error).message}` })
      }
    }),
  output: z.object({ text: textOutput, count: z.int() }),
  sample: { text: 'Hello Ada', count: 1 },
  *compute({ text: given, find, with: replacement, regex, all }) {
    const text = textOf(given)
    const put = textOf(replacement)
    const parts: string[] = []
    let chars = 0
    let count = 0
    let at = 0
    const add = (part: string): void => {
      chars += part.length
      if (chars > MAX_CHARS) {
        const message = `The text would have more than ${MAX_CHARS.toLocaleString('en-US')} characters: replace less of it.`
        throw new StepError({ code: 'too-large', message, retryable: false })
      }
      parts.push(part)
    }
    for (const found of regex ? findPattern(find, text, false) : findText(find, text)) {
      yield
      add(text.slice(at, found.index))
      add(regex ? expanded(put, found) : put)
      at = found.index + found.text.length
      count += 1
      if (!all) break
    }
    add(text.slice(at))
    return { text: parts.join(''), count }
  },
})

function* findText(find: string, text: string): Generator<Found, undefined, undefined> {
  for (let index = text.indexOf(find); index >= 0; index = text.indexOf(find, index + find.length)) {
    yield { text: find, index, groups: [], named: {} }
  }
}

/** What stands in a replacement for the groups of a match, as in JavaScript: `$1`, `$&`, `$<name>`, and as in RE2: `${name}`. `$$` is one `$`. */
const REFERENCE = /\$(?:\$|&|([0-9]{1,2})|<([^>]{1,100})>|\{([^}]{1,100})\})/g

function expanded(put: string, found: Found): string {
  if (!put.includes('$')) return put
  return put.replace(REFERENCE, (whole, number?: string, angled?: string, braced?: string) => {
    if (whole === '$$') return '$'
    if (whole === '$&') return found.text
    const name = number ?? angled ?? braced ?? ''
    if (name === '0') return found.text
    if (/^[0-9]+$/.test(name)) return found.groups[Number(name) - 1] ?? ''
    return Object.hasOwn(found.named, name) ? (found.named[name] ?? '') : whole
  })
}
