import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { enableZap, runToEnd, testApp } from '../../test-app.ts'

const ROWS = 30_000

test('a long list of rows goes from a file into a table and out of it, by references', async () => {
  const { client, folder } = await testApp()
  const lines = Array.from(
    { length: ROWS },
    (_, n) => `A-${n},${n % 10},"Desk lamp, oak, number ${n} of very many ${'that have a long name '.repeat(6)}"`,
  )
  mkdirSync(join(folder, 'files'), { recursive: true })
  writeFileSync(join(folder, 'files', 'all.csv'), `order,left,text\n${lines.join('\n')}\n`)
  const steps = [
    { id: 'go', uses: 'manual.run', input: {} },
    { id: 'csv', uses: 'csv.parse', input: { from: 'all.csv' } },
    {
      id: 'some',
      uses: 'list.filter',
      input: { items: '{{ csv.rows }}', all: [{ left: '{{ item.left }}', op: 'gt', right: 0 }] },
    },
    { id: 'keep', uses: 'table.add', input: { table: 'All', rows: '{{ some.items }}' } },
    { id: 'again', uses: 'table.upsert', input: { table: 'All', key: ['order'], rows: '{{ some.items }}' } },
    { id: 'find', uses: 'table.find', input: { table: 'All', sort: '-order', limit: ROWS } },
    { id: 'build', uses: 'csv.build', input: { rows: '{{ find.rows }}' } },
    { id: 'write', uses: 'file.write', input: { path: 'out.csv', content: '{{ build.text }}' } },
  ]
  const id = await enableZap(client, {
    steps,
    edges: steps.slice(1).map((step, at) => ({ from: steps[at]?.id ?? '', to: step.id })),
  })
  const { run, steps: done } = await runToEnd(client, id, {})
  expect(run).toMatchObject({ status: 'succeeded', reason: null })
  const output = (step: string) => done.find((one) => one.step === step)?.output
  expect(output('keep')).toMatchObject({ count: 27_000, created: true })
  expect(output('again')).toMatchObject({ count: 27_000, added: 0 })
  expect(output('find')).toMatchObject({
    count: 27_000,
    more: false,
    row: { order: 'A-9999' },
    rows: { $blob: expect.any(String) },
  })
  const [table] = await client.tables.list()
  expect(table).toMatchObject({ rows: 27_000 })
  expect(output('write')).toMatchObject({ bytes: expect.any(Number) })
}, 60_000)
