import { z } from 'zod'
import { hostTouches } from '../../domain/trust/touches.ts'
import { defineTrigger } from '../define.ts'
import { newItems } from '../kit/new-items.ts'
import { everyField, firstField, POLL_TIMES } from '../kit/poll-fields.ts'
import { aboutSchema, feedUrl, itemSchema, sampleAbout, sampleItem } from './fields.ts'
import { eventOf, fetchFeed } from './read-feed.ts'

const cursorSchema = z.object({
  seen: z.json(),
  etag: z.string().optional(),
  modified: z.string().optional(),
})

/** Looks at a feed now and then, and starts for each item that was not in it before. A feed that did not change is not sent again. */
export const feedNewItem = defineTrigger({
  id: 'feed.new-item',
  title: 'New item in a feed',
  description: 'Starts for each new item of a feed: a blog, the news, a podcast.',
  keywords: ['rss', 'atom', 'news', 'blog', 'podcast', 'rss feed trigger', 'new post'],
  icon: 'rss',
  category: 'http',
  summary: '{url}',
  touches: ({ url }) => hostTouches(url, 'reads'),
  input: z.strictObject({ url: feedUrl, every: everyField('15m'), first: firstField }),
  output: z.object({ ...itemSchema.shape, feed: aboutSchema }),
  sample: { ...sampleItem, feed: sampleAbout },
  source: {
    from: 'poll',
    ...POLL_TIMES,
    async poll({ input, cursor, http, clock }) {
      const before = cursorSchema.safeParse(cursor).data
      const answer = await fetchFeed({ http, clock }, input.url, before)
      if (answer === null) return { events: [], cursor }
      const { found, marks } = answer
      // The oldest first, as they were written.
      const items = found.items.toReversed().map((item) => ({ key: item.id, data: eventOf(item, found.feed) }))
      const news = await newItems(items, before?.seen ?? null)
      const { etag, modified } = marks
      return {
        events: news.events,
        cursor: { seen: news.cursor, ...(etag !== undefined && { etag }), ...(modified !== undefined && { modified }) },
      }
    },
  },
})
