import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { notANumber, numericOf } from '../../domain/values/decimal.ts'
import { type Json, jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { guessNumber, readNumberWith } from '../kit/guess-number.ts'
import { localeSchema } from '../kit/locale.ts'

/** Reads a number as people write it. */
export const numberParse = defineAction({
  id: 'number.parse',
  title: 'Read a number',
  description: 'Makes a number of a text such as “1.500,75 €”.',
  keywords: [
    'parse number',
    'text to number',
    'to number',
    'convert to number',
    'float',
    'integer',
    'amount',
    'price',
    'decimal comma',
  ],
  icon: 'calculator',
  category: 'data',
  summary: '{text}',
  effect: 'none',
  input: z.strictObject({
    text: jsonSchema.meta({ title: 'Text', ui: { widget: 'template', placeholder: '1.500,75 €' } }),
    locale: localeSchema.optional().meta({
      title: 'Written as in',
      description:
        'A language such as de or en-IN. Without one the marks tell: the last of two kinds is the decimal mark.',
      ui: { widget: 'template', placeholder: 'de', advanced: true },
    }),
  }),
  output: z.object({ value: z.union([z.number(), z.string()]) }),
  sample: { value: 1500.75 },
  async run({ input: { text, locale } }) {
    const plain = typeof text === 'string' ? undefined : numericOf(text)
    if (plain !== undefined) return { output: { value: plain } }
    const read =
      typeof text !== 'string'
        ? undefined
        : locale === undefined
          ? guessNumber(text)
          : readNumberWith(text, decimalMark(locale))
    if (read === undefined) {
      throw new StepError({ code: 'bad-input', message: refusalOf(text, locale), retryable: false })
    }
    // With more digits than a double has, it stays text: nothing of it is lost.
    return { output: { value: read } }
  },
})

/** What is wrong with it. Which filter of a template helps is of no use here: marks are in wrong places, or belong to another language. */
function refusalOf(text: Json, locale: string | undefined): string {
  const [what, other] = notANumber(text).split(/ is not a plain number such as 1500\.5: name its decimal mark.*$/)
  if (other === undefined) return `${what}.`
  const where = locale === undefined ? '' : ` as it is written in “${locale}”`
  const remedy = locale === undefined ? 'set' : 'change'
  return `${what} is not a number${where}: groups have three digits, and there is one decimal mark. If it is one elsewhere, ${remedy} “Written as in”.`
}

function decimalMark(locale: string): '.' | ',' {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5)
  return parts.some(({ type, value }) => type === 'decimal' && (value === ',' || value === '٫')) ? ',' : '.'
}
