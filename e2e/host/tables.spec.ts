import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runCli, startHost } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/test.ts'

const shownSchema = z.object({ count: z.int(), rows: z.array(z.unknown()) })

test('tables are imported, shown and exported on the command line, and outlive a restart', async ({ folder }) => {
  const dataDir = `${folder}/data`
  const host = await startHost({ dataDir })
  const cli = (...args: string[]) => runCli([...args, '--data', dataDir])
  const csv = join(folder, 'orders.csv')
  // As Excel writes it: a mark at the beginning, semicolons, a name twice, one that is empty, and a comma within quotes.
  await writeFile(
    csv,
    '\ufefforder;amount;;amount;__proto__\r\nA-1;12.5;x;007;"a ""b"", c"\r\nA-2;;;9007199254740993;\r\n',
  )
  expect(await cli('table', 'import', 'Orders', csv)).toMatchObject({
    code: 0,
    stdout: 'Made the table “Orders”: 2 rows.\n',
  })
  expect(await cli('table', 'import', ' orders ', csv)).toMatchObject({
    code: 0,
    stdout: 'Added to the table “Orders”: 2 rows.\n',
  })
  await host.stop()

  const again = await startHost({ dataDir })
  const { rows, count } = await again.ask(shownSchema, 'table', 'show', 'orders', '--limit', '1')
  expect({ rows, count }).toEqual({
    count: 1,
    rows: [JSON.parse('{"order":"A-1","amount":12.5,"column_3":"x","amount_2":"007","__proto__":"a \\"b\\", c"}')],
  })
  expect((await cli('table', 'list')).stdout).toMatch(/^NAME\s+ROWS\s+COLUMNS\s+ZAPS\nOrders\s+4\s/)
  const out = join(folder, 'out.csv')
  expect((await cli('table', 'export', 'Orders', out)).code).toBe(0)
  const line = (text: string) => `${text}\r\n`
  const body = line('A-1,12.5,x,007,"a ""b"", c"') + line('A-2,,,9007199254740993,')
  expect(await readFile(out, 'utf8')).toBe(line('order,amount,column_3,amount_2,__proto__') + body + body)
  for (const [args, says] of [
    [['table', 'show', 'Ordres'], /There is no table "Ordres"; there are Orders\./],
    [['table', 'import', 'Orders', join(folder, 'none.csv')], /none\.csv cannot be read: ENOENT/],
    [['table', 'import', 'Orders', folder], /is a folder: name a CSV file in it/],
    [['table', 'import', 'x'.repeat(300), csv], /The name of a table has at most 200 characters/],
    [['table', 'export', 'Orders', join(folder, 'no', 'such', 'folder.csv')], /folder\.csv cannot be written: ENOENT/],
  ] as const) {
    const { code, stderr } = await cli(...args)
    expect({ args, code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(says) })
  }
  await again.stop()
})
