import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLedger, EXPECTED, KEPT } from './register-ledger.ts'

type Written = {
  readonly key: string
  readonly bytes: Buffer
  readonly headers: Map<string, string>
  readonly offset: number
  readonly storedAt: number
}

/** What hosts do: swap a key naming what they have last seen of it, or write again what is in force for them. They see the log up to some lag. */
const steps = fc.array(fc.record({ key: fc.constantFrom('a', 'b'), lag: fc.nat(4), isKeep: fc.boolean() }), {
  minLength: 20,
  maxLength: 80,
})

function write(all: readonly { key: string; lag: number; isKeep: boolean }[]): Written[] {
  const log: Written[] = []
  for (const { key, lag, isKeep } of all) {
    const ledger = createLedger(() => undefined)
    for (const record of log.slice(0, log.length - lag)) ledger.read(record, 0)
    const known = ledger.entries().find((entry) => entry.key === key)
    if (isKeep && known === undefined) continue
    const headers = isKeep
      ? new Map([[KEPT, String(known?.revision)]])
      : new Map([[EXPECTED, String(known?.revision ?? 0)]])
    const bytes = isKeep ? Buffer.from(known?.bytes ?? []) : Buffer.from(`value ${log.length}`)
    log.push({ key, bytes, headers, offset: log.length, storedAt: 0 })
  }
  return log
}

const inForce = (log: readonly Written[], start: number) => {
  const ledger = createLedger(() => undefined)
  for (const record of log.slice(start)) ledger.read(record, start)
  return new Map(
    ledger.entries().map(({ key, bytes, revision }) => [key, [Buffer.from(bytes ?? []).toString(), revision]]),
  )
}

test('who reads a log that has forgotten its beginning comes to the same as those that saw all of it', () => {
  fc.assert(
    fc.property(steps, fc.nat(12), (all, start) => {
      const log = write(all)
      const before = inForce(log, 0)
      // Each key that is in force is written again after the last record of a host that lags.
      for (const key of before.keys()) {
        const [value, revision] = before.get(key) ?? []
        log.push({
          key,
          bytes: Buffer.from(String(value)),
          headers: new Map([[KEPT, String(revision)]]),
          offset: log.length,
          storedAt: 0,
        })
      }
      expect(inForce(log, Math.min(start, log.length - before.size))).toEqual(inForce(log, 0))
    }),
    { numRuns: 500 },
  )
})

test('of swaps that name the same revision the first counts, also for 0', () => {
  const ledger = createLedger(() => undefined)
  const swap = (offset: number, expected: number) =>
    ledger.read(
      {
        key: 'a',
        bytes: Buffer.from(String(offset)),
        headers: new Map([[EXPECTED, String(expected)]]),
        offset,
        storedAt: 0,
      },
      0,
    )
  expect([swap(0, 0), swap(1, 0), swap(2, 1), swap(3, 1), swap(4, 2), swap(5, 3)]).toEqual([1, null, 3, null, null, 6])
})
