import { describe, expect, it } from 'vitest'
import type { ShownStepRun } from '../../steps/shown-step-run.ts'
import { sampleStepRun } from '../../steps/test-step-run.ts'
import { compareScopes, countsOf, neighbour, roundLabel, roundsInAll, roundsOfLoop, runsOfRound } from './rounds.ts'

const run = (step: string, scope: string, status: ShownStepRun['status'] = 'succeeded'): ShownStepRun => ({
  ...sampleStepRun({ step, scope }),
  status,
})
const loopsOf = new Map([
  ['fetch', ['outer']],
  ['inner', ['outer']],
  ['post', ['outer', 'inner']],
])
const steps = [
  run('outer', ''),
  run('fetch', '0'),
  run('fetch', '1'),
  run('inner', '0'),
  run('inner', '1', 'failed'),
  run('post', '0.0'),
  run('post', '0.1'),
  run('post', '1.0', 'failed'),
  run('post', '1.10'),
  run('post', '1.2'),
]
const shown = (round: string) => runsOfRound(steps, round).map((one) => `${one.step} ${one.scope}`)

describe('the rounds of a run', () => {
  it('are counted from one for people', () => {
    expect([roundLabel('3'), roundLabel('3.0')]).toEqual(['Item 4', 'Item 4 › item 1'])
  })

  it('show every step in the round that is looked at', () => {
    expect(shown('0')).toEqual(['outer ', 'fetch 0', 'inner 0', 'post 0.1'])
    expect(shown('1.2')).toEqual(['outer ', 'fetch 1', 'inner 1', 'post 1.2'])
  })

  it('show the most telling round while none was chosen', () => {
    expect(shown('')).toEqual(['outer ', 'fetch 1', 'inner 1', 'post 1.0'])
  })

  it('of a loop are in order, each as bad as its worst step', () => {
    expect(roundsOfLoop('outer', steps, loopsOf, '0')).toEqual([
      { scope: '0', status: 'succeeded' },
      { scope: '1', status: 'failed' },
    ])
  })

  it('of an inner loop are those of the outer round', () => {
    const rounds = roundsOfLoop('inner', steps, loopsOf, '1.2')
    expect(rounds.map((round) => round.scope)).toEqual(['1.0', '1.2', '1.10'])
    expect(countsOf(rounds)).toEqual({ ok: 2, failed: 1, waiting: 0, running: 0 })
  })

  it('count those that are not told of one by one', () => {
    const loop = { ...run('outer', ''), finishedAt: '2026-11-24T09:00:00.000Z', output: { results: [1, 2, 3, 4, 5] } }
    const rounds = roundsOfLoop('outer', steps, loopsOf, '')
    expect(countsOf(rounds, roundsInAll(loop))).toEqual({ ok: 4, failed: 1, waiting: 0, running: 0 })
    expect(roundsInAll(run('outer', ''))).toBeNull()
  })

  it('can be walked, also from failure to failure', () => {
    const rounds = roundsOfLoop('outer', steps, loopsOf, '')
    expect(neighbour(rounds, '0', 1)?.scope).toBe('1')
    expect(neighbour(rounds, '0', 1, true)?.scope).toBe('1')
    expect(neighbour(rounds, '1', 1)).toBeUndefined()
    expect(neighbour(rounds, '1', -1)?.scope).toBe('0')
  })

  it('sort by number, not by letter', () => {
    expect(['2', '10', '1.1', '1'].toSorted(compareScopes)).toEqual(['1', '1.1', '2', '10'])
  })
})
