import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CompiledZap, compileZap } from '../../domain/zap/graph.ts'
import { blankZap, type Edge, portOf, type ZapFile } from '../../domain/zap/zap-file.ts'
import { advance, type Decision, type Traits } from './advance.ts'

/** `go` is the trigger; steps whose ids begin with `any` join any, `off` ones are disabled. */
function compiled(ids: readonly string[], edges: readonly Edge[]): CompiledZap {
  const steps: ZapFile['steps'] = ['go', ...ids].map((id) => ({
    id,
    uses: id === 'go' ? 'trigger' : 'action',
    input: {},
    ...(id.startsWith('off') && { settings: { disabled: true } }),
  }))
  return compileZap({ ...blankZap('test'), steps, edges: [...edges] }, (uses) => ({
    id: uses,
    kind: uses === 'trigger' ? 'trigger' : 'action',
    title: uses,
    ports: () => [{ id: 'main' }, { id: 'no' }],
    isLoop: false,
    bodyField: null,
    itemFields: [],
    verbatim: [],
    checkInput: () => [],
  }))
}

const traits: Traits = { joinsAny: ({ id }) => id.startsWith('any'), passThrough: () => 'main' }

/** A run whose steps take the ports that `portsFor` says; returns what was decided about each step, in order. */
function play(zap: CompiledZap, portsFor: (stepId: string) => readonly string[], endFirst = (_open: string[]) => 0) {
  const outcomes = new Map<string, { ports: readonly string[] }>([['go', { ports: ['main'] }]])
  const started = new Set<string>()
  const open: string[] = []
  const decided: Decision[] = []
  const go = (from: Iterable<string>): void => {
    for (const decision of advance(zap, { outcomes, started, loopId: undefined }, from, traits)) {
      decided.push(decision)
      const { stepId } = decision
      if (decision.do === 'skip') outcomes.set(stepId, { ports: decision.ports })
      else {
        started.add(stepId)
        open.push(stepId)
      }
    }
  }
  go(zap.order)
  while (open.length > 0) {
    const [stepId = ''] = open.splice(endFirst(open), 1)
    outcomes.set(stepId, { ports: portsFor(stepId) })
    go([...(zap.steps.get(stepId)?.outbound.values() ?? [])].flat())
  }
  return { decided, outcomes, started }
}

test('a step starts when all that leads to it is settled and some of it was taken', () => {
  const zap = compiled(
    ['a', 'b', 'end'],
    [
      { from: 'go', to: 'a' },
      { from: 'go', to: 'b' },
      { from: 'a', to: 'end', port: 'no' },
      { from: 'b', to: 'end' },
    ],
  )
  const standing = { outcomes: new Map([['go', { ports: ['main'] }]]), started: new Set<string>(), loopId: undefined }
  expect(
    advance(zap, standing, zap.order, traits)
      .map(({ stepId }) => stepId)
      .sort(),
  ).toEqual(['a', 'b'])
  const half = { ...standing, outcomes: new Map([...standing.outcomes, ['b', { ports: ['main'] }]]) }
  expect(advance(zap, half, ['end'], traits)).toEqual([])
  const both = { ...half, outcomes: new Map([...half.outcomes, ['a', { ports: ['main'] }]]) }
  expect(advance(zap, both, ['end'], traits)).toEqual([{ do: 'start', stepId: 'end' }])
})

test('a step that joins any starts with the first connection that was taken', () => {
  const zap = compiled(
    ['a', 'b', 'any'],
    [
      { from: 'go', to: 'a' },
      { from: 'go', to: 'b' },
      { from: 'a', to: 'any' },
      { from: 'b', to: 'any' },
    ],
  )
  const outcomes = new Map([
    ['go', { ports: ['main'] }],
    ['a', { ports: ['main'] }],
  ])
  const standing = { outcomes, started: new Set(['a', 'b']), loopId: undefined }
  expect(advance(zap, standing, ['any'], traits)).toEqual([{ do: 'start', stepId: 'any' }])
})

test('behind a port that was not taken all is skipped; a disabled step is passed through', () => {
  const zap = compiled(
    ['a', 'b', 'off', 'c'],
    [
      { from: 'go', to: 'a', port: 'no' },
      { from: 'a', to: 'b' },
      { from: 'go', to: 'off' },
      { from: 'off', to: 'c' },
    ],
  )
  const { decided } = play(zap, () => ['main'])
  expect(decided.filter((one) => one.do === 'skip')).toEqual(
    expect.arrayContaining([
      { do: 'skip', stepId: 'a', ports: [] },
      { do: 'skip', stepId: 'b', ports: [] },
      { do: 'skip', stepId: 'off', ports: ['main'] },
    ]),
  )
  expect(decided).toContainEqual({ do: 'start', stepId: 'c' })
})

const graphs = fc
  .record({
    size: fc.integer({ min: 1, max: 9 }),
    pairs: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 20 }),
    taken: fc.array(fc.subarray(['main', 'no']), { minLength: 10, maxLength: 10 }),
    order: fc.array(fc.nat(), { minLength: 10, maxLength: 10 }),
  })
  .map(({ size, pairs, taken, order }) => {
    const ids = Array.from({ length: size }, (_, n) => `${['s', 'any', 'off', 't'][n % 4]}${n}`)
    const all = ['go', ...ids]
    const edges = new Map<string, Edge>()
    for (const [a, b, isNo] of pairs) {
      const [from, to] = [a % all.length, b % all.length]
      if (from >= to) continue
      const edge = { from: all[from] ?? '', to: all[to] ?? '', ...(isNo && { port: 'no' }) }
      edges.set(JSON.stringify(edge), edge)
    }
    return { ids, edges: [...edges.values()], taken, order }
  })

test('in any graph each step is decided about once, whatever ends first, and starts just when something that was taken leads to it', () => {
  fc.assert(
    fc.property(graphs, ({ ids, edges, taken, order }) => {
      const zap = compiled(ids, edges)
      const portsFor = (stepId: string): readonly string[] => taken[ids.indexOf(stepId)] ?? []
      let turn = 0
      const { decided, outcomes, started } = play(zap, portsFor, (open) => (order[turn++ % 10] ?? 0) % open.length)
      expect(decided.map(({ stepId }) => stepId).sort()).toEqual([...ids].sort())
      for (const id of ids) {
        const isReached = edges.some((edge) => edge.to === id && outcomes.get(edge.from)?.ports.includes(portOf(edge)))
        expect(started.has(id)).toBe(isReached && !id.startsWith('off'))
      }
    }),
  )
})
