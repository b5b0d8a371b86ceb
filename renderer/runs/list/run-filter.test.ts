import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../../core/contract/values.ts'
import { encodeTimeAsId } from '../../../core/domain/host/ids.ts'
import { SHOWN_RUN_STATES } from '../../../core/domain/runs/states.ts'
import { letsThrough } from './lets-through.ts'
import { readRunsQuery, runsAddress } from './run-address.ts'
import { hostFilter, isBackwards, RECENT, type RunFilter } from './run-filter.ts'

// Without a zone, so that the test means the same wherever it runs.
const now = Date.parse('2026-11-27T09:30:00')
const iso = (local: string) => new Date(local).toISOString()

const moment = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 16))
const filters: fc.Arbitrary<RunFilter> = fc.record(
  {
    zapId: fc.string({ minLength: 1 }),
    status: fc.constantFrom(...SHOWN_RUN_STATES),
    when: fc.oneof(fc.constantFrom(...RECENT), fc.record({ from: moment, to: moment }, { requiredKeys: [] })),
    text: fc
      .string({ minLength: 1, unit: 'grapheme' })
      .map((text) => text.trim())
      .filter((text) => text !== ''),
  },
  { requiredKeys: [] },
)

describe('the address of a list of runs', () => {
  it('keeps every filter', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(readRunsQuery(runsAddress(filter).split('?').slice(1).join('?'))).toEqual(filter)
      }),
    )
  })

  it('leaves out what makes no sense', () => {
    expect(runsAddress({})).toBe('/runs')
    expect(readRunsQuery('status=lost&when=soon&text=+&zap=&x=1')).toEqual({})
    expect(readRunsQuery('when=range&from=yesterday&to=2026-13-01T00:00')).toEqual({ when: {} })
    expect(readRunsQuery('from=2026-11-01T00:00')).toEqual({})
  })
})

describe('the time of a filter', () => {
  it('is told to the host as moments, by the calendar of this computer', () => {
    expect(hostFilter({ when: 'today' }, now)).toEqual({ since: iso('2026-11-27T00:00') })
    expect(hostFilter({ when: '24h' }, now)).toEqual({ since: iso('2026-11-26T09:30') })
    expect(hostFilter({ when: '7d', text: 'x' }, now)).toEqual({
      since: new Date(now - 7 * 86_400_000).toISOString(),
      text: 'x',
    })
    const range = { from: '2026-11-01T08:00', to: '2026-11-02T00:00' }
    expect(hostFilter({ when: range }, now)).toEqual({ since: iso(range.from), until: iso(range.to) })
    expect(hostFilter({ when: {}, zapId: 'z', status: 'failed' }, now)).toEqual({ zapId: 'z', status: 'failed' })
  })

  it('is backwards when nothing can lie in it', () => {
    expect(isBackwards({ from: '2026-11-02T00:00', to: '2026-11-01T00:00' })).toBe(true)
    expect(isBackwards({ from: '2026-11-02T00:00', to: '2026-11-02T00:00' })).toBe(true)
    expect(isBackwards({ from: '2026-11-01T00:00', to: '2026-11-02T00:00' })).toBe(false)
    expect(isBackwards({ from: '2026-11-01T00:00' })).toBe(false)
    expect(isBackwards('today')).toBe(false)
  })

  it('lets through the runs whose ids lie in it, as the host does', () => {
    // Only what the filter looks at.
    const run = (at: string) =>
      ({ id: encodeTimeAsId('run', Date.parse(at)), zapId: 'z', status: 'failed' }) as RunSummary
    const passes = (filter: RunFilter, at: string) => letsThrough(filter, run(at), now)
    expect(passes({ when: 'today' }, '2026-11-27T00:00')).toBe(true)
    expect(passes({ when: 'today' }, '2026-11-26T23:59')).toBe(false)
    const range = { from: '2026-11-01T08:00', to: '2026-11-02T00:00' }
    expect(passes({ when: range }, range.from)).toBe(true)
    expect(passes({ when: range }, range.to)).toBe(false)
    expect(passes({ when: range, zapId: 'other' }, range.from)).toBe(false)
    expect(passes({ status: 'running' }, range.from)).toBe(false)
  })
})
