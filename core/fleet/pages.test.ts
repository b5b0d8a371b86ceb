import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enableZap, type TestClient } from '../test-app.ts'
import { hasServer, startNats } from '../test-servers.ts'
import { countingTarget, fleetHost, fleetProcess, sendOrder, untilFleet } from './test-fleet.ts'

const KEY = 'correct horse battery staple'

/** A zap that asks a person, and tells a target what was answered. */
const asking = (target: string) => ({
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'orders' } },
    { id: 'ask', uses: 'logic.approve', input: { message: 'May it be sent?' } },
    { id: 'tell', uses: 'http.request', input: { method: 'POST', url: target, body: '{{ ask.note }}' } },
  ],
  edges: [
    { from: 'hook', to: 'ask' },
    { from: 'ask', to: 'tell', port: 'approved' },
  ],
})

/** The link of the only question that a host has, as another host is called by it. */
async function linkOf(client: TestClient, hooksUrl: string): Promise<string> {
  await expect.poll(async () => (await client.approvals.list()).length, { timeout: 20_000 }).toBe(1)
  const [question] = await client.approvals.list()
  return hooksUrl + new URL(question?.link?.url ?? '').pathname
}

async function answer(link: string, note: string, headers: Record<string, string> = {}): Promise<Response> {
  const shown = await fetch(link)
  const page = await shown.text()
  expect([shown.status, page]).toEqual([200, expect.stringContaining('May it be sent?')])
  const body = new FormData()
  for (const [, name = '', value = ''] of page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g))
    body.append(name, value)
  body.append('_note', note)
  body.append('_answer', 'approved')
  return fetch(link, { method: 'POST', body, headers, redirect: 'manual' })
}

describe.skipIf(!hasServer.nats)('a link to a question', () => {
  let server: Awaited<ReturnType<typeof startNats>>
  let fleets = 0
  beforeAll(async () => {
    server = await startNats()
  })
  afterAll(() => server.stop())
  const nextUrl = (): string => `nats://127.0.0.1:${server.port}?fleet=p${++fleets}`

  test('is answered at any host of the fleet, by the one that asks', { timeout: 120_000 }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office', roles: ['intake'], key: KEY })
    const annex = await fleetHost({ url, name: 'annex', roles: ['intake'], key: KEY })
    const worker = await fleetHost({ url, name: 'worker', roles: ['worker'], key: KEY })
    await enableZap(office.client, asking(target.url))
    await untilFleet(worker.client, ({ zaps }) => zaps.length === 1)
    await sendOrder(office.app.hooksUrl, {})
    // At the host that took the event in, and at one that has never heard of it.
    const link = await linkOf(worker.client, annex.app.hooksUrl)
    const atOffice = await fetch(link.replace(annex.app.hooksUrl, office.app.hooksUrl))
    expect([atOffice.status, await atOffice.text()]).toEqual([200, expect.stringContaining('May it be sent?')])
    const foreign = await answer(link, 'stolen', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
    const sent = await answer(link, 'by the annex', { 'sec-fetch-site': 'same-origin', origin: annex.app.hooksUrl })
    expect([sent.status, await sent.text()]).toEqual([200, expect.stringContaining('Thank you')])
    await target.until(() => target.keys.size === 1)
    expect([...target.keys.values()][0]?.[0]?.body).toContain('by the annex')
    const again = await fetch(link)
    expect([again.status, await again.text()]).toEqual([410, expect.stringContaining('answered already')])
  })

  test('names the hosts that it may be of while those do not answer, and is not known where no passphrase is shared', {
    timeout: 120_000,
  }, async () => {
    const url = nextUrl()
    const office = await fleetHost({ url, name: 'office', key: KEY })
    const stranger = await fleetHost({ url, name: 'stranger', roles: ['intake'], key: 'another passphrase' })
    const doomed = await fleetProcess({ url, name: 'doomed', roles: ['intake'], key: KEY })
    await untilFleet(office.client, ({ members }) => members.length === 3)
    await enableZap(office.client, asking('http://127.0.0.1:9'))
    await sendOrder(office.app.hooksUrl, {})
    const here = await linkOf(office.client, office.app.hooksUrl)
    const unknown = await fetch(here.replace(office.app.hooksUrl, stranger.app.hooksUrl))
    expect(unknown.status).toBe(404)
    const annex = await fleetHost({ url, name: 'annex', roles: ['intake'], key: KEY })
    await doomed.kill()
    await office.app.stop()
    await untilFleet(annex.client, ({ members }) => members.filter(({ state }) => state === 'gone').length === 2)
    const silent = await fetch(here.replace(office.app.hooksUrl, annex.app.hooksUrl))
    expect([silent.status, await silent.text()]).toEqual([
      503,
      expect.stringContaining(`office (${office.app.hooksUrl})`),
    ])
  })

  test('and a form that one host has shown can be sent to another, also twice, and is one event', {
    timeout: 120_000,
  }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office', key: KEY })
    const annex = await fleetHost({ url, name: 'annex', roles: ['intake'], key: KEY })
    await enableZap(office.client, {
      steps: [
        { id: 'form', uses: 'form.submitted', input: { path: 'contact', title: 'Contact', fields: [FIELD] } },
        {
          id: 'tell',
          uses: 'http.request',
          input: { method: 'POST', url: target.url, body: '{{ form.fields.name }}' },
        },
      ],
      edges: [{ from: 'form', to: 'tell' }],
    })
    await untilFleet(annex.client, ({ zaps }) => zaps.length === 1)
    const page = await (await fetch(`${office.app.hooksUrl}/forms/contact`)).text()
    const body = new FormData()
    for (const [, name = '', value = ''] of page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g))
      body.append(name, value)
    body.append('name', 'Ada')
    for (const { hooksUrl } of [annex.app, office.app, annex.app]) {
      const headers = { 'sec-fetch-site': 'same-origin', origin: hooksUrl }
      const sent = await fetch(`${hooksUrl}/forms/contact`, { method: 'POST', body, headers })
      expect([sent.status, await sent.text()]).toEqual([200, expect.stringContaining('Thank you')])
    }
    await target.until(() => target.keys.size > 0)
    for (const { client } of [annex, office])
      await untilFleet(client, ({ members: [self] }) => self?.relayed === 0 && self.outgoing === 0)
    expect([...target.keys.values()].map((requests) => requests.map((request) => request.body))).toEqual([['Ada']])
  })
})

const FIELD = { name: 'name', label: 'Your name', type: 'text', required: true }
