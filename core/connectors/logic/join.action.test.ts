import { expect, it } from 'vitest'
import { testCatalogue } from '../test-catalogue.ts'
import { runAction } from '../test-context.ts'
import { logicJoin } from './join.action.ts'

const taken = { post: { status: 200 }, fields: { a: 1 }, skipped: null }

it('holds what each branch gave', async () => {
  expect(await runAction(logicJoin, {}, { taken })).toEqual({ output: taken })
})

it('holds only what the first branch gave when it waits for no other', async () => {
  expect(await runAction(logicJoin, { mode: 'any' }, { taken })).toEqual({ output: { post: { status: 200 } } })
})

it('says which branches it waits for, and takes no template for that', () => {
  expect([{}, { mode: 'any' }].map((input) => logicJoin.joins?.(logicJoin.input.parse(input)))).toEqual(['all', 'any'])
  expect(testCatalogue.info('logic.join')?.checkInput({ mode: '{{ hook.mode }}' })).toHaveLength(1)
})
