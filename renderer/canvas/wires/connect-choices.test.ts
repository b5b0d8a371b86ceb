import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Edge, type Step, ZAP_FORMAT, type ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { whyNotConnect } from '../../draft/graph/connection-rules.ts'
import { connectChoices } from './connect-choices.ts'

const isTrigger = (uses: string): boolean => uses === 'webhook.catch'
const PORTS = [
  { id: 'main', label: null },
  { id: 'error', label: 'on error' },
]
const steps: readonly Step[] = ['a', 'b', 'c', 'd', 'e'].map((id, index) => ({
  id,
  uses: index === 0 ? 'webhook.catch' : 'data.set',
  input: {},
}))
const letter = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const edge = fc.record({ from: letter, to: letter, port: fc.constantFrom('main', 'error') })

test('what is offered at each output is exactly what the rules of the graph allow', () => {
  fc.assert(
    fc.property(fc.uniqueArray(edge, { maxLength: 8, selector: (one) => JSON.stringify(one) }), letter, (all, from) => {
      const edges: readonly Edge[] = all.filter((one) => one.from < one.to)
      const zap: ZapFile = { format: ZAP_FORMAT, name: 'x', steps: [...steps], edges: [...edges] }
      for (const choices of connectChoices(zap, from, PORTS, isTrigger)) {
        const allowed = steps.filter(
          (step) => whyNotConnect(zap, { from, port: choices.port, to: step.id }, isTrigger) === null,
        )
        expect(choices.free).toEqual(allowed)
        expect(choices.taken.map((one) => one.edge)).toEqual(
          edges.filter((one) => one.from === from && one.port === choices.port),
        )
      }
    }),
  )
})
