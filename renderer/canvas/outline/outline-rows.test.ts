import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blankZap, type Edge, type Step } from '../../../core/domain/zap/zap-file.ts'
import { annotationRows, outlineRows } from './outline-rows.ts'

const step = (id: string): Step => ({ id, uses: 'data.set', input: {} })
const onePort = () => [{ id: 'main', label: null }]
const shown = (zap: { steps: Step[]; edges: Edge[] }, portsOf: Parameters<typeof outlineRows>[1] = onePort) =>
  outlineRows(zap, portsOf).map(({ step, level, port, alsoFrom }) =>
    [level, step.id, port, ...alsoFrom].filter((part) => part !== null).join(' '),
  )

test('a chain stays on one level, and ways that part stand deeper under the names of their outputs', () => {
  const zap = {
    steps: ['hook', 'paths', 'large', 'mail', 'small'].map(step),
    edges: [
      { from: 'hook', to: 'paths' },
      { from: 'paths', port: 'else', to: 'small' },
      { from: 'paths', port: 'path-1', to: 'large' },
      { from: 'large', to: 'mail' },
    ],
  }
  const ports = ({ id }: Step) =>
    id === 'paths'
      ? [
          { id: 'path-1', label: 'Large' },
          { id: 'else', label: 'else' },
        ]
      : onePort()
  expect(shown(zap, ports)).toEqual(['1 hook', '1 paths', '2 large Large', '2 mail', '2 small else'])
})

test('a step where ways meet is listed once, and says where else it is reached from', () => {
  const zap = {
    steps: ['a', 'b', 'c', 'd'].map(step),
    edges: [
      { from: 'a', to: 'b' },
      { from: 'a', to: 'c' },
      { from: 'b', to: 'd' },
      { from: 'c', to: 'd' },
    ],
  }
  expect(shown(zap)).toEqual(['1 a', '2 b', '2 d c', '2 c'])
})

test('every step is listed exactly once, whatever the edges, circles and loose ends included', () => {
  const id = fc.nat({ max: 8 }).map((n) => `s${n}`)
  fc.assert(
    fc.property(fc.array(fc.record({ from: id, to: id }), { maxLength: 20 }), (edges) => {
      const steps = Array.from({ length: 8 }, (_, n) => step(`s${n}`))
      const listed = outlineRows({ steps, edges }, onePort).map((row) => row.step.id)
      expect(listed.toSorted()).toEqual(steps.map((one) => one.id))
    }),
  )
})

test('frames are listed with the steps that stand in them, and notes by their first line', () => {
  const size = { width: 300, height: 200 }
  const zap = {
    ...blankZap('Annotated'),
    steps: [
      { ...step('in'), position: { x: 0, y: 0 } },
      { ...step('out'), position: { x: 900, y: 0 } },
    ],
    notes: [
      { id: 'note-1', text: '\nAsk Ada\nbefore changing this', position: { x: 600, y: 0 }, ...size },
      { id: 'note-2', text: '', position: { x: 600, y: 300 }, ...size },
    ],
    groups: [{ id: 'group-1', title: 'Orders', position: { x: -28, y: -52 }, ...size }],
  }
  expect(annotationRows(zap)).toEqual([
    { id: 'group:group-1', kind: 'frame', title: 'Orders', holds: ['in'] },
    { id: 'note:note-1', kind: 'note', title: 'Ask Ada', holds: [] },
    { id: 'note:note-2', kind: 'note', title: 'Empty note', holds: [] },
  ])
})
