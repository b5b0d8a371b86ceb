import { expect, test } from 'vitest'
import { type Noted, readWays, traceTable } from './read-trace.ts'

const noted: Noted = [
  ['received', 101],
  ['parsed', 101.5],
  ['begun', 102],
  ['minor collection', 102.1],
  ['collected', 102.4],
  ['rendered', 102.5],
  ['committed', 105],
  ['sent', 105.25],
  ['committed', 107],
  ['received', 130.5],
  ['committed', 132],
  ['sent', 132.5],
]

test('each stretch begins where the one before it ended, and together they are the whole way', () => {
  const [first, second] = readWays(noted, [
    { sentAt: 100, arrivedAt: 106 },
    { sentAt: 130, arrivedAt: 133 },
  ])
  expect(first?.stretches).toEqual({
    received: 1,
    parsed: 0.5,
    begun: 0.5,
    rendered: 0.5,
    committed: 2.5,
    sent: 0.25,
    arrived: 0.75,
  })
  expect(first?.whole).toBe(6)
  expect(first?.gc).toBeCloseTo(0.3)
  expect(second?.stretches).toMatchObject({ received: 0.5, parsed: 0, committed: 1.5, sent: 0.5, arrived: 0.5 })
})

test('an event that was never received is left out, and the table has a row a stretch', () => {
  expect(readWays(noted, [{ sentAt: 200, arrivedAt: 201 }])).toEqual([])
  const table = traceTable(readWays(noted, [{ sentAt: 100, arrivedAt: 106 }]))
  expect(table.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(11)
  expect(table).toContain('| whole way | 6.000 | 6.000 | 6.000 | 6.000 |')
})
