import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { CountingTarget } from '../fixtures/counting-target.ts'
import { type RunningHost, runCli } from '../fixtures/headless-host.ts'
import { writeZap } from '../fixtures/zap-files.ts'

const post = (id: string, name: string, url: string) => ({
  id,
  uses: 'http.request',
  name,
  input: { method: 'POST', url, body: '{{ hook.body }}' },
})

/** What a small shop might have: an ordinary zap, one with every shape, one that fails, one that asks, one that waits. */
const zapsOf = (
  target: string,
  slow: string,
): readonly {
  readonly name: string
  readonly steps: readonly unknown[]
  readonly edges: readonly unknown[]
  readonly notes?: readonly unknown[]
  readonly groups?: readonly unknown[]
}[] => [
  {
    name: 'Paid orders to the ledger',
    steps: [
      { id: 'hook', uses: 'webhook.catch', name: 'Order paid', input: { path: 'orders' } },
      {
        id: 'size',
        uses: 'logic.paths',
        name: 'Large or small',
        input: {
          paths: [
            { id: 'large', name: 'large', when: { all: [{ left: '{{ hook.body.amount }}', op: 'gt', right: '50' }] } },
          ],
          mode: 'first',
        },
      },
      post('post', 'POST to the ledger', `${target}/ledger`),
      {
        id: 'lines',
        uses: 'logic.for-each',
        name: 'Every line',
        input: { items: '{{ hook.body.lines }}', parallel: 5 },
      },
      { id: 'stock', uses: 'data.set', name: 'Take from stock', input: { fields: { sku: '{{ item.sku }}' } } },
      {
        id: 'log',
        uses: 'file.append',
        name: 'Write it down',
        input: { path: 'small.txt', text: '{{ hook.body.id }}' },
      },
    ],
    edges: [
      { from: 'hook', to: 'size' },
      { from: 'size', port: 'large', to: 'post' },
      { from: 'post', to: 'lines' },
      { from: 'lines', port: 'each', to: 'stock' },
      { from: 'size', port: 'else', to: 'log' },
    ],
  },
  {
    name: 'Refunds',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'refunds' } },
      {
        id: 'ask',
        uses: 'logic.approve',
        input: { message: 'Refund order {{ hook.body.id }}?', details: '{{ hook.body }}' },
      },
      post('pay', 'Pay it back', `${target}/refunds`),
    ],
    edges: [
      { from: 'hook', to: 'ask' },
      { from: 'ask', port: 'approved', to: 'pay' },
    ],
  },
  {
    name: 'Invoices to the archive',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'invoices' } },
      { ...post('archive', 'Send to the archive', `${target}/archive`), settings: { retry: { maxAttempts: 1 } } },
    ],
    edges: [{ from: 'hook', to: 'archive' }],
  },
  {
    name: 'Remind me in an hour',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'remind' } },
      { id: 'wait', uses: 'logic.delay', input: { for: '1h' } },
      { id: 'tell', uses: 'notify.show', input: { title: '{{ hook.body.id }}' } },
    ],
    edges: [
      { from: 'hook', to: 'wait' },
      { from: 'wait', to: 'tell' },
    ],
  },
  {
    name: 'Stock at night',
    steps: [
      { id: 'hook', uses: 'webhook.catch', name: 'Stock counted', input: { path: 'stock' }, position: { x: 0, y: 0 } },
      {
        id: 'clock',
        uses: 'schedule.cron',
        name: 'Every night',
        input: { cron: '30 22 * * 1-5', timezone: 'Europe/Berlin' },
        position: { x: 296, y: 0 },
      },
      { id: 'often', uses: 'schedule.cron', name: 'Now and then', input: { every: '90m' }, position: { x: 592, y: 0 } },
      {
        id: 'total',
        uses: 'data.set',
        name: 'Totals',
        input: { fields: { counted: '{{ hook.body.lines.size }}', by: 'Counted by {{ hook.body.clrk }}' } },
        position: { x: 296, y: 144 },
      },
      {
        id: 'each',
        uses: 'logic.for-each',
        name: 'Every line',
        input: { items: '{{ hook.body.lines }}' },
        position: { x: 296, y: 288 },
      },
      {
        id: 'few',
        uses: 'logic.filter',
        name: 'Few are left',
        input: {
          all: [
            { left: '{{ item.left }}', op: 'lt', right: '10' },
            { any: [{ left: '{{ item.sku }}', op: 'starts-with', right: 'SKU' }] },
          ],
        },
        position: { x: 120, y: 460 },
      },
      {
        id: 'order',
        uses: 'http.request',
        name: 'Order more',
        input: {
          method: 'POST',
          url: `${target}/orders`,
          body: '{\n  "sku": "{{ item.sku }}",\n  "quantity": 50,\n  "urgent": true,\n  "for": "{{ hook.body.clerk }}"\n}',
        },
        position: { x: 120, y: 604 },
      },
      {
        id: 'tell',
        uses: 'notify.show',
        name: 'Tell me',
        input: { title: 'Stock is counted', body: 'By {{ hook.body.clerk }}\n{{ hook.body.lines.size }} lines' },
        position: { x: 480, y: 460 },
      },
    ],
    edges: [
      { from: 'hook', to: 'total' },
      { from: 'clock', to: 'total' },
      { from: 'often', to: 'total' },
      { from: 'total', to: 'each' },
      { from: 'each', port: 'each', to: 'few' },
      { from: 'few', to: 'order' },
      { from: 'each', port: 'done', to: 'tell' },
    ],
    notes: [
      {
        id: 'note-1',
        text: 'Ask Ada before you change the number that is ordered.',
        position: { x: 400, y: 596 },
        width: 208,
        height: 96,
      },
    ],
    groups: [{ id: 'group-1', title: 'What starts it', position: { x: -28, y: -52 }, width: 888, height: 144 }],
  },
  {
    name: 'Sign-ups to the newsletter',
    steps: [
      { id: 'hook', uses: 'webhook.catch', name: 'Somebody signs up', input: { path: 'signups' } },
      // Nobody listens there.
      post('add', 'Add to the list', 'http://127.0.0.1:9/list'),
    ],
    edges: [{ from: 'hook', to: 'add' }],
  },
  {
    name: 'Stock to the web shop',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'shop' } },
      { ...post('put', 'Tell the shop', `${target}/shop`), settings: { retry: { maxAttempts: 1 } } },
    ],
    edges: [{ from: 'hook', to: 'put' }],
  },
  {
    name: 'Pushes to the changelog',
    steps: [
      {
        id: 'hook',
        uses: 'webhook.catch',
        name: 'Somebody pushed',
        input: { path: 'pushes', verify: { scheme: 'github', secrets: [{ $credential: 'github' }] } },
      },
      {
        id: 'log',
        uses: 'file.append',
        name: 'Note it',
        input: { path: 'changes.md', text: '- {{ hook.body.head_commit.message }}' },
      },
    ],
    edges: [{ from: 'hook', to: 'log' }],
  },
  {
    name: 'Ask the slow server',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      {
        id: 'ask',
        uses: 'http.request',
        name: 'Ask for the report',
        input: { url: `${slow}/report` },
        settings: { timeoutMs: 900_000 },
      },
      { id: 'tell', uses: 'notify.show', name: 'Tell me', input: { title: 'It is {{ ask.body.state }}' } },
    ],
    edges: [
      { from: 'go', to: 'ask' },
      { from: 'ask', to: 'tell' },
    ],
  },
  {
    name: 'Every weekday at nine',
    steps: [
      { id: 'clock', uses: 'schedule.cron', input: { cron: '0 9 * * 1-5' } },
      { id: 'tell', uses: 'notify.show', input: { title: 'Good morning' } },
    ],
    edges: [{ from: 'clock', to: 'tell' }],
  },
]

/** A draft that is not ready. */
const HALF = {
  name: 'Half a zap',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'half' } },
    { id: 'call', uses: 'http.request', input: { method: 'POST' } },
    { id: 'tell', uses: 'notify.show', input: {} },
    { id: 'wait', uses: 'logic.delay', input: { for: 'soon' } },
  ],
  edges: [
    { from: 'hook', to: 'call' },
    { from: 'call', to: 'tell' },
  ],
}

/** A zap of so many steps, ten in each row. */
export function largeZap(count: number): unknown {
  const steps = Array.from({ length: count }, (_, n) =>
    n === 0
      ? { id: 'go', uses: 'manual.run', input: {}, position: { x: 0, y: 0 } }
      : {
          id: `step${n}`,
          uses: n % 7 === 0 ? 'http.request' : 'data.set',
          input: n % 7 === 0 ? { url: 'http://127.0.0.1:9/' } : { fields: { n: String(n) } },
          position: { x: (n % 10) * 300, y: Math.floor(n / 10) * 140 },
        },
  )
  const edges = steps.slice(1).map(({ id }, index) => ({ from: steps[Math.max(0, index - 9)]?.id ?? 'go', to: id }))
  return { format: 'hookline/zap@1', name: 'A thousand steps', steps, edges }
}

const order = (n: number) => ({
  id: `ord_${4700 + n}`,
  amount: 20 + n * 13,
  customer: { name: n % 2 === 0 ? 'Ada Lovelace' : 'Grace Hopper' },
  lines: Array.from({ length: 3 }, (_, line) => ({ sku: `SKU-${n}${line}`, quantity: line + 1 })),
})

async function send(hooks: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(`${hooks}/hooks/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  await response.arrayBuffer()
}

const tableRow = (n: number): string =>
  [
    `A-${1017 - n}`,
    ['Paid', 'Packed', 'Shipped', 'Shipped', 'Returned'][n % 5],
    `"${['Desk lamp, oak', 'Wall shelf, 80 cm', 'Side table, ash', 'Coat hook, steel'][n % 4]}"`,
    ['IN', 'DE'][n % 2],
    (50 + ((n * 37) % 450) / 1.25).toFixed(2),
    n % 3 === 0,
    `2026-11-${String(28 - (n % 28)).padStart(2, '0')}T09:${String(n % 60).padStart(2, '0')}:00Z`,
  ].join(',')

/** Fills a host with what a week of use leaves behind, in a few seconds. */
export async function fill(
  host: RunningHost,
  folder: string,
  target: CountingTarget,
  slow: CountingTarget,
): Promise<void> {
  for (const [name, type] of [
    ['github', 'secret'],
    ['newsletter', 'bearer'],
    ['web-shop', 'basic'],
  ]) {
    const secret = type === 'basic' ? 'ada:sesame' : 'sesame'
    await runCli(['credential', 'set', `${name}`, '--type', `${type}`, '--stdin', '--data', host.dataDir], {
      stdin: secret,
    })
  }
  for (const [name, zap] of [
    ['large', largeZap(1_000)],
    ['half', { format: 'hookline/zap@1', ...HALF }],
  ] as const) {
    await host.ask(z.unknown(), 'zap', 'import', await writeZap(folder, name, zap))
  }
  const rows = join(folder, 'orders.csv')
  await writeFile(
    rows,
    ['order,status,item,country,amount,gift,received', ...Array.from({ length: 412 }, (_, n) => tableRow(n))].join(
      '\n',
    ),
  )
  await host.ask(z.unknown(), 'table', 'import', 'Orders', rows)
  // The newest stands first in the list.
  for (const [n, zap] of zapsOf(target.url, slow.url).toReversed().entries()) {
    const file = await writeZap(folder, `zap-${n}`, { format: 'hookline/zap@1', ...zap })
    await host.ask(z.unknown(), 'zap', 'import', file, '--enable')
  }
  for (let n = 0; n < 8; n++) await send(host.hooks, 'orders', order(n))
  await target.until((requests) => requests.filter((request) => request.path === '/ledger').length >= 5)
  target.answerWith(410)
  for (let n = 0; n < 3; n++) await send(host.hooks, 'invoices', order(n))
  await target.until((requests) => requests.filter((request) => request.path === '/archive').length >= 3)
  target.answerWith(200)
  target.answerWith(503)
  for (let n = 0; n < 2; n++) await send(host.hooks, 'shop', order(n))
  await target.until((requests) => requests.filter((request) => request.path === '/shop').length >= 2)
  target.answerWith(200)
  await send(host.hooks, 'signups', { name: 'Ada Lovelace' })
  await send(host.hooks, 'refunds', order(3))
  const lines = Array.from({ length: 40 }, (_, n) => ({
    sku: `SKU-${100 + n}`,
    left: (n * 7) % 23,
    shelf: `A${n % 6}`,
  }))
  await send(host.hooks, 'stock', { clerk: 'Grace Hopper', lines })
  await send(host.hooks, 'remind', { id: 'Water the plants' })
  await send(host.hooks, 'orders', order(7), { 'idempotency-key': 'once' })
  await send(host.hooks, 'orders', order(7), { 'idempotency-key': 'once' })
  const forged = { 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }
  await send(host.hooks, 'pushes', { ref: 'refs/heads/main', head_commit: { message: 'Forged' } }, forged)
  const running = z.object({ zaps: z.array(z.object({ id: z.string(), name: z.string() })) })
  const { zaps: all } = await host.ask(running, 'zap', 'list')
  for (const { id } of all.filter(({ name }) => name === 'Ask the slow server'))
    await host.ask(z.unknown(), 'zap', 'run', id)
  await slow.until((requests) => requests.length > 0)
  await send(host.hooks, 'nobody-listens', { hello: 'world' }, { 'x-github-event': 'push' })
}
