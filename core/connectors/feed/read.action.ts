import { z } from 'zod'
import { hostTouches } from '../../domain/trust/touches.ts'
import { defineAction } from '../define.ts'
import { aboutSchema, feedUrl, itemSchema, sampleAbout, sampleItem } from './fields.ts'
import { fetchFeed } from './read-feed.ts'

/** Reads all that a feed has now. */
export const feedRead = defineAction({
  id: 'feed.read',
  title: 'Read a feed',
  description: 'Reads the items of a feed: RSS, Atom, RDF or JSON Feed.',
  keywords: ['rss', 'atom', 'news', 'blog', 'podcast', 'json feed'],
  icon: 'rss',
  category: 'http',
  summary: '{url}',
  effect: 'idempotent',
  actsByFetch: true,
  touches: ({ url }) => hostTouches(url, 'reads'),
  input: z.strictObject({ url: feedUrl }),
  output: z.object({ items: z.array(itemSchema), feed: aboutSchema }),
  sample: { items: [sampleItem], feed: sampleAbout },
  async run(ctx) {
    const answer = await fetchFeed(ctx, ctx.input.url)
    // Nothing was remembered, so there is nothing that it could be the same as.
    const { items, feed } = answer?.found ?? { items: [], feed: { title: '', link: '', description: '' } }
    return {
      output: {
        items: items.map((item) => ({
          ...item,
          categories: [...item.categories],
          enclosures: item.enclosures.map((one) => ({ ...one })),
        })),
        feed,
      },
    }
  },
})
