import { expect, test } from 'vitest'
import { type RunRange, runsIn } from './run-rows.ts'
import { temporaryDatabase } from './test-database.ts'

const TIMES: readonly RunRange[] = [{}, { from: 'run_a' }, { before: 'run_b' }, { from: 'run_a', before: 'run_b' }]

test.each([
  { range: {}, index: 'sqlite_autoindex_run_1' },
  { range: { zapId: 'zap' }, index: 'run_of_zap ' },
  { range: { shown: 'failed' }, index: 'run_shown ' },
  { range: { zapId: 'zap', shown: 'failed' }, index: 'run_of_zap_shown ' },
] as const)(
  'runs of $range are read along $index, whatever time they are of, and never sorted',
  async ({ range, index }) => {
    const { reader } = temporaryDatabase()
    for (const time of TIMES) {
      const query = runsIn(reader, { ...range, ...time }).select('run.id')
      const plan: { detail: string }[] = await reader.raw(`EXPLAIN QUERY PLAN ${query.toString()}`)
      expect(plan).toHaveLength(1)
      expect(`${plan[0]?.detail} `).toContain(`INDEX ${index}`)
      // The ends of a time are sought in the index.
      for (const [end, term] of [
        ['from', 'id>?'],
        ['before', 'id<?'],
      ] as const) {
        if (time[end] !== undefined) expect(plan[0]?.detail).toContain(term)
      }
    }
  },
)
