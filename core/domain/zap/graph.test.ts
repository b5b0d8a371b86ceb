import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConnectorLookup } from './connector-info.ts'
import { findCycles } from './cycles.ts'
import { compileZap, findLoops, type Link, reachableFrom, sortTopologically } from './graph.ts'
import { blankZap, type ZapFile } from './zap-file.ts'

const lookup: ConnectorLookup = (uses) =>
  uses.startsWith('gone')
    ? undefined
    : {
        id: uses,
        kind: uses === 'trigger' ? 'trigger' : 'action',
        title: uses,
        ports: () => [{ id: 'main' }],
        isLoop: uses === 'loop',
        bodyField: null,
        itemFields: [],
        verbatim: [],
        checkInput: () => [],
      }

function zap(steps: Record<string, string>, edges: ZapFile['edges']): ZapFile {
  return {
    ...blankZap('test'),
    steps: Object.entries(steps).map(([id, uses]) => ({ id, uses, input: {} })),
    edges,
  }
}

/** A graph of up to ten steps, and whether it has a cycle, found by trying every path. */
const graphs = fc
  .record({
    size: fc.integer({ min: 1, max: 10 }),
    pairs: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 20 }),
  })
  .map(({ size, pairs }) => ({
    ids: Array.from({ length: size }, (_, n) => `s${n}`),
    links: pairs.map(([from, to]): Link => ({ from: `s${from % size}`, to: `s${to % size}` })),
  }))

function pathsFrom(id: string, links: readonly Link[], seen: readonly string[] = []): boolean {
  return links.some(
    (link) => link.from === id && ([...seen, id].includes(link.to) || pathsFrom(link.to, links, [...seen, id])),
  )
}

describe('compileZap', () => {
  const file = zap({ c: 'action', hook: 'trigger', b: 'action', a: 'action', clock: 'trigger' }, [
    { from: 'hook', to: 'a' },
    { from: 'a', to: 'b', port: 'yes' },
    { from: 'a', to: 'c', port: 'yes' },
    { from: 'b', to: 'c' },
    { from: 'clock', to: 'c' },
  ])

  it('orders steps, and gives each its place', () => {
    const compiled = compileZap(file, lookup)
    expect(compiled.order).toEqual(['hook', 'clock', 'a', 'b', 'c'])
    expect(compiled.triggers).toEqual(['hook', 'clock'])
    const a = compiled.steps.get('a')
    expect(a?.outbound).toEqual(new Map([['yes', ['b', 'c']]]))
    expect(a?.kind).toBe('action')
    expect(a?.index).toBe(2)
    const c = compiled.steps.get('c')
    expect(c?.inbound.map((edge) => edge.from)).toEqual(['a', 'b', 'clock'])
    expect([...(c?.upstream ?? [])]).toEqual(['hook', 'clock', 'a', 'b'])
    expect(c?.upstream.size).toBe(4)
    expect(c?.upstream.has('c')).toBe(false)
    expect([...(compiled.steps.get('hook')?.upstream ?? ['?'])]).toEqual([])
  })

  it('gives each step the loops around it, and each loop the steps of its body', () => {
    const compiled = compileZap(
      zap({ after: 'action', hook: 'trigger', outer: 'loop', b: 'action', a: 'action', inner: 'loop', c: 'action' }, [
        { from: 'hook', to: 'outer' },
        { from: 'outer', to: 'a', port: 'each' },
        { from: 'outer', to: 'after', port: 'done' },
        { from: 'a', to: 'inner' },
        { from: 'inner', to: 'b', port: 'each' },
        { from: 'inner', to: 'c', port: 'done' },
      ]),
      lookup,
    )
    const loops = Object.fromEntries([...compiled.steps].map(([id, step]) => [id, step.loops.join(' ')]))
    expect(loops).toEqual({ hook: '', outer: '', a: 'outer', after: '', inner: 'outer', b: 'outer inner', c: 'outer' })
    expect(compiled.bodies).toEqual(
      new Map([
        ['outer', ['a', 'inner', 'c']],
        ['inner', ['b']],
      ]),
    )
    expect(findLoops(['hook'], [], () => true)).toEqual(new Map())
  })

  it('takes 5,000 loops, one in the other or one behind the other, in its stride', () => {
    for (const port of ['each', 'done']) {
      const ids = Array.from({ length: 5_000 }, (_, n) => `s${n}`)
      const steps = Object.fromEntries(ids.map((id, n) => [id, n === 0 ? 'trigger' : 'loop']))
      const edges = ids.slice(1).map((to, n) => ({ from: `s${n}`, to, port: n === 0 ? 'main' : port }))
      const compiled = compileZap(zap(steps, edges), lookup)
      expect(compiled.steps.get('s4999')?.loops.length).toBe(port === 'each' ? 4_998 : 0)
    }
  })

  it.each<[string, ZapFile]>([
    [
      'a circle',
      zap({ a: 'trigger', b: 'action' }, [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
      ]),
    ],
    ['leads nowhere', zap({ a: 'trigger' }, [{ from: 'a', to: 'b' }])],
    [
      'same id',
      {
        ...zap({}, []),
        steps: [
          { id: 'a', uses: 'x', input: {} },
          { id: 'a', uses: 'x', input: {} },
        ],
      },
    ],
  ])('throws for %s', (message, file) => {
    expect(() => compileZap(file, lookup)).toThrow(message)
  })

  it('keeps the place of steps whose connector there is not any more', () => {
    const edges = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c', port: 'each' },
      { from: 'b', to: 'd', port: 'done' },
    ]
    const compiled = compileZap(zap({ a: 'gone.trigger', b: 'gone.loop', c: 'action', d: 'action' }, edges), lookup)
    expect(compiled.triggers).toEqual(['a'])
    expect(compiled.steps.get('b')?.kind).toBe('action')
    expect(compiled.bodies.get('b')).toEqual(['c'])
  })

  it('takes 5,000 steps in a row in its stride', () => {
    const ids = Array.from({ length: 5_000 }, (_, n) => `s${n}`)
    const steps = Object.fromEntries(ids.map((id, n) => [id, n === 0 ? 'trigger' : 'action']))
    const edges = ids.slice(1).map((to, n) => ({ from: `s${n}`, to }))
    const compiled = compileZap(zap(steps, edges), lookup)
    expect(compiled.steps.get('s4999')?.upstream.size).toBe(4_999)
  })
})

describe('properties of graphs', () => {
  it('the order holds every id once and respects every edge, and the rest is what cannot be sorted', () => {
    fc.assert(
      fc.property(graphs, ({ ids, links }) => {
        const { order, rest } = sortTopologically(ids, links)
        expect([...order, ...rest].sort()).toEqual([...ids].sort())
        const place = new Map(order.map((id, index) => [id, index]))
        for (const { from, to } of links) {
          const [a, b] = [place.get(from), place.get(to)]
          if (b !== undefined) expect(a).toBeLessThan(b)
        }
      }),
    )
  })

  it('cycles are found exactly where trying every path finds them, and are cycles', () => {
    fc.assert(
      fc.property(graphs, ({ ids, links }) => {
        const cycles = findCycles(ids, links)
        const cyclic = ids.some((id) => pathsFrom(id, links))
        expect(cycles.length > 0).toBe(cyclic)
        for (const cycle of cycles) {
          expect(new Set(cycle).size).toBe(cycle.length)
          for (const [index, from] of cycle.entries()) {
            const to = cycle[(index + 1) % cycle.length]
            expect(links).toContainEqual({ from, to })
          }
        }
        // Each knot once: no step is in two of them, and without the named steps' links to each other fewer knots are left.
        expect(new Set(cycles.flat()).size).toBe(cycles.flat().length)
      }),
      { numRuns: 500 },
    )
  })

  it('upstream is what reaches a step', () => {
    fc.assert(
      fc.property(graphs, ({ ids, links }) => {
        const forward = links.filter(({ from, to }) => Number(from.slice(1)) < Number(to.slice(1)))
        const steps = Object.fromEntries(ids.map((id) => [id, 'action']))
        const compiled = compileZap(zap(steps, forward), lookup)
        for (const id of ids) {
          const expected = ids.filter((other) => other !== id && reachableFrom([other], forward).has(id))
          const { upstream } = compiled.steps.get(id) ?? {}
          expect([...(upstream ?? [])].sort()).toEqual(expected.sort())
          expect(ids.filter((other) => upstream?.has(other)).sort()).toEqual(expected)
        }
      }),
    )
  })

  it('a long circle and a long chain need no deep stack', () => {
    const ids = Array.from({ length: 20_000 }, (_, n) => `s${n}`)
    const links = ids.map((from, n) => ({ from, to: ids[(n + 1) % ids.length] ?? '' }))
    expect(findCycles(ids, links)[0]?.length).toBe(20_000)
    expect(reachableFrom(['s0'], links).size).toBe(20_000)
  })
})
