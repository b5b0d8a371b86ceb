import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { runCli } from '../../e2e/fixtures/headless-host.ts'
import { writeZap } from '../../e2e/fixtures/zap-files.ts'
import { end, firstLine, spawnOwned } from '../owned-processes.ts'
import { answers, type Program } from '../program.ts'
import { hookPath, ITEMS_AT_ONCE, RELAY, SCRIPT, SIGNING_SECRET, upTo, type Work } from '../work.ts'

const cli = join(import.meta.dirname, '..', '..', 'out', 'headless', 'cli.js')
const readySchema = z.object({ hooks: z.string(), pid: z.int() })

/** What senders that sign have in common with it. */
const CREDENTIAL = 'bench'

function zapFile(work: Work, n: number, targetUrl: string, queued: boolean): unknown {
  if (work.csv !== undefined || work.upsert || work.watches) return dataZap(work, n, targetUrl)
  const body = work.perItem ? '{{ item }}' : work.code ? '{{ code.result }}' : '{{ hook.body }}'
  const posts = upTo(work.steps).map((step) => ({
    id: `post-${step}`,
    uses: 'http.request',
    input: { method: 'POST', url: targetUrl, body },
  }))
  const loop = { id: 'each', uses: 'logic.for-each', input: { items: '{{ hook.body }}', parallel: ITEMS_AT_ONCE } }
  const code = {
    id: 'code',
    uses: 'code.run',
    input: { input: { body: '{{ hook.body }}' }, code: `const { body } = input\n${SCRIPT}\nreturn made` },
  }
  const before = work.code ? { from: code.id } : work.perItem ? { from: loop.id, port: 'each' } : { from: 'hook' }
  return {
    format: 'hookline/zap@1',
    name: `Bench ${n}`,
    ...(queued && { settings: { concurrency: 'queued' } }),
    steps: [
      {
        id: 'hook',
        uses: 'webhook.catch',
        input: {
          path: hookPath(n),
          ...(work.signed && { verify: { scheme: 'github', secrets: [{ $credential: CREDENTIAL }] } }),
        },
      },
      ...(work.perItem ? [loop] : []),
      ...(work.code ? [code] : []),
      ...posts,
    ],
    edges: [
      ...(work.perItem ? [{ from: 'hook', to: loop.id }] : []),
      ...(work.code ? [{ from: 'hook', to: code.id }] : []),
      ...posts.map(({ id }) => ({ ...before, to: id })),
    ],
  }
}

/** A zap of steps one after the other that reads a file, keeps a row, or hears of files. */
function dataZap(work: Work, n: number, targetUrl: string): unknown {
  const step = (id: string, uses: string, input: object) => ({ id, uses, input })
  const hook = work.watches
    ? step('hook', 'file.watch', { folder: 'incoming', settle: '0s' })
    : step('hook', 'webhook.catch', { path: hookPath(n) })
  const csv = step('csv', 'csv.parse', { from: 'data.csv' })
  const first = (items: string) => step('first', 'list.limit', { items, first: 1 })
  const post = (body: string) => step('post', 'http.request', { method: 'POST', url: targetUrl, body })
  const row = {
    table: 'Bench',
    key: ['id'],
    values: { id: '{{ hook.body.id }}-{{ run.id }}', body: '{{ hook.body.note }}' },
  }
  const steps = [
    hook,
    ...(work.watches ? [post('{{ hook.name }}')] : []),
    ...(work.upsert ? [step('row', 'table.upsert', row), post('{{ row.added }}')] : []),
    ...(work.csv === 'count' ? [csv, post('{{ csv.count }}')] : []),
    ...(work.csv === 'sort'
      ? [
          csv,
          step('sort', 'list.sort', { items: '{{ csv.rows }}', by: [{ path: 'amount' }] }),
          first('{{ sort.items }}'),
          post('{{ first.count }}'),
        ]
      : []),
    ...(work.csv === 'sum'
      ? [
          csv,
          step('large', 'list.filter', {
            items: '{{ csv.rows }}',
            all: [{ left: '{{ item.amount }}', op: 'gt', right: 100 }],
          }),
          step('sums', 'list.summarize', {
            items: '{{ large.items }}',
            by: ['city'],
            fields: [{ path: 'amount', as: 'sum' }],
          }),
          step('table', 'csv.build', { rows: '{{ large.items }}' }),
          post('{{ sums.rows }}'),
        ]
      : []),
    ...(work.csv === 'group'
      ? [
          csv,
          step('group', 'list.group', { items: '{{ csv.rows }}', by: 'city' }),
          first('{{ group.groups }}'),
          post('{{ first.count }}'),
        ]
      : []),
  ]
  return {
    format: 'hookline/zap@1',
    name: `Bench ${n}`,
    steps,
    edges: steps.slice(1).map(({ id }, at) => ({ from: steps[at]?.id, to: id })),
  }
}

/** The built headless host of this working copy. */
export const hookline: Program = {
  name: 'hookline',
  kind: 'product',
  share: 1,
  installed: () => existsSync(cli),
  async install() {
    throw new Error('Hookline is not built: run `npm run build`')
  },
  async start({ targetUrl, folder, work = RELAY, queued = false, env }) {
    const isNew = !existsSync(join(folder, 'hookline.db'))
    const args = ['start', '--json', '--no-open', '--port', '0', '--hook-port', '0', '--data', folder]
    const child = spawnOwned([cli, ...args], env)
    const ready = await firstLine(child, readySchema)
    if (isNew && work.signed) {
      const set = ['credential', 'set', CREDENTIAL, '--type', 'secret', '--data', folder]
      const { code, stderr } = await runCli(set, { stdin: SIGNING_SECRET })
      if (code !== 0) throw new Error(`the secret was not kept: ${stderr}`)
    }
    for (const n of upTo(isNew ? work.zaps : 0)) {
      const file = await writeZap(folder, hookPath(n), zapFile(work, n, targetUrl, queued))
      const { code, stderr } = await runCli(['zap', 'import', file, '--enable', '--json', '--data', folder])
      if (code !== 0) throw new Error(`the zap was not imported: ${stderr}`)
    }
    const hooks = upTo(work.zaps).map((n) => `${ready.hooks}/hooks/${hookPath(n)}`)
    const hook = z.string().parse(hooks[0])
    // One that reads a file would only say that it is not there, one that watches has no webhook, and one that wants a signature would refuse it.
    if (work.csv === undefined && work.watches === undefined && work.signed === undefined) await answers(hook)
    return { hook, hooks, pid: ready.pid, stop: (signal) => end(child, signal) }
  },
}
