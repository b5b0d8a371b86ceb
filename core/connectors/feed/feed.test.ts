import { expect, test } from 'vitest'
import { enableZap, runToEnd, testApp, testServer } from '../../test-app.ts'
import { readFeed } from './read-feed.ts'

/** The examples of the specifications: RSS 2.0 (Harvard's sample), Atom (RFC 4287, section 1.1), RDF (RSS 1.0, section 3), JSON Feed 1.1. */
const RSS = `<?xml version="1.0"?><rss version="2.0"><channel><title>Liftoff News</title><link>http://liftoff.msfc.nasa.gov/</link>
<description>Liftoff to Space Exploration.</description>
<item><title>Star City</title><link>http://liftoff.msfc.nasa.gov/news/2003/news-starcity.asp</link>
<description>How do Americans get ready?</description><pubDate>Tue, 03 Jun 2003 09:39:21 GMT</pubDate><guid>http://liftoff.msfc.nasa.gov/2003/06/03.html#item573</guid></item>
<item><description>Sky watchers in Europe &amp; Asia</description><pubDate>Fri, 30 May 2003 11:06:42 GMT</pubDate><guid>http://liftoff.msfc.nasa.gov/2003/05/30.html#item572</guid>
<enclosure url="http://example.com/a.mp3" length="12216320" type="audio/mpeg"/><category>sky</category></item></channel></rss>`
const ATOM = `<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Example Feed</title><link href="http://example.org/"/>
<updated>2003-12-13T18:30:02Z</updated><author><name>John Doe</name></author><id>urn:uuid:60a76c80-d399-11d9-b93C-0003939e0af6</id>
<entry><title>Atom-Powered Robots Run Amok</title><link href="http://example.org/2003/12/13/atom03"/><id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</id>
<updated>2003-12-13T18:30:02Z</updated><summary>Some text.</summary></entry></feed>`
const RDF = `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="http://www.xml.com/xml/news.rss"><title>XML.com</title><link>http://xml.com/pub</link><description>XML.com features</description></channel>
<item rdf:about="http://xml.com/pub/2000/08/09/xslt/xslt.html"><title>Processing Inclusions with XSLT</title><link>http://xml.com/pub/2000/08/09/xslt/xslt.html</link><description>Processing document inclusions</description></item></rdf:RDF>`
const JSON_FEED = JSON.stringify({
  version: 'https://jsonfeed.org/version/1.1',
  title: 'My Example Feed',
  home_page_url: 'https://example.org/',
  items: [
    {
      id: '2',
      content_text: 'This is a second item.',
      url: 'https://example.org/second-item',
      tags: ['x'],
      authors: [{ name: 'Ada' }],
    },
  ],
})

test.each<[string, string, object, object]>([
  [
    'RSS',
    RSS,
    { title: 'Liftoff News' },
    {
      title: 'Star City',
      publishedAt: '2003-06-03T09:39:21.000Z',
      id: 'http://liftoff.msfc.nasa.gov/2003/06/03.html#item573',
    },
  ],
  [
    'Atom',
    ATOM,
    { title: 'Example Feed', link: 'http://example.org/' },
    {
      title: 'Atom-Powered Robots Run Amok',
      link: 'http://example.org/2003/12/13/atom03',
      summary: 'Some text.',
      publishedAt: '2003-12-13T18:30:02.000Z',
    },
  ],
  [
    'RDF',
    RDF,
    { title: 'XML.com' },
    { title: 'Processing Inclusions with XSLT', id: 'http://xml.com/pub/2000/08/09/xslt/xslt.html' },
  ],
  [
    'JSON Feed',
    JSON_FEED,
    { title: 'My Example Feed', link: 'https://example.org/' },
    { id: '2', content: 'This is a second item.', author: 'Ada', categories: ['x'] },
  ],
])('%s says the same in the same words', (_kind, text, feed, item) => {
  const found = readFeed(text, 'https://example.org/feed')
  expect(found.feed).toMatchObject(feed)
  expect(found.items[0]).toMatchObject(item)
})

test('what hangs on an item is listed, and entities are read', () => {
  expect(readFeed(RSS, 'http://x').items[1]).toMatchObject({
    summary: 'Sky watchers in Europe & Asia',
    categories: ['sky'],
    enclosures: [{ url: 'http://example.com/a.mp3', contentType: 'audio/mpeg', bytes: 12_216_320 }],
  })
})

test.each([
  ['<!doctype html><title>News</title>', /a page, and no feed/],
  ['{"items":[]}', /nothing that can be read/],
  ['', /nothing that can be read/],
  [
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>&a;</title></channel></rss>',
    /./,
  ],
])('what is no feed says so, and no file is read: %s', (text, message) => {
  let found = ''
  try {
    found = JSON.stringify(readFeed(text, 'https://example.org/feed'))
  } catch (error) {
    expect(error).toMatchObject({ details: { code: 'no-feed', message: expect.stringMatching(message) } })
  }
  expect(found).not.toContain('root:')
})

test('a new item starts a run, once; what was there at first does not; a feed that did not change is not sent again', async () => {
  let items = ['one']
  const asked: (string | undefined)[] = []
  const url = await testServer(({ headers }, response) => {
    asked.push(String(headers['if-none-match'] ?? ''))
    const etag = `"${items.join()}"`
    if (headers['if-none-match'] === etag) {
      response.writeHead(304).end()
      return
    }
    const body = items.map((id) => `<item><title>${id}</title><guid>${id}</guid></item>`).join('')
    response
      .writeHead(200, { etag, 'content-type': 'application/rss+xml' })
      .end(`<rss version="2.0"><channel><title>N</title>${body}</channel></rss>`)
  })
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      { id: 'new', uses: 'feed.new-item', input: { url } },
      { id: 'keep', uses: 'data.set', input: { fields: { title: '{{ new.title }}', feed: '{{ new.feed.title }}' } } },
    ],
    edges: [{ from: 'new', to: 'keep' }],
  })
  const poll = () => client.zaps.pollNow({ id, step: 'new' })
  await expect.poll(() => asked.length).toBe(1)
  await poll()
  items = ['three', 'two', 'one']
  await poll()
  await expect.poll(async () => (await client.runs.list({})).runs.length).toBe(2)
  await poll()
  expect(asked[0]).toBe('')
  expect(asked.at(-1)).toBe('"three,two,one"')
  const runs = (await client.runs.list({})).runs
  const outputs = await Promise.all(
    runs.map(async (run) => (await client.runs.get({ id: run.id })).steps.find(({ step }) => step === 'keep')?.output),
  )
  expect(outputs.map((one) => (one as { title: string }).title).toSorted()).toEqual(['three', 'two'])
})

test('a feed in another character set is read in it', async () => {
  const url = await testServer((_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(
        Buffer.from(
          '<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel><title>Größe</title></channel></rss>',
          'latin1',
        ),
      ),
  )
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'read', uses: 'feed.read', input: { url } },
    ],
    edges: [{ from: 'go', to: 'read' }],
  })
  const { steps } = await runToEnd(client, id, {})
  expect(steps.find(({ step }) => step === 'read')?.output).toMatchObject({ feed: { title: 'Größe' } })
})
