import { z } from 'zod'

/** Where a feed is. */
export const feedUrl = z
  .string()
  .trim()
  .regex(/^https?:\/\//i, { error: 'must begin with http:// or https://' })
  .max(8_000)
  .meta({ title: 'Address of the feed', ui: { widget: 'template', placeholder: 'https://example.com/feed.xml' } })

export const itemSchema = z.object({
  id: z.string(),
  title: z.string(),
  link: z.string(),
  summary: z.string(),
  content: z.string(),
  author: z.string(),
  publishedAt: z.string(),
  categories: z.array(z.string()),
  enclosures: z.array(z.object({ url: z.string(), contentType: z.string(), bytes: z.number() })),
})

export const aboutSchema = z.object({ title: z.string(), link: z.string(), description: z.string() })

export const sampleAbout = { title: 'Example news', link: 'https://example.com/', description: 'All that is new' }
export const sampleItem = {
  id: 'https://example.com/2026/11/30/hello',
  title: 'Hello',
  link: 'https://example.com/2026/11/30/hello',
  summary: 'A first word.',
  content: '<p>A first word.</p>',
  author: 'Ada',
  publishedAt: '2026-11-30T09:00:00.000Z',
  categories: ['news'],
  enclosures: [],
}
