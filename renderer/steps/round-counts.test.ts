import { describe, expect, it } from 'vitest'
import { countRounds, countWords, mergedRounds } from './round-counts.ts'
import type { ShownStepRun } from './shown-step-run.ts'
import { sampleStepRun } from './test-step-run.ts'

const run = (step: string, scope: string, status: ShownStepRun['status'], ports: string[] = []): ShownStepRun => ({
  ...sampleStepRun({ step, scope, ports }),
  status,
})

describe('the rounds of a loop', () => {
  it('are counted by how they stand', () => {
    const counts = countRounds(['succeeded', 'succeeded', 'failed', 'needs-review', 'running', 'skipped'])
    expect(counts).toEqual({ ok: 2, failed: 1, waiting: 1, running: 1 })
    expect(countWords(counts)).toBe('2 ok · 1 failed · 1 waiting · 1 running')
    expect(countWords(countRounds(['skipped']))).toBe('none ran')
  })

  it('are one run on the canvas: the worst of them, with every way that was taken', () => {
    const merged = mergedRounds([
      run('loop', '', 'succeeded', ['done']),
      run('split', '0', 'succeeded', ['path-1']),
      run('split', '1', 'failed'),
      run('split', '2', 'succeeded', ['else']),
    ])
    expect(merged.get('loop')?.rounds).toBeUndefined()
    expect(merged.get('split')).toMatchObject({
      status: 'failed',
      scope: '1',
      ports: ['path-1', 'else'],
      rounds: { ok: 2, failed: 1 },
    })
  })
})
