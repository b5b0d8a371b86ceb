import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { connectTo } from '../e2e/fixtures/control-client.ts'
import { enableZap } from '../e2e/fixtures/seeded-runs.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap } from '../e2e/fixtures/zap-files.ts'
import { outboxSchema, post, runSchema } from './senders.ts'

/** Text that would run something if any screen took it for HTML, and that marks the page if it did. */
const HTML = `<img src="x" onerror="window.hooked=1"><script>window.hooked=1</script><a href="javascript:window.hooked=1">${'hooked'}</a>`

const FAILING_URL = 'http://127.0.0.1:9/'

/** Everywhere that somebody else's text can come: names, questions, payloads, errors. */
const hostileZap = {
  format: 'hookline/zap@1',
  name: `Zap ${HTML}`.slice(0, 200),
  description: HTML,
  steps: [
    { id: 'hook', uses: 'webhook.catch', name: `Hook ${HTML}`, input: { path: 'in' } },
    {
      id: 'ask',
      uses: 'logic.approve',
      name: `Ask ${HTML}`,
      input: { message: '{{ hook.body.html }}', details: '{{ hook.body }}' },
    },
    {
      id: 'stop',
      uses: 'logic.stop',
      name: `Stop ${HTML}`,
      input: { as: 'failed', message: '{{ hook.body.html }}' },
    },
  ],
  edges: [
    { from: 'hook', to: 'ask' },
    { from: 'ask', port: 'approved', to: 'stop' },
  ],
}

/** Goes to a screen and waits until it shows the hostile text, as text. */
async function showsAsText(page: Page, screen: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/#${screen}`)
  await expect(page.getByText('<img src="x"', { exact: false }).first()).toBeVisible()
}

test('HTML and scripts in names, payloads, questions and errors are text on every screen', async ({
  host,
  browser,
}) => {
  await enableZap(host.dataDir, 'hostile', hostileZap)
  const first = await post(host, 'in', { html: HTML })
  const second = await post(host, 'in', { html: HTML })
  const { client, close } = await connectTo(host.dataDir)
  await client.credentials.set({ name: 'plain', secret: HTML })
  await expect.poll(async () => (await client.approvals.list()).length).toBe(2)
  const runId = (first.id ?? '').replace('evt_', 'run_')
  const waitingId = (second.id ?? '').replace('evt_', 'run_')
  await client.approvals.decide({ runId, step: 'ask', decision: 'approved', note: HTML })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('failed')
  // A dead letter and an incident, with the name of the zap and the words of the error in them.
  await enableZap(host.dataDir, 'dead', {
    ...hostileZap,
    name: `Dead ${HTML}`.slice(0, 200),
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'dead' } },
      {
        id: 'post',
        uses: 'http.request',
        name: `Post ${HTML}`,
        input: { url: `${FAILING_URL}` },
        settings: { retry: { maxAttempts: 1 } },
      },
    ],
    edges: [{ from: 'hook', to: 'post' }],
  })
  await post(host, 'dead', { html: HTML })
  await expect.poll(async () => (await client.outbox.deadLetters()).length).toBe(1)

  const context = await browser.newContext()
  const page = await context.newPage()
  const wrong: string[] = []
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`)
    dialog.dismiss().catch(() => undefined)
  })
  page.on('console', (message) => {
    // What the policy refuses was tried.
    if (/Content Security Policy/i.test(message.text())) wrong.push(message.text())
  })
  page.on('request', (sent) => {
    if (/\/x$/.test(sent.url())) wrong.push(`asked for ${sent.url()}`)
  })
  await page.goto(host.ui)
  await expect(page.getByRole('contentinfo')).toContainText(/127\.0\.0\.1:\d+/)
  const [zap] = await client.zaps.list()
  await showsAsText(page, '/zaps')
  await showsAsText(page, `/zaps/${zap?.id ?? ''}`)
  await showsAsText(page, '/runs')
  await showsAsText(page, `/runs/${runId}`)
  await showsAsText(page, `/runs/${waitingId}`)
  await showsAsText(page, '/approvals')
  await showsAsText(page, '/outbox')
  expect(await page.evaluate(() => Reflect.get(globalThis, 'hooked'))).toBeUndefined()
  // No element came of it anywhere on the last page either.
  expect(await page.locator('img[src="x"], a[href^="javascript:"]').count()).toBe(0)
  expect(wrong).toEqual([])
  // Should a screen ever let one through, the policy of the page still keeps it from running.
  await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.hooked=1">')`)
  await expect.poll(() => wrong.some((told) => /Content Security Policy/i.test(told))).toBe(true)
  expect(await page.evaluate(() => Reflect.get(globalThis, 'hooked'))).toBeUndefined()
  await context.close()
  close()
})

test('templates in a payload are text: nothing of them is evaluated, at any step', async ({ host, target }) => {
  const payload = {
    dig: '{{ hook.headers }}{{ zap.name }}{{ env.PATH }}',
    tag: '{% assign a = 1 %}{% for i in (1..100000000) %}x{% endfor %}{% include "/etc/passwd" %}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what an attacker would send
    code: '${process.env.PATH}<%= 7*7 %>#{7*7}',
    reach: '{{ hook.constructor }}{{ hook.__proto__ }}',
  }
  await enableZap(host.dataDir, 'twice', {
    format: 'hookline/zap@1',
    name: 'Twice',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'in' } },
      { id: 'set', uses: 'data.set', input: { fields: { all: '{{ hook.body }}', text: 'x {{ hook.body.dig }}' } } },
      {
        id: 'post',
        uses: 'http.request',
        input: { method: 'POST', url: target.url, body: { all: '{{ set.all }}', text: '{{ set.text }}' } },
      },
    ],
    edges: [
      { from: 'hook', to: 'set' },
      { from: 'set', to: 'post' },
    ],
  })
  expect(await post(host, 'in', payload)).toMatchObject({ status: 200 })
  await target.until((requests) => requests.length === 1)
  expect(JSON.parse(target.requests[0]?.body ?? '')).toEqual({ all: payload, text: `x ${payload.dig}` })
})

test('a path in a payload leads a file step nowhere outside of its folder', async ({ host, folder, target }) => {
  const outside = join(folder, 'outside')
  await mkdir(join(host.dataDir, 'files'), { recursive: true })
  await mkdir(outside)
  symlinkSync(outside, join(host.dataDir, 'files', 'link'))
  await enableZap(host.dataDir, 'file', {
    format: 'hookline/zap@1',
    name: 'File',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'in' } },
      { id: 'append', uses: 'file.append', input: { path: '{{ hook.body.path }}', text: 'line' } },
    ],
    edges: [{ from: 'hook', to: 'append' }],
  })
  await enableZap(host.dataDir, 'relay', relayZap('relay', target.url))
  const paths = [
    '../outside/a',
    '../../etc/a',
    `${outside}/a`,
    'link/a',
    '../hookline.db',
    '../secret.key',
    'a\u0000b',
    '',
  ]
  for (const path of paths) {
    const { id } = await post(host, 'in', { path })
    await expect(async () => {
      const { run, steps } = await host.ask(runSchema, 'run', 'show', (id ?? '').replace('evt_', 'run_'))
      expect(run.status, path).toBe('failed')
      expect(steps.find(({ step }) => step === 'append')?.attempts[0]?.error?.code).toMatch(
        /^(folder-not-allowed|bad-input)$/,
      )
    }).toPass()
  }
  expect(existsSync(join(outside, 'a'))).toBe(false)
  expect(readFileSync(join(host.dataDir, 'secret.key'), 'utf8')).not.toContain('line')
  // Dots that stay inside are no harm.
  await post(host, 'in', { path: 'deep/../inside.txt' })
  await expect(async () =>
    expect(readFileSync(join(host.dataDir, 'files', 'inside.txt'), 'utf8')).toBe('line\n'),
  ).toPass()
  await expect(async () => {
    expect(await host.ask(outboxSchema, 'outbox')).toMatchObject({ pending: 0, leased: 0 })
  }).toPass()
})
