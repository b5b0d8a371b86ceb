import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { startHost } from '../fixtures/headless-host.ts'
import { enableZap } from '../fixtures/seeded-runs.ts'
import { expect, test } from '../fixtures/test.ts'

const runs = z.object({ runs: z.array(z.object({ id: z.string(), status: z.string() })) })

/** Every table that comes into a folder becomes a workbook and a page, and is put away. */
const tables = (inbox: string): unknown => ({
  format: 'hookline/zap@1',
  name: 'Tables',
  steps: [
    { id: 'watch', uses: 'file.watch', input: { folder: inbox, glob: '*.csv', settle: '200ms' } },
    { id: 'table', uses: 'csv.parse', input: { from: '{{ watch.path }}' } },
    {
      id: 'large',
      uses: 'list.filter',
      input: { items: '{{ table.rows }}', all: [{ left: '{{ item.amount }}', op: 'gte', right: 50 }] },
    },
    { id: 'book', uses: 'xlsx.write', input: { rows: '{{ large.items }}', filename: '{{ watch.name }}.xlsx' } },
    {
      id: 'save',
      uses: 'file.write',
      input: { path: 'out/{{ book.file.filename }}', content: '{{ book.file }}', ifExists: 'number' },
    },
    {
      id: 'page',
      uses: 'text.convert',
      input: { text: '# {{ large.count }} of {{ table.count }}', from: 'markdown', to: 'html' },
    },
    { id: 'note', uses: 'file.append', input: { path: 'out/log.html', text: '{{ page.text }}' } },
    { id: 'away', uses: 'file.move', input: { from: '{{ watch.path }}', to: 'done/', ifExists: 'number' } },
  ],
  edges: ['watch', 'table', 'large', 'book', 'save', 'page', 'note', 'away']
    .map((from, at, all) => ({ from, to: all[at + 1] }))
    .slice(0, -1),
})

test('what comes into a folder is worked on by threads of the built host, also what came while it was down', async ({
  folder,
}) => {
  const dataDir = `${folder}/data`
  const inbox = join(dataDir, 'files', 'inbox')
  const done = (): string[] =>
    existsSync(join(dataDir, 'files', 'done')) ? readdirSync(join(dataDir, 'files', 'done')).toSorted() : []
  let host = await startHost({ dataDir })
  mkdirSync(inbox, { recursive: true })
  writeFileSync(join(inbox, 'old.csv'), 'name,amount\nOld,99\n')
  await enableZap(`${folder}/data`, 'tables', tables(inbox))
  // It is known by now which files were there before: what comes from here on is news.
  await expect
    .poll(async () => {
      writeFileSync(join(inbox, `probe-${Date.now()}.csv`), 'name,amount\nProbe,1\n')
      return done().length
    })
    .toBeGreaterThan(0)
  writeFileSync(join(inbox, 'first.csv'), 'name;amount\nAda;75\n')
  appendFileSync(join(inbox, 'first.csv'), 'Grace;12\nKatherine;50\n')
  await expect.poll(done).toContain('first.csv')
  await host.kill()
  writeFileSync(join(inbox, 'second.csv'), 'name,amount\nMary,7\n')
  host = await startHost({ dataDir })
  await expect.poll(done).toContain('second.csv')
  await expect
    .poll(async () => (await host.ask(runs, 'run', 'list')).runs.every((run) => run.status === 'succeeded'))
    .toBe(true)
  expect(
    done().filter((name) => name.startsWith('first') || name.startsWith('second') || name.startsWith('old')),
  ).toEqual(['first.csv', 'second.csv'])
  const log = readFileSync(join(dataDir, 'files', 'out', 'log.html'), 'utf8')
  expect(log).toContain('<h1>2 of 3</h1>')
  expect(log).toContain('<h1>0 of 1</h1>')
  expect(readdirSync(join(dataDir, 'files', 'out'))).toContain('first.csv.xlsx')
  await host.stop()
})
