import { expect, it } from 'vitest'
import { runAction } from '../test-context.ts'
import { dataSet } from './set.action.ts'

it('gives the fields, typed', async () => {
  const scope = { hook: { body: { amount: 75, items: [{ sku: 'a' }] } } }
  const fields = {
    amount: '{{ hook.body.amount }}',
    text: '{{ hook.body.amount }} €',
    items: '{{ hook.body.items }}',
    nested: { deep: ['{{ hook.body.amount | times: 2 }}', true] },
  }
  expect(await runAction(dataSet, { fields }, { scope })).toEqual({
    output: { amount: 75, text: '75 €', items: [{ sku: 'a' }], nested: { deep: [150, true] } },
  })
})
