import { z } from 'zod'
import { switchField } from '../kit/from-text.ts'

/** What is taken of what a selector finds. */
export const htmlFieldSchema = z.strictObject({
  selector: z
    .string()
    .min(1, { error: 'needs a CSS selector, such as h1 or .price' })
    .max(2_000)
    .meta({ title: 'Selector', ui: { placeholder: 'h1, .price, a[href]' } }),
  take: z
    .enum(['text', 'html', 'attribute'])
    .default('text')
    .meta({ title: 'Take', ui: { labels: { text: 'Its text', html: 'Its HTML', attribute: 'An attribute' } } }),
  attribute: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Attribute', ui: { placeholder: 'href', showIf: { field: 'take', in: ['attribute'] } } }),
  all: switchField().prefault(false).meta({ title: 'All that fit, as a list' }),
})
