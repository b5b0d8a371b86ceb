import { expect, it } from 'vitest'
import { zapFailed } from './failed.trigger.ts'

it('watches the zaps that it names, or all others', () => {
  const { source } = zapFailed
  if (source.from !== 'failure') throw new Error(`listens to a ${source.from}`)
  const watches = [{}, { zaps: [] }, { zaps: ['zap_1', 'Invoices'] }].map((input) =>
    source.watches(zapFailed.input.parse(input)),
  )
  expect(watches).toEqual([null, null, ['zap_1', 'Invoices']])
})
