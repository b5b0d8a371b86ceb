import { expect, it } from 'vitest'
import type { ShownStepRun } from '../../steps/shown-step-run.ts'
import { sampleStepRun } from '../../steps/test-step-run.ts'
import { timelineLines } from './timeline-lines.ts'
import { waterfall } from './waterfall.ts'

const at = '2026-11-24T09:00:00.000Z'
const run = (step: string, scope = '') => sampleStepRun({ step, scope, startedAt: at, finishedAt: at })
const loopsOf = new Map([
  ['fetch', ['loop']],
  ['inner', ['loop']],
  ['post', ['loop', 'inner']],
])
const told = (runs: readonly ShownStepRun[]) =>
  timelineLines(waterfall(runs, Date.parse(at)).rows, loopsOf).map(
    (line) => `${'  '.repeat(line.depth)}${line.kind === 'step' ? line.row.step.step : `rounds of ${line.loop}`}`,
  )

it('puts the body of a loop right below it, whatever the order of the graph', () => {
  expect(
    told([run('hook'), run('loop'), run('after'), run('fetch', '0'), run('inner', '0'), run('post', '0.0')]),
  ).toEqual(['hook', 'loop', '  rounds of loop', '  fetch', '  inner', '    rounds of inner', '    post', 'after'])
})

it('leaves out no step whose loop is not told of', () => {
  expect(told([run('hook'), run('fetch', '0')])).toEqual(['hook', 'fetch'])
})
