import { describe, expect, it } from 'vitest'
import type { StepRun } from '../../../core/contract/values.ts'
import { sampleStepRun } from '../../steps/test-step-run.ts'
import { waterfall } from './waterfall.ts'

const at = (ms: number) => new Date(Date.parse('2026-11-24T09:00:00.000Z') + ms).toISOString()
const now = (ms: number) => Date.parse(at(ms))

const step = (name: string, part: Partial<StepRun>): StepRun => sampleStepRun({ step: name, ...part })

describe('waterfall', () => {
  it('is empty before anything began', () => {
    expect(waterfall([step('a', { status: 'pending' })], now(0))).toEqual({ rows: [], totalMs: 0 })
  })

  it('puts steps one after the other on the scale of the whole run', () => {
    const { rows, totalMs } = waterfall(
      [
        step('hook', { startedAt: at(0), finishedAt: at(0) }),
        step('post', {
          startedAt: at(100),
          finishedAt: at(400),
          attempts: [{ n: 1, startedAt: at(100), finishedAt: at(400), error: null }],
        }),
      ],
      now(9999),
    )
    expect(totalMs).toBe(400)
    expect(rows[0]?.segments[0]).toMatchObject({ from: 0, ms: 0 })
    expect(rows[1]?.segments).toEqual([{ kind: 'attempt', from: 25, width: 75, ms: 300 }])
  })

  it('shows failed attempts, the pauses between them, and the wait that is still going on', () => {
    const error = { code: 'http-500', message: 'The server answered 500.' }
    const { rows } = waterfall(
      [
        step('post', {
          status: 'waiting',
          startedAt: at(0),
          nextAttemptAt: at(2000),
          attempts: [
            { n: 1, startedAt: at(0), finishedAt: at(100), error },
            { n: 2, startedAt: at(400), finishedAt: at(500), error },
          ],
        }),
      ],
      now(1000),
    )
    expect(rows[0]?.segments.map(({ kind, ms }) => [kind, ms])).toEqual([
      ['failed-attempt', 100],
      ['pause', 300],
      ['failed-attempt', 100],
      ['pause', 500],
    ])
  })

  it('shows a step that waits for somebody as a wait', () => {
    const { rows } = waterfall(
      [
        step('ask', {
          status: 'waiting',
          startedAt: at(0),
          attempts: [{ n: 1, startedAt: at(0), finishedAt: null, error: null }],
        }),
      ],
      now(1000),
    )
    expect(rows[0]?.segments.map(({ kind, ms }) => [kind, ms])).toEqual([['pause', 1000]])
  })

  it('keeps the shortest step in sight and inside the track', () => {
    const { rows } = waterfall(
      [
        step('long', { startedAt: at(0), finishedAt: at(100_000) }),
        step('short', { startedAt: at(99_999), finishedAt: at(100_000) }),
      ],
      now(0),
    )
    const piece = rows[1]?.segments[0]
    expect(piece?.width).toBe(0.6)
    expect((piece?.from ?? 0) + (piece?.width ?? 0)).toBeLessThanOrEqual(100)
  })

  it('begins a replay at its own time, and takes over what was over before', () => {
    const attempt = (from: number, to: number) => [{ n: 1, startedAt: at(from), finishedAt: at(to), error: null }]
    const { rows, totalMs } = waterfall(
      [
        step('hook', { startedAt: at(0), finishedAt: at(0) }),
        step('first', { startedAt: at(10), finishedAt: at(50), attempts: attempt(10, 50) }),
        step('second', { startedAt: at(90_100), finishedAt: at(90_400), attempts: attempt(90_100, 90_400) }),
      ],
      now(99_999),
      now(90_000),
    )
    expect(totalMs).toBe(400)
    expect(rows.map((row) => row.isTakenOver)).toEqual([true, true, false])
    expect(rows[1]?.segments).toEqual([])
    expect(rows[2]?.segments).toEqual([{ kind: 'attempt', from: 25, width: 75, ms: 300 }])
  })
})
