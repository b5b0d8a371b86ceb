import { expect, it } from 'vitest'
import { runAction } from '../test-context.ts'
import { logicStop } from './stop.action.ts'

it.each([
  [{}, { as: 'succeeded', message: null }],
  [
    { as: 'failed', message: 'Order {{ hook.id }} is not paid' },
    { as: 'failed', message: 'Order 7 is not paid' },
  ],
  [{ message: '{{ hook.none }}' }, { as: 'succeeded', message: null }],
])('%j ends the run', async (input, endRun) => {
  const result = await runAction(logicStop, input, { scope: { hook: { id: 7, none: null } } })
  expect(result).toEqual({ output: endRun, ports: [], endRun })
})
