import { expect, test } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, type TestClient, testApp } from '../../test-app.ts'

const FIELDS: Json = [
  { name: 'who', label: 'Your name', type: 'text', required: true },
  { name: 'mail', label: 'E-mail', type: 'email', required: true, help: 'We answer there.' },
  { name: 'why', label: 'What is the matter?', type: 'choice', options: ['Broken', 'Wrong & late'], required: true },
  { name: 'extras', label: 'And also', type: 'choices', options: ['a', 'b', 'c'] },
  { name: 'pieces', label: 'Pieces', type: 'number' },
  { name: 'day', label: 'Arrived on', type: 'date' },
  { name: 'photo', label: 'Photo', type: 'file' },
  { name: 'text', label: 'Tell us more', type: 'long' },
  { name: 'agree', label: 'I agree', type: 'checkbox', required: true },
]

const GOOD = { who: 'Ada', mail: 'ada@example.org', why: 'Broken', agree: 'yes' }

async function formApp(input: Record<string, Json> = {}, adapters = {}, isNamed = true) {
  const { app, client } = await testApp(adapters)
  const id = await enableZap(client, {
    name: 'Returns',
    steps: [
      {
        id: 'form',
        uses: 'form.submitted',
        input: { ...(isNamed && { path: 'returns' }), title: 'Return an item', fields: FIELDS, ...input },
      },
      { id: 'set', uses: 'data.set', input: { fields: { got: '{{ form.fields }}' } } },
    ],
    edges: [{ from: 'form', to: 'set' }],
  })
  return { app, client, id, url: `${app.hooksUrl}/forms/returns` }
}

type Page = { status: number; headers: Headers; text: string; hidden: Record<string, string> }

async function pageOf(response: Response): Promise<Page> {
  const text = await response.text()
  const hidden = [...text.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, value],
  )
  return { status: response.status, headers: response.headers, text, hidden: Object.fromEntries(hidden) }
}

const open = async (url: string): Promise<Page> => pageOf(await fetch(url))

type Answers = Record<string, string | string[] | File>

/** Sends a form as a browser does that shows the page. */
async function submit(url: string, page: Page, answers: Answers, headers: Record<string, string> = {}): Promise<Page> {
  const body = new FormData()
  for (const [name, value] of Object.entries({ ...page.hidden, ...answers })) {
    for (const one of [value].flat()) body.append(name, one)
  }
  return pageOf(await fetch(url, { method: 'POST', body, headers, redirect: 'manual' }))
}

async function runsOf(client: TestClient, zapId: string): Promise<unknown[]> {
  const { runs } = await client.runs.list({ zapId })
  const details = await Promise.all(runs.toReversed().map(({ id }) => client.runs.get({ id })))
  return details.map(({ steps }) => steps.find(({ step }) => step === 'set')?.output)
}

test('a form that is filled in starts a run with its answers, each as its kind', async () => {
  const { client, id, url } = await formApp()
  const page = await open(url)
  expect(page.status).toBe(200)
  expect(page.text).toContain('<h1>Return an item</h1>')
  const photo = new File([Buffer.from('not a picture')], '../../shelf.jpg', { type: 'image/jpeg' })
  const done = await submit(url, page, {
    ...GOOD,
    extras: ['a', 'c'],
    pieces: '2,5',
    day: '2026-11-27',
    text: '[one]\r\n{two} <b>',
    photo,
  })
  expect(done.status).toBe(200)
  expect(done.text).toMatch(/Thank you\. It has arrived\..*Your reference is [0-9A-Z]{8}/s)
  await expect.poll(() => runsOf(client, id)).toHaveLength(1)
  expect(await runsOf(client, id)).toEqual([
    {
      got: {
        who: 'Ada',
        mail: 'ada@example.org',
        why: 'Broken',
        extras: ['a', 'c'],
        pieces: 2.5,
        day: '2026-11-27',
        photo: {
          filename: 'shelf.jpg',
          contentType: 'image/jpeg',
          bytes: 13,
          content: expect.objectContaining({ bytes: 13, type: 'bytes' }),
        },
        text: '[one]\n{two} <b>',
        agree: true,
      },
    },
  ])
})

test('what is left out is null, false or nothing chosen, and a form without files is sent as text', async () => {
  const fields = [
    { name: 'a', label: 'A', type: 'text' },
    { name: 'b', label: 'B', type: 'checkbox' },
    { name: 'c', label: 'C', type: 'choices', options: ['x'] },
    { name: 'd', label: 'D', type: 'number' },
  ]
  const { client, id, url } = await formApp({ fields })
  const page = await open(url)
  expect(page.text).not.toContain('multipart')
  const body = new URLSearchParams({ ...page.hidden, a: '  ', d: '9007199254740993' })
  const done = await fetch(url, { method: 'POST', body })
  expect(done.status).toBe(200)
  await expect.poll(() => runsOf(client, id)).toEqual([{ got: { a: null, b: false, c: [], d: '9007199254740993' } }])
})

test('a wrong answer is shown again with what is wrong, and all that was entered is kept, the file too', async () => {
  const { client, id, url } = await formApp()
  const photo = new File(['12345'], 'shelf.jpg', { type: 'image/jpeg' })
  const again = await submit(url, await open(url), {
    who: '"><script>',
    mail: 'nobody',
    why: 'Wrong & late',
    pieces: '1,500',
    photo,
  })
  expect(again.status).toBe(422)
  expect(again.text).toContain('role="alert"')
  for (const link of ['#f-mail', '#f-pieces', '#f-agree']) expect(again.text).toContain(`href="${link}"`)
  expect(again.text).toContain('value="&quot;&gt;&lt;script&gt;"')
  expect(again.text).toMatch(/value="Wrong &amp; late"[^>]* checked/)
  expect(again.text).toContain('value="1,500"')
  expect(again.text).toMatch(/id="f-mail"[^>]*aria-describedby="f-mail-help f-mail-error"[^>]*aria-invalid="true"/)
  expect(again.text).toContain('kept from your first try')
  expect(await runsOf(client, id)).toEqual([])
  const done = await submit(url, again, { ...GOOD, pieces: '1500' })
  expect(done.status).toBe(200)
  await expect
    .poll(() => runsOf(client, id))
    .toMatchObject([{ got: { pieces: 1500, photo: { filename: 'shelf.jpg', bytes: 5 } } }])
})

test('a file that nobody sent here cannot be brought along', async () => {
  const { client, id, url } = await formApp()
  const other = await formApp()
  const refused = await submit(other.url, await open(other.url), { photo: new File(['x'], 'x.txt') })
  const page = await open(url)
  await submit(url, page, { ...GOOD, '_kept.photo': refused.hidden['_kept.photo'] ?? '' })
  const forged = Buffer.from(
    JSON.stringify({ filename: 'x', contentType: 'x', bytes: 1, blob: 'a'.repeat(64), at: Date.now() }),
  )
  await submit(url, await open(url), { ...GOOD, '_kept.photo': `${forged.toString('base64url')}.${'A'.repeat(43)}` })
  await expect.poll(() => runsOf(client, id)).toMatchObject([{ got: { photo: null } }, { got: { photo: null } }])
})

test('a page that is sent twice makes one event, and shows the same twice', async () => {
  const { client, id, url } = await formApp()
  const page = await open(url)
  const first = await submit(url, page, GOOD)
  const second = await submit(url, page, GOOD)
  expect(second.text).toBe(first.text)
  await submit(url, await open(url), GOOD)
  await expect.poll(() => runsOf(client, id)).toHaveLength(2)
  const { requests } = await client.inbox.list({})
  expect(requests.map(({ verdict, path }) => `${verdict} ${path}`)).toEqual([
    'accepted /forms/returns',
    'duplicate /forms/returns',
    'accepted /forms/returns',
  ])
})

test('another page cannot send it, nor what has no token of this form, or an old one', async () => {
  const clock = manualClock(Date.parse('2026-11-30T09:00:00Z'))
  const { client, id, url } = await formApp({}, { clock })
  const page = await open(url)
  const foreign = await submit(url, page, GOOD, { origin: 'https://evil.example' })
  expect(foreign.status).toBe(403)
  expect((await submit(url, page, GOOD, { origin: 'null' })).status).toBe(403)
  expect((await submit(url, page, GOOD, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  const own = { origin: new URL(url).origin }
  expect((await submit(url, { ...page, hidden: {} }, GOOD, own)).status).toBe(422)
  expect((await submit(url, { ...page, hidden: { _token: `${page.hidden._token}x` } }, GOOD)).status).toBe(422)
  expect(await runsOf(client, id)).toEqual([])
  clock.advance(4 * 86_400_000)
  const old = await submit(url, page, GOOD)
  expect(old.status).toBe(422)
  expect(old.text).toContain('open for too long')
  expect(old.text).toContain('value="Ada"')
  expect((await submit(url, old, GOOD, { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin' })).status).toBe(
    200,
  )
})

test('a program fills in a form without a page, as no browser could be made to', async () => {
  const { client, id, url } = await formApp()
  const sent = await fetch(url, { method: 'POST', body: new URLSearchParams(GOOD) })
  expect(sent.status).toBe(200)
  expect((await fetch(url, { method: 'POST', body: new URLSearchParams({ who: 'Ada' }) })).status).toBe(422)
  await expect.poll(() => runsOf(client, id)).toHaveLength(1)
})

test('the page runs nothing, loads nothing, and stands in no frame', async () => {
  const { url } = await formApp({ title: '<img src=x onerror=alert(1)>', intro: '<script>' })
  const { headers, text } = await open(url)
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(headers.get('cache-control')).toBe('no-store')
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
  )
  expect(text).not.toMatch(/<script|<img|style="|<[^>]*\son\w+=|https?:\/\//)
})

test('after sending, a message may read the answers, or the browser goes elsewhere', async () => {
  const message = await formApp({ done: { message: 'Thank you, {{ form.fields.who }}.' } })
  expect((await submit(message.url, await open(message.url), { ...GOOD, who: '<b>' })).text).toContain(
    'Thank you, &lt;b&gt;.',
  )
  const broken = await formApp({ done: { message: '{{ form.fields.nothing }}' } })
  expect((await submit(broken.url, await open(broken.url), GOOD)).text).toContain('It has arrived')
  for (const done of ['https://example.com/thanks', { redirect: 'https://example.com/thanks' }]) {
    const { url } = await formApp({ done })
    const page = await open(url)
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://example.com;")
    const sent = await submit(url, page, GOOD)
    expect([sent.status, sent.headers.get('location')]).toEqual([303, 'https://example.com/thanks'])
  }
  const asked = await formApp({ done: { redirect: 'https://example.com/{{ form.fields.who }}' } })
  const sent = await submit(asked.url, await open(asked.url), { ...GOOD, who: '//evil.example/\r\nx' })
  expect(new URL(sent.headers.get('location') ?? '').origin).toBe('https://example.com')
})

test('a form that is off is not found, one that is paused keeps what was entered', async () => {
  const { app, client, id, url } = await formApp()
  const page = await open(url)
  await app.setPaused(true)
  const closed = await open(url)
  expect([closed.status, closed.headers.get('retry-after')]).toEqual([503, '60'])
  const kept = await submit(url, page, GOOD)
  expect(kept.status).toBe(503)
  expect(kept.text).toContain('value="Ada"')
  await app.setPaused(false)
  expect((await submit(url, kept, GOOD)).status).toBe(200)
  await client.zaps.setEnabled({ id, enabled: false })
  const gone = await open(url)
  expect(gone.status).toBe(404)
  expect(gone.text).toContain('This form is not open at the moment')
  expect((await submit(url, page, GOOD)).status).toBe(404)
})

test('what is too large, no form, or sent in another way is told in a page', async () => {
  const { url } = await formApp()
  const page = await open(url)
  const large = await submit(url, page, { ...GOOD, photo: new File([new Uint8Array(6_000_000)], 'x') })
  expect(large.status).toBe(413)
  expect(large.text).toContain('5 MB')
  const json = await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
  expect(json.status).toBe(400)
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(405)
  const head = await fetch(url, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
  const broken = await fetch(url, { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } })
  expect(broken.status).toBe(400)
})

test('what was sent can be run again from the inbox, and its address is told with the zap', async () => {
  const { client, id, url } = await formApp()
  expect((await client.zaps.get({ id })).webhooks).toMatchObject([{ step: 'form', url, isForm: true }])
  await submit(url, await open(url), GOOD)
  const [request] = (await client.inbox.list({})).requests
  await client.inbox.replay({ id: request?.id ?? 0 })
  await expect.poll(() => runsOf(client, id)).toMatchObject([{ got: { who: 'Ada' } }, { got: { who: 'Ada' } }])
})

test('two zaps cannot have one form, and a form without a path has an address that nobody guesses', async () => {
  const { client, id } = await formApp()
  const content = (await client.zaps.export({ id })) as Json
  const { zaps } = await client.zaps.import({ files: [{ file: 'x', content }] })
  const second = zaps[0]?.id ?? ''
  await expect(client.zaps.publish({ id: second })).rejects.toMatchObject({
    data: { problems: [{ code: 'path-taken', field: 'input.path' }] },
  })
  const free = await formApp({}, {}, false)
  expect((await free.client.zaps.get({ id: free.id })).webhooks[0]?.url).toMatch(/\/forms\/[\w-]{24}$/)
})

test.each<[string, Record<string, Json>, RegExp]>([
  ['no fields', { fields: [] }, /at least one field/],
  [
    'a field twice',
    {
      fields: [
        { name: 'a', label: 'A' },
        { name: 'a', label: 'B' },
      ],
    },
    /name of another field/,
  ],
  ['a hostile name', { fields: [{ name: '__proto__', label: 'A' }] }, /begins with a letter/],
  ['a name of the page itself', { fields: [{ name: '_token', label: 'A' }] }, /begins with a letter/],
  ['an unknown type', { fields: [{ name: 'a', label: 'A', type: 'password' }] }, /type|one of/i],
  ['a choice without choices', { fields: [{ name: 'a', label: 'A', type: 'choice' }] }, /at least one choice/],
  ['the same choice twice', { fields: [{ name: 'a', label: 'A', type: 'choices', options: ['x', 'x'] }] }, /twice/],
  ['a label of blanks', { fields: [{ name: 'a', label: '  ' }] }, /needs a text/],
  ['no title', { title: '' }, /needs a/],
  ['a redirect that runs something', { done: { redirect: 'javascript:alert(1)' } }, /must be an address/],
  [
    'a redirect to where a visitor says',
    { done: { redirect: 'https://{{ form.fields.who }}/' } },
    /must be an address/,
  ],
  ['a message and a redirect', { done: { message: 'x', redirect: 'https://example.com' } }, /only one/],
  ['a path upwards', { path: '../x' }, /slashes/],
])('a form with %s is not published', async (_words, input, message) => {
  const { client } = await testApp()
  const steps = [{ id: 'form', uses: 'form.submitted', input: { title: 'T', fields: FIELDS, ...input } }]
  const content = { format: 'hookline/zap@1', name: 'x', steps, edges: [] }
  const { zaps } = await client.zaps.import({ files: [{ file: 'x', content }] })
  const id = zaps[0]?.id
  const problems = id == null ? (zaps[0]?.problems ?? []) : (await client.zaps.get({ id })).problems
  expect(problems.map((problem) => problem.message).join(' ')).toMatch(message)
})
