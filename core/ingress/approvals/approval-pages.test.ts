import { expect, test } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, type TestClient, testApp } from '../../test-app.ts'

const NOON = Date.parse('2026-11-30T12:00:00Z')

const FIELDS: Json = [
  { name: 'amount', label: 'Amount', type: 'number', required: true, value: '{{ go.amount }}' },
  { name: 'proof', label: 'Proof', type: 'file' },
]

const ask = (id: string, input: Record<string, Json> = {}) => ({
  id,
  uses: 'logic.approve',
  input: { message: `May ${id} happen?`, ...input },
})
const set = (id: string, value: Json) => ({ id, uses: 'data.set', input: { fields: { value } } })
const edge = (from: string, to: string, port?: string) => (port === undefined ? { from, to } : { from, to, port })

/** A zap that is started by hand and whose first step has the links of its questions. */
async function asking(
  asks: readonly ReturnType<typeof ask>[],
  more: { steps?: Json[]; edges?: Json[]; clock?: ReturnType<typeof manualClock>; linked?: boolean } = {},
) {
  const { app, client, folder } = await testApp(more.clock === undefined ? {} : { clock: more.clock })
  const [first] = asks
  const id = await enableZap(client, {
    steps: [{ id: 'go', uses: 'manual.run', input: {} }, ...asks, ...((more.steps ?? []) as ReturnType<typeof set>[])],
    edges: [
      edge('go', first?.id ?? ''),
      ...asks.slice(1).map((one, at) => edge(asks[at]?.id ?? '', one.id, 'approved')),
      ...((more.edges ?? []) as ReturnType<typeof edge>[]),
    ],
  })
  const { runId } = await client.zaps.run({ id, source: 'live', input: { amount: 12.5 } })
  return { app, client, folder, runId, id }
}

async function linkOf(client: TestClient, runId: string, step: string): Promise<string> {
  await expect
    .poll(async () => (await client.approvals.list()).some((one) => one.runId === runId && one.step === step))
    .toBe(true)
  const found = (await client.approvals.list()).find((one) => one.runId === runId && one.step === step)
  return found?.link?.url ?? ''
}

type Page = { status: number; location: string | null; text: string; hidden: Record<string, string> }

async function pageOf(response: Response): Promise<Page> {
  const text = await response.text()
  const hidden = [...text.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, value],
  )
  const location = response.headers.get('location')
  return { status: response.status, location, text, hidden: Object.fromEntries(hidden) }
}

const open = async (url: string): Promise<Page> => pageOf(await fetch(url))

/** Sends a page as a browser does that shows it. */
async function press(
  url: string,
  page: Page,
  answer: string,
  answers: Record<string, string | File> = {},
  headers: Record<string, string> = {},
): Promise<Page> {
  const body = new FormData()
  for (const [name, value] of Object.entries({ ...page.hidden, ...answers, _answer: answer })) body.append(name, value)
  return pageOf(await fetch(url, { method: 'POST', body, headers, redirect: 'manual' }))
}

const outputOf = async (client: TestClient, runId: string, step: string): Promise<Json | undefined> =>
  (await client.runs.get({ id: runId })).steps.find((row) => row.step === step)?.output
const ends = (client: TestClient, runId: string) =>
  expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('succeeded')

test('a question is filled in on the page behind its link, and the run goes on with the answer and its file', async () => {
  const { client, runId } = await asking([ask('pay', { fields: FIELDS, details: { order: 'A-1', note: '<b>' } })], {
    steps: [
      { id: 'read', uses: 'data.decode', input: { value: 'b2s=', as: 'base64' } },
      set('after', '{{ pay.fields }}'),
    ],
    edges: [edge('pay', 'after', 'approved'), edge('pay', 'read', 'declined')],
  })
  const url = await linkOf(client, runId, 'pay')
  const page = await open(url)
  expect(page.status).toBe(200)
  expect(page.text).toContain('<h1>May pay happen?</h1>')
  expect(page.text).toContain('<dt>order</dt><dd>A-1</dd>')
  expect(page.text).toContain('&lt;b&gt;')
  expect(page.text).toMatch(/name="amount" value="12.5"/)
  expect(page.text).not.toContain('<script')

  const proof = new File([Buffer.from('paper')], '../../etc/pass\u0007wd.txt', { type: 'text/plain' })
  const wrong = await press(url, page, 'approved', { amount: 'much', proof })
  expect(wrong.status).toBe(422)
  expect(wrong.text).toContain('Write a number')
  expect(await client.approvals.list()).toHaveLength(1)

  // The file is kept from the first try.
  const done = await press(url, wrong, 'approved', { amount: '99' })
  expect(done.status).toBe(200)
  expect(done.text).toContain('You answered “Approve”.')
  await ends(client, runId)
  expect(await outputOf(client, runId, 'after')).toEqual({
    value: {
      amount: 99,
      proof: { filename: 'passwd.txt', contentType: 'text/plain', bytes: 5, content: expect.anything() },
    },
  })
  expect(await outputOf(client, runId, 'pay')).toMatchObject({ decision: 'approved', via: 'link' })
})

test('a link answers once: afterwards it says so, to the one who answered and to everyone else', async () => {
  const { client, runId } = await asking([ask('pay')])
  const url = await linkOf(client, runId, 'pay')
  const pages = await Promise.all([open(url), open(url), open(url)])
  const sent = await Promise.all(
    pages.map((page, at) => press(url, page, at === 1 ? 'declined' : 'approved', { _note: `note ${at}` })),
  )
  expect(sent.map(({ status }) => status).toSorted()).toEqual([200, 410, 410])
  const late = sent.find(({ status }) => status === 410)
  expect(late?.text).toContain('This was answered already')
  await ends(client, runId)
  const winner = sent.findIndex(({ status }) => status === 200)
  expect(await outputOf(client, runId, 'pay')).toMatchObject({
    decision: winner === 1 ? 'declined' : 'approved',
    note: `note ${winner}`,
  })
  expect((await open(url)).status).toBe(410)
  await expect(client.approvals.decide({ runId, step: 'pay', decision: 'declined' })).rejects.toThrow('already')
})

test('looking at a link answers nothing, as mail programs and scanners look at every link', async () => {
  const { client, runId } = await asking([ask('pay')])
  const url = await linkOf(client, runId, 'pay')
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200)
  await fetch(`${url}?_answer=approved`)
  expect((await fetch(url, { method: 'PUT' })).status).toBe(405)
  expect(await client.approvals.list()).toHaveLength(1)
})

test('another page cannot answer in the name of a person who has the link', async () => {
  const { client, runId } = await asking([ask('pay')])
  const url = await linkOf(client, runId, 'pay')
  const page = await open(url)
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }] as Record<
    string,
    string
  >[]) {
    expect((await press(url, page, 'approved', {}, headers)).status).toBe(403)
  }
  // A browser sends no page without the token that came with it.
  const bare = await press(url, { ...page, hidden: {} }, 'approved', {}, { origin: new URL(url).origin })
  expect(bare.status).toBe(422)
  expect(await client.approvals.list()).toHaveLength(1)
})

test('a link that was changed is not known, nor is one of another data folder', async () => {
  const { app, client, runId } = await asking([ask('pay')])
  const url = await linkOf(client, runId, 'pay')
  const other = await asking([ask('pay')])
  const foreign = new URL(await linkOf(other.client, other.runId, 'pay')).pathname
  for (const bad of [
    `${url}x`,
    url.replace(/.$/, url.endsWith('A') ? 'B' : 'A'),
    `${app.hooksUrl}/approvals/x`,
    app.hooksUrl + foreign,
  ]) {
    const page = await open(bad)
    expect(page.status).toBe(404)
    expect(page.text).toContain('This link is not known')
  }
})

test('further answers are buttons, and ways on of their own; the ordinary ones can be left out', async () => {
  const { client, runId } = await asking(
    [
      ask('what', {
        buttons: 'none',
        choices: [
          { id: 'new', name: 'Send a new one' },
          { id: 'money', name: 'Pay back' },
        ],
      }),
    ],
    {
      steps: [set('sent', 'new'), set('paid', '{{ what.decision }}')],
      edges: [edge('what', 'sent', 'new'), edge('what', 'paid', 'money')],
    },
  )
  const url = await linkOf(client, runId, 'what')
  const page = await open(url)
  expect(
    [...page.text.matchAll(/<button[^>]*value="([^"]+)"[^>]*>([^<]+)/g)].map(([, id, label]) => [id, label]),
  ).toEqual([
    ['new', 'Send a new one'],
    ['money', 'Pay back'],
  ])
  expect((await press(url, page, 'approved')).text).toContain('choose one of the answers')
  expect((await press(url, page, '__proto__')).status).toBe(422)
  expect((await press(url, page, 'money')).status).toBe(200)
  await ends(client, runId)
  expect(await outputOf(client, runId, 'paid')).toEqual({ value: 'money' })
  expect(await outputOf(client, runId, 'sent')).toBeNull()
})

test('a person who declines need not fill in what the others must', async () => {
  const { client, runId } = await asking([ask('pay', { fields: [{ name: 'why', label: 'Why', required: true }] })])
  const url = await linkOf(client, runId, 'pay')
  const page = await open(url)
  expect((await press(url, page, 'approved', { why: ' ' })).status).toBe(422)
  expect((await press(url, page, 'declined', { why: '' })).status).toBe(200)
  await ends(client, runId)
  expect(await outputOf(client, runId, 'pay')).toMatchObject({ decision: 'declined', fields: { why: null } })
})

test('several questions in a row are pages: whoever answers one by its link is led on to the next', async () => {
  const { client, runId } = await asking([
    ask('one', { buttons: 'approve', approve: 'Next' }),
    ask('two', { buttons: 'approve', fields: [{ name: 'x', label: 'X' }] }),
  ])
  const first = await linkOf(client, runId, 'one')
  const led = await press(first, await open(first), 'approved')
  expect(led.status).toBe(303)
  const second = new URL(led.location ?? '', first).href
  const page = await open(second)
  expect(page.text).toContain('May two happen?')
  // Who goes back is led on again.
  const used = await open(first)
  expect(used.status).toBe(410)
  expect(used.text).toContain(`href="${led.location}"`)
  const done = await press(second, page, 'approved', { x: '1' })
  expect(done.status).toBe(200)
  await ends(client, runId)
})

test('no one is led on to a question whose link the zap sends by itself, or that is for its own link alone', async () => {
  const { client, runId } = await asking([ask('one'), ask('two'), ask('three', { follows: 'never' })], {
    steps: [set('mail', '{{ run.approval.two }} {{ run.approval["three"] }}')],
    edges: [edge('go', 'mail')],
  })
  const first = await linkOf(client, runId, 'one')
  // The links were known before anything was asked, and are those that the questions have.
  const mailed = await outputOf(client, runId, 'mail')
  const done = await press(first, await open(first), 'approved')
  expect(done.status).toBe(200)
  const second = await linkOf(client, runId, 'two')
  const last = await press(second, await open(second), 'approved')
  expect(last.status).toBe(200)
  expect(mailed).toEqual({ value: `${second} ${await linkOf(client, runId, 'three')}` })
})

test('a form is followed by a question only when that says so', async () => {
  const { app, client } = await testApp()
  const form = (path: string) => ({
    id: 'form',
    uses: 'form.submitted',
    input: { path, title: 'Order', fields: [{ name: 'what', label: 'What' }] },
  })
  for (const [path, follows] of [
    ['deep/own', 'unless-sent'],
    ['deep/led', 'always'],
  ] as const) {
    await enableZap(client, { steps: [form(path), ask('sure', { follows })], edges: [edge('form', 'sure')] })
  }
  const send = async (path: string): Promise<Page> => {
    const url = `${app.hooksUrl}/forms/${path}`
    const body = new FormData()
    body.append('what', 'tea')
    return pageOf(await fetch(url, { method: 'POST', body, redirect: 'manual' }))
  }
  expect((await send('deep/own')).status).toBe(200)
  const led = await send('deep/led')
  expect(led.status).toBe(303)
  const page = await open(new URL(led.location ?? '', `${app.hooksUrl}/forms/deep/led`).href)
  expect(page.text).toContain('May sure happen?')
})

test('each round of a loop asks by a link of its own', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'each', uses: 'logic.for-each', input: { items: '{{ go.items }}', parallel: 2 } },
      set('mail', '{{ run.approval.sure }}'),
      ask('sure', { message: 'Is {{ item }} right?' }),
    ],
    edges: [edge('go', 'each'), edge('each', 'mail', 'each'), edge('mail', 'sure')],
  })
  const { runId } = await client.zaps.run({ id, source: 'live', input: { items: ['a', 'b'] } })
  await expect.poll(async () => (await client.approvals.list()).length).toBe(2)
  const { steps } = await client.runs.get({ id: runId })
  for (const approval of await client.approvals.list()) {
    const mailed = steps.find(({ step, scope }) => step === 'mail' && scope === approval.scope)?.output
    expect(mailed).toEqual({ value: approval.link?.url })
    const page = await open(approval.link?.url ?? '')
    expect(page.text).toContain(`Is ${approval.scope === '0' ? 'a' : 'b'} right?`)
    expect((await press(approval.link?.url ?? '', page, 'approved')).status).toBeLessThan(400)
  }
  await ends(client, runId)
})

test('a question is over at its time, its link before that where it is to be so, and with its run', async () => {
  const clock = manualClock(NOON)
  const { client, runId } = await asking([ask('pay', { expiresIn: '2h', linkFor: '1h' })], { clock })
  const url = await linkOf(client, runId, 'pay')
  const page = await open(url)
  clock.advance(3_600_000)
  const old = await press(url, page, 'approved')
  expect(old.status).toBe(410)
  expect(old.text).toContain('The time for an answer is over')
  // In the app it can still be answered.
  await client.approvals.decide({ runId, step: 'pay', decision: 'approved' })
  await ends(client, runId)

  const cancelled = await asking([ask('pay')], { clock })
  const gone = await linkOf(cancelled.client, cancelled.runId, 'pay')
  await cancelled.client.runs.cancel({ id: cancelled.runId })
  expect((await open(gone)).text).toContain('This is not asked any more')
})

test('an answer at the very end of the time is either taken or refused, and the run says the same', async () => {
  const clock = manualClock(NOON)
  const { client, runId } = await asking([ask('pay', { expiresIn: '1h' })], {
    clock,
    steps: [set('yes', 1), set('late', 1)],
    edges: [edge('pay', 'yes', 'approved'), edge('pay', 'late', 'expired')],
  })
  const url = await linkOf(client, runId, 'pay')
  const page = await open(url)
  clock.advance(3_599_999)
  const pressed = press(url, page, 'approved')
  clock.advance(1)
  const { status } = await pressed
  await ends(client, runId)
  const { decision } = (await outputOf(client, runId, 'pay')) as { decision: string }
  expect([status, decision]).toEqual(status === 200 ? [200, 'approved'] : [410, 'expired'])
})

test('a link that is opened before its question is asked says so, and shows it as soon as it is', async () => {
  const clock = manualClock(NOON)
  const { client } = await testApp({ clock })
  const slow = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      set('mail', '{{ run.approval.sure }}'),
      { id: 'wait', uses: 'logic.delay', input: { for: '10m' } },
      ask('sure'),
    ],
    edges: [edge('go', 'mail'), edge('mail', 'wait'), edge('wait', 'sure')],
  })
  const started = await client.zaps.run({ id: slow, source: 'live', input: {} })
  await expect.poll(async () => (await client.runs.get({ id: started.runId })).run.waitsFor).toBe('time')
  const mailed = (await outputOf(client, started.runId, 'mail')) as { value: string }
  let status = 0
  const early = open(mailed.value).then((page) => {
    status = page.status
    return page
  })
  await expect
    .poll(() => {
      clock.advance(1_000)
      return status
    })
    .toBe(409)
  expect((await early).text).toContain('This is not asked yet')
  clock.advance(600_000)
  await linkOf(client, started.runId, 'sure')
  expect((await open(mailed.value)).status).toBe(200)
})

test('answers from the app and the command line are held to the same fields', async () => {
  const { client, runId } = await asking([ask('pay', { fields: FIELDS, choices: [{ id: 'half' }] })])
  await linkOf(client, runId, 'pay')
  const at = { runId, step: 'pay', decision: 'half' }
  await expect(client.approvals.decide({ ...at, fields: { amount: 'x' } })).rejects.toMatchObject({
    code: 'WRONG_ANSWERS',
    data: { problems: [{ field: 'amount', message: expect.stringContaining('Write a number') }] },
  })
  await expect(client.approvals.decide({ ...at, fields: { amount: 1, none: 1 } })).rejects.toThrow('no such field')
  await expect(client.approvals.decide({ ...at, fields: { amount: 1, proof: 'x' } })).rejects.toThrow('base64')
  await expect(client.approvals.decide({ ...at, decision: 'all' })).rejects.toThrow('choose one of "approved"')
  const proof = { filename: '../a.txt', base64: Buffer.from('paper').toString('base64') }
  await client.approvals.decide({ ...at, fields: { amount: 3, proof } })
  await ends(client, runId)
  expect(await outputOf(client, runId, 'pay')).toMatchObject({
    decision: 'half',
    via: 'app',
    fields: { amount: 3, proof: { filename: 'a.txt', bytes: 5 } },
  })
})

test('a zap that reads the link of a step which asks no one is not published', async () => {
  const { client } = await testApp()
  const zap = {
    format: 'hookline/zap@1',
    name: 'Typo',
    steps: [{ id: 'go', uses: 'manual.run', input: {} }, set('mail', '{{ run.approval.sur }}'), ask('sure')],
    edges: [edge('go', 'mail'), edge('mail', 'sure')],
  }
  const { zaps } = await client.zaps.import({ files: [{ file: 'test', content: zap }], enable: true })
  expect(JSON.stringify(zaps[0]?.problems)).toContain('no step has that id')
})
