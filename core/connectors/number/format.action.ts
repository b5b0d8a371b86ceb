import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { notANumber, numericOf } from '../../domain/values/decimal.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { localeSchema } from '../kit/locale.ts'
import { wholeNumber } from '../kit/rows.ts'

/** Writes a number as people of a language do. */
export const numberFormat = defineAction({
  id: 'number.format',
  title: 'Format a number',
  description: 'Writes a number with marks, a currency or a percent sign.',
  keywords: ['format number', 'currency', 'money', 'percent', 'round', 'decimals', 'thousands', 'format currency'],
  icon: 'calculator',
  category: 'data',
  summary: '{value} {currency}',
  effect: 'none',
  input: z
    .strictObject({
      value: jsonSchema.meta({ title: 'Number', ui: { widget: 'template', placeholder: '{{ hook.body.amount }}' } }),
      style: z
        .enum(['decimal', 'currency', 'percent', 'compact'])
        .default('decimal')
        .meta({
          title: 'As',
          ui: {
            labels: { decimal: 'Number', currency: 'Money', percent: 'Percent (0.2 is 20 %)', compact: 'Short (1.5K)' },
          },
        }),
      currency: z
        .string()
        .regex(/^[A-Za-z]{3}$/, { error: 'must be a currency of three letters, such as EUR' })
        .optional()
        .meta({
          title: 'Currency',
          ui: { widget: 'template', placeholder: 'EUR', showIf: { field: 'style', in: ['currency'] } },
        }),
      locale: localeSchema.default('en').meta({
        title: 'Language',
        description: 'Decides the marks: en writes 1,500.75 and de 1.500,75.',
        ui: { widget: 'template', placeholder: 'en' },
      }),
      digits: wholeNumber(0)
        .refine((digits) => digits <= 20, { error: 'must be at most 20' })
        .optional()
        .meta({ title: 'Digits behind the mark' }),
    })
    .superRefine(({ style, currency }, check) => {
      if (style === 'currency' && currency === undefined) {
        check.addIssue({ code: 'custom', path: ['currency'], message: 'is needed to write money, such as EUR' })
      }
    }),
  output: z.object({ text: z.string() }),
  sample: { text: '€1,500.75' },
  async run({ input: { value, style, currency, locale, digits } }) {
    const numeric = numericOf(value)
    if (numeric === undefined) {
      throw new StepError({ code: 'bad-input', message: `${notANumber(value)}.`, retryable: false })
    }
    const fraction = digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits }
    const format = new Intl.NumberFormat(locale, {
      ...(style === 'compact' ? { notation: 'compact' } : { style }),
      ...(style === 'currency' && { currency: currency ?? '' }),
      // As many as there are, where nothing is said: half of a cent is not to be lost in a plain number.
      ...(style === 'decimal' && digits === undefined ? { maximumFractionDigits: 20 } : fraction),
    })
    // Text keeps the digits that a double would not (https://tc39.es/ecma402/#sec-tointlmathematicalvalue); its type only knows some forms of it.
    return { output: { text: format.format(numeric as number) } }
  },
})
