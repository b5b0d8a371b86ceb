import { expect, test } from 'vitest'
import type { Json } from '../domain/values/json.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import { enableZap, runToEnd, type TestClient, testApp } from '../test-app.ts'

const chain = (...steps: Step[]) => ({
  steps,
  edges: steps.slice(1).map(({ id }, at) => ({ from: steps[at]?.id ?? '', to: id })),
})
const go: Step = { id: 'go', uses: 'manual.run', input: {} }
const watch = (events: Json = ['created', 'changed', 'removed']): Step => ({
  id: 'row',
  uses: 'table.changed',
  input: { table: 'Orders', events },
})

/** What runs of a zap began with and came to, the oldest first, when as many have ended. */
async function runsOf(client: TestClient, zapId: string, count: number) {
  const events = await client.events.watch()
  await events.next()
  for (;;) {
    const { runs } = await client.runs.list({ zapId })
    if (runs.length >= count && runs.every(({ status }) => !['running', 'waiting'].includes(status))) {
      const details = await Promise.all(runs.toReversed().map(({ id }) => client.runs.get({ id })))
      return details.map(({ run, steps }) => ({
        status: run.status,
        reason: run.reason,
        event: steps[0]?.output,
        steps,
      }))
    }
    await events.next()
  }
}

test('changes of a table start zaps, whether a zap, a person or a file made them', async () => {
  const { client } = await testApp()
  const watcher = await enableZap(client, { name: 'Watcher', ...chain(watch()) })
  const added = await enableZap(client, { name: 'Added', ...chain(watch('added')) })
  const writer = await enableZap(client, {
    name: 'Writer',
    ...chain(go, { id: 'add', uses: 'table.add', input: { table: 'Orders', values: { order: '{{ go.order }}' } } }),
  })
  await runToEnd(client, writer, { order: 'A-1' })
  const [table] = await client.tables.list()
  expect(table).toMatchObject({
    name: 'Orders',
    rows: 1,
    uses: [
      { name: 'Added', starts: true },
      { name: 'Watcher', starts: true },
      { name: 'Writer', writes: true, starts: false },
    ],
  })
  const id = table?.id ?? 0
  const { undo } = await client.tables.edit({ id, edits: [{ do: 'set', row: 1, cells: { 0: 'A-2' } }] })
  // What changes nothing is no change.
  await client.tables.edit({ id, edits: [{ do: 'set', row: 1, cells: { 0: 'A-2' } }] })
  await client.tables.edit({ id, edits: undo })
  await client.tables.edit({ id, edits: [{ do: 'remove', row: 1 }] })
  await client.tables.importPiece({
    upload: 'u',
    at: 0,
    piece: Buffer.from('order;amount\r\nB-1;7\r\n').toString('base64'),
  })
  expect(await client.tables.importCsv({ upload: 'u', name: 'orders' })).toEqual({
    id,
    name: 'Orders',
    rows: 1,
    madeTable: false,
  })
  const seen = (await runsOf(client, watcher, 5)).map(({ event }) => event)
  expect(seen).toMatchObject([
    { event: 'created', table: 'Orders', id: 1, row: { order: 'A-1' }, before: null, fields: ['order'] },
    { event: 'changed', row: { order: 'A-2' }, before: { order: 'A-1' }, fields: ['order'] },
    { event: 'changed', row: { order: 'A-1' }, before: { order: 'A-2' } },
    { event: 'removed', id: 1, row: null, before: { order: 'A-1' } },
    { event: 'created', id: 2, row: { order: 'B-1', amount: 7 }, before: null, fields: ['order', 'amount'] },
  ])
  expect(await runsOf(client, added, 2)).toHaveLength(2)
})

test('a zap is not started by what it did itself, also through another one, and says so', async () => {
  const { client } = await testApp()
  const numbered = await enableZap(client, {
    name: 'Numbered',
    ...chain(watch(), {
      id: 'mark',
      uses: 'table.update',
      input: { table: 'Orders', where: { '@id': '{{ row.id }}' }, values: { no: '{{ row.id }}' } },
    }),
  })
  const other = await enableZap(client, {
    name: 'Other',
    ...chain(watch(['changed']), { id: 'add', uses: 'table.add', input: { table: 'Orders', values: { copy: true } } }),
  })
  const { id } = await client.tables.create({ name: 'Orders', columns: [{ name: 'order' }] })
  await client.tables.edit({ id, edits: [{ do: 'insert', cells: { 0: 'A-1' } }] })
  const [first] = await runsOf(client, numbered, 1)
  expect(first?.steps[1]?.output).toMatchObject({ count: 1, notStarted: ['Numbered'] })
  const [second] = await runsOf(client, other, 1)
  expect(second?.steps[1]?.output).toMatchObject({ count: 1, notStarted: ['Numbered'] })
  expect((await runsOf(client, numbered, 1)).length + (await runsOf(client, other, 1)).length).toBe(2)
  expect((await client.tables.rows({ id })).rows.map(({ cells }) => cells)).toEqual([{ 0: 'A-1', 1: 1 }, { 2: true }])
})

test('zaps that start each other through tables end at a depth, with a sentence', async () => {
  const { client } = await testApp()
  const ids: string[] = []
  for (let n = 0; n < 23; n++) {
    ids.push(
      await enableZap(client, {
        name: `Zap ${n}`,
        ...chain(
          { id: 'row', uses: 'table.changed', input: { table: `T${n}` } },
          { id: 'add', uses: 'table.add', input: { table: `T${n + 1}`, values: { n } } },
        ),
      }),
    )
  }
  const { id } = await client.tables.create({ name: 'T0' })
  await client.tables.setColumns({ id, columns: [{ name: 'n' }] })
  await client.tables.edit({ id, edits: [{ do: 'insert', cells: { 0: 1 } }] })
  const [last] = await runsOf(client, ids[20] ?? '', 1)
  expect(last).toMatchObject({ status: 'failed', reason: expect.stringContaining('20 times deep') })
  // Nothing of that step is there.
  expect((await client.tables.list()).some(({ name }) => name === 'T21')).toBe(false)
})
