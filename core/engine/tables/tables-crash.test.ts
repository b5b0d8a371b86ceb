import { expect, test } from 'vitest'
import { fromStored } from '../../domain/values/stored-json.ts'
import type { Step, ZapFile } from '../../domain/zap/zap-file.ts'
import { type Crash, runWithCrashes } from '../../test-crash.ts'

const table = (id: string, uses: string, input: Step['input']): Step => ({ id, uses, input: { table: 'T', ...input } })

/** A run that changes a table in every way, in one and in several transactions, and looks at what came of it. */
const steps: readonly Step[] = [
  { id: 'go', uses: 'manual.run', input: {} },
  table('add', 'table.add', { rows: '{{ go.rows }}' }),
  table('count', 'table.upsert', { key: ['n'], values: { n: 1, seen: 'once' } }),
  table('fresh', 'table.upsert', { key: ['n'], rows: [{ n: 700 }, { n: 2 }] }),
  table('change', 'table.update', { where: { n: 3 }, values: { seen: '{{ count.added }}' } }),
  table('drop', 'table.delete', { where: [{ column: 'n', op: 'lt', right: 3 }] }),
  table('look', 'table.find', { limit: 1_000 }),
]
const zap: ZapFile = {
  format: 'hookline/zap@1',
  name: 'Tables',
  steps: [...steps],
  edges: steps.slice(1).map(({ id }, at) => ({ from: steps[at]?.id ?? '', to: id })),
}
const event = { rows: Array.from({ length: 520 }, (_, n) => ({ n })).filter(({ n }) => n < 5 || n > 20) }

async function outcome(crashes: readonly Crash[]) {
  const {
    status,
    rows,
    crashes: happened,
  } = await runWithCrashes(zap, event, () => ({ status: 200, body: null }), crashes)
  const outputs = rows
    .filter(({ ports }) => ports !== null)
    .map(({ stepId, output }) => [stepId, fromStored(output ?? 'null')])
  return { status, happened, outputs: Object.fromEntries(outputs) }
}

test('a row is changed once, whichever write of the run a crash comes behind', async () => {
  const whole = await outcome([])
  expect(whole.status).toBe('succeeded')
  expect(whole.outputs.add).toMatchObject({ count: 504 })
  expect(whole.outputs.drop).toMatchObject({ count: 3 })
  expect(whole.outputs.look).toMatchObject({ count: 502 })
  // More writes than such a run has: behind some of them there is nothing left to be interrupted.
  const interrupted: number[] = []
  for (let write = 1; write <= 20; write++) {
    const crashed = await outcome([{ write, when: 'after' }])
    if (crashed.happened > 0) interrupted.push(write)
    expect({ write, ...crashed.outputs }).toEqual({ write, ...whole.outputs })
  }
  expect(interrupted.length, `${interrupted}`).toBeGreaterThan(8)
}, 60_000)
