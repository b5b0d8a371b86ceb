import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConnectorInfo } from './connector-info.ts'
import type { Problem } from './problem.ts'
import { validateZap } from './validate-zap.ts'
import { blankZap, type Edge, type Step } from './zap-file.ts'

function lookup(uses: string): ConnectorInfo {
  const isLoop = uses === 'each' || uses === 'until'
  return {
    id: uses,
    kind: uses === 'hook' ? 'trigger' : 'action',
    title: uses,
    ports: () => (isLoop ? ['each', 'done'] : ['main']).map((id) => ({ id })),
    isLoop,
    bodyField: uses === 'until' ? 'until' : null,
    itemFields: [],
    verbatim: [],
    checkInput: () => [],
  }
}

const problems = (steps: Step[], edges: Edge[]): Problem[] => validateZap({ ...blankZap('test'), steps, edges }, lookup)

const step = (id: string, uses = 'do', input: Step['input'] = {}): Step => ({ id, uses, input })

/** `a > b` for the port main, `a each> b` for another one. */
function wire(...wires: string[]): Edge[] {
  return wires.map((text) => {
    const [, from = '', port = '', to = ''] = /^(\w+) (\w*)> (\w+)$/.exec(text) ?? []
    return port === '' ? { from, to } : { from, to, port }
  })
}

/** A loop with two steps in its body, one of them a loop again, and a step behind it. */
const steps = [step('hook', 'hook'), step('outer', 'each'), step('a'), step('inner', 'each'), step('b'), step('c')]
const edges = wire('hook > outer', 'outer each> a', 'a > inner', 'inner each> b', 'outer done> c')

describe('connections of loops', () => {
  it('are sound when bodies nest, and everything else hangs on "done"', () => {
    const more = wire('inner done> d', 'hook > c', 'a > d')
    expect(problems([...steps, step('d')], [...edges, ...more])).toEqual([])
  })

  it.each<[string, string, RegExp]>([
    ['a > c', 'c', /leads out of the loop "outer": "a" runs .* "c" runs outside .* "done" of "outer" instead\.$/],
    ['b > c', 'c', /leads out of the loop "outer": "b"/],
    ['outer each> c', 'c', /leads out of the loop "outer": what hangs on its port "each".*"c"/],
    ['hook > a', 'a', /leads into the loop "outer": "a" .* "hook" runs outside .* "hook" to "outer" itself/],
    ['hook > b', 'b', /leads into the loop "outer": "b"/],
    ['a > b', 'b', /leads into the loop "inner": "b" .* Connect "a" to "inner" itself/],
    ['outer done> b', 'b', /leads from the loop "outer" into its own rounds; let it leave the port "each"/],
  ])('%s is refused, and both steps are named', (wrong, at, message) => {
    const found = problems(steps, [...edges, ...wire(wrong)])
    expect(found).toEqual([
      { severity: 'structure', code: 'crosses-loop', step: at, field: 'edges.5.to', message: expect.any(String) },
    ])
    expect(found[0]?.message).toMatch(message)
  })

  it('leads out of one loop into another', () => {
    const two = [step('hook', 'hook'), step('l1', 'each'), step('a'), step('l2', 'each'), step('b')]
    const wires = wire('hook > l1', 'l1 each> a', 'l1 done> l2', 'l2 each> b', 'a > b')
    expect(problems(two, wires).map(({ message }) => message)).toEqual([
      'The connection a → b leads out of the loop "l1": "a" runs in each of its rounds, and "b" runs outside of them. Connect "b" to the port "done" of "l1" instead.',
    ])
  })

  it('need something to run', () => {
    expect(problems([step('hook', 'hook'), step('l', 'each')], wire('hook > l'))).toMatchObject([
      { severity: 'field', code: 'empty-loop', step: 'l', field: null },
    ])
  })

  it('are not looked at where a circle hides what lies where', () => {
    const found = problems(
      [step('hook', 'hook'), step('l', 'each'), step('a', 'do', { x: '{{ item }}' }), step('b')],
      wire('hook > l', 'l each> a', 'a > b', 'b > a', 'hook > b'),
    )
    expect(found.map(({ code }) => code)).toEqual(['cycle'])
  })
})

describe('templates around loops', () => {
  /** What is said of `text` in the field `x` (or another) of a step of the nested loops above. */
  function reading(at: string, text: string, field = 'x', uses?: string): string[] {
    const changed = steps.map((old) =>
      old.id === at ? { ...old, uses: uses ?? old.uses, input: { [field]: text } } : old,
    )
    return problems(changed, edges).map(({ message }) => message.replace(/^.*? reads /, 'reads '))
  }

  it.each<[string, string]>([
    ['a', '{{ item }} {{ index }} {{ hook.x }}'],
    ['inner', '{{ item }} {{ a.x }} {{ hook.x }}'],
    ['b', '{{ item }} {{ a.x }} {{ hook.x }}'],
    ['c', '{{ outer.results }} {{ hook.x }} {{ now }}'],
  ])('"%s" may read %s', (at, text) => {
    expect(reading(at, text)).toEqual([])
  })

  it.each<[string, string, RegExp]>([
    ['c', '{{ a.x }}', /^reads "a", which does not run before it/],
    ['c', '{{ item }}', /^reads "item", which exists only behind the port "each" of a loop/],
    ['outer', '{{ index }}', /^reads "index", which exists only behind/],
    ['outer', '{{ a.x }}', /^reads "a", which runs only after that, in the rounds of this loop/],
    ['inner', '{{ b.x }}', /^reads "b", which runs only after that/],
    ['a', '{{ outer.results }}', /^reads "outer", which has no output before all of its rounds are over; read "item"/],
    ['b', '{{ outer.results }}', /^reads "outer", which has no output/],
    ['a', '{{ c.x }}', /^reads "c", which does not run before it/],
    ['b', '{{ b.x }}', /^reads "b", which is its own output/],
  ])('"%s" may not read %s', (at, text, message) => {
    expect(reading(at, text)).toEqual([expect.stringMatching(message)])
  })

  it('behind a loop, point to what the loop gives', () => {
    const crossing = [...edges, ...wire('b > c')] // so that b does run before c
    const told = (uses: string) =>
      problems(
        steps.map((old) =>
          old.id === 'c' ? step('c', 'do', { x: '{{ b.x }}' }) : old.id === 'outer' ? step('outer', uses) : old,
        ),
        crossing,
      ).map(({ message }) => message)
    expect(told('each')[1]).toMatch(
      /reads "b", which runs in each round of the loop "outer"; .* \{\{ outer\.results \}\}/,
    )
    expect(told('until')[1]).toMatch(/\{\{ outer\.last \}\}/)
  })

  it('of a condition after each round read the body, and nothing else of the loop does', () => {
    expect(
      reading('outer', '{{ a.x }} {{ inner.results }} {{ item }} {{ index }} {{ hook.x }}', 'until', 'until'),
    ).toEqual([])
    expect(reading('outer', '{{ a.x }}', 'pause', 'until')).toEqual([expect.stringMatching(/only after that/)])
    expect(reading('outer', '{{ item }}', 'pause', 'until')).toEqual([expect.stringMatching(/only behind the port/)])
    expect(reading('outer', '{{ b.x }}', 'until', 'until')).toEqual([
      'reads "b", which runs in each round of the loop "inner"; read what they gave as {{ inner.results }} instead.',
    ])
    expect(reading('outer', '{{ c.x }}', 'until', 'until')).toEqual([expect.stringMatching(/does not run before it/)])
    expect(reading('outer', '{{ outer.last }}', 'until', 'until')).toEqual([expect.stringMatching(/its own output/)])
  })

  it('are unfinished, not wrong, in a step that is not connected yet', () => {
    const found = problems([step('hook', 'hook'), step('a', 'do', { x: '{{ item.id }}' })], [])
    expect(found.map(({ code, severity }) => [code, severity])).toEqual([
      ['unreachable-step', 'field'],
      ['template-root', 'field'],
    ])
  })
})

/** A zap in the making: choices out of a list of numbers, used up from front to back. */
type Made = {
  readonly id: string
  readonly uses: string
  readonly body: string | null
  readonly readable: ReadonlySet<string>
}

/** A sound zap with loops nested to any depth: its steps in an order in which every edge leads forward. */
function makeZap(choices: readonly number[]): { made: Made[]; steps: Step[]; edges: Edge[] } {
  let at = 0
  const choose = (below: number): number => (choices[at++ % choices.length] ?? 0) % below
  const made: Made[] = [{ id: 'hook', uses: 'hook', body: null, readable: new Set() }]
  const edges: Edge[] = []
  const steps: Step[] = [step('hook', 'hook')]

  /** Adds the steps of one body: `first` is what the first of them hangs on. */
  function fill(body: string | null, first: Edge, seen: ReadonlySet<string>, depth: number): void {
    const here: Made[] = []
    const count = 1 + choose(4)
    for (let n = 0; n < count && (n === 0 || made.length < 60); n++) {
      const uses = depth < 6 && made.length < 55 && choose(3) === 0 ? (choose(2) === 0 ? 'each' : 'until') : 'do'
      const id = `s${made.length}`
      const before = here.filter((_, k) => k === here.length - 1 || choose(3) === 0)
      const readable = new Set([...seen, ...before.flatMap((source) => [source.id, ...source.readable])])
      if (before.length === 0 || choose(4) === 0) edges.push({ ...first, to: id })
      for (const source of before) edges.push({ from: source.id, to: id, port: source.uses === 'do' ? 'main' : 'done' })
      const roots = [...readable].filter(() => choose(2) === 0)
      if (body !== null) roots.push('item')
      const entry = step(id, uses, { x: roots.map((root) => `{{ ${root} }}`) })
      steps.push(entry)
      const own: Made = { id, uses, body, readable }
      here.push(own)
      made.push(own)
      if (uses === 'do') continue
      const from = made.length
      fill(id, { from: id, to: '', port: 'each' }, readable, depth + 1)
      const direct = made.slice(from).filter((inner) => inner.body === id)
      if (uses === 'until')
        entry.input = { ...entry.input, until: direct.map((inner) => `{{ ${inner.id} }} {{ index }}`) }
    }
  }
  fill(null, { from: 'hook', to: '' }, new Set(['hook']), 0)
  return { made, steps, edges }
}

describe('zaps with nested loops', () => {
  const choices = fc.array(fc.nat({ max: 1_000 }), { minLength: 5, maxLength: 400 })

  it('have no problems when they are sound', () => {
    fc.assert(
      fc.property(choices, (choices) => {
        const { steps, edges } = makeZap(choices)
        expect(problems(steps, edges)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('have exactly one for one connection that crosses a loop', () => {
    fc.assert(
      fc.property(choices, fc.nat(), (choices, pick) => {
        const { made, steps, edges } = makeZap(choices)
        const wrong = made.flatMap((from, n) =>
          made.slice(n + 1).flatMap((to) => (to.body === from.body ? [] : [{ from, to }])),
        )
        fc.pre(wrong.length > 0)
        const { from, to } = wrong[pick % wrong.length] ?? {}
        if (from === undefined || to === undefined) throw new Error('there is one')
        const isLoop = from.uses === 'each' || from.uses === 'until'
        const edge = { from: from.id, to: to.id, port: isLoop ? 'done' : 'main' }
        const found = problems(steps, [...edges, edge])
        expect(found).toMatchObject([{ code: 'crosses-loop', step: to.id, field: `edges.${edges.length}.to` }])
        expect(found[0]?.message).toContain(`${from.id} → ${to.id}`)
      }),
      { numRuns: 300 },
    )
  })

  it('are checked in a moment, however many loops there are and however deep', () => {
    const nested = Array.from({ length: 4_999 }, (_, n) =>
      step(`s${n}`, 'each', { x: n === 0 ? '' : `{{ hook.x }} {{ item }}` }),
    )
    const flat = Array.from({ length: 4_999 }, (_, n) => step(`s${n}`, n % 2 === 0 ? 'each' : 'do'))
    const cases: [Step[], Edge[]][] = [
      [
        [...nested, step('end')],
        nested.map(({ id }, n) => ({ from: id, to: n === 4_998 ? 'end' : `s${n + 1}`, port: 'each' })),
      ],
      [
        [...flat, step('end')],
        flat.map((_, n) => {
          const to = n === 4_998 ? 'end' : `s${n + 1}`
          return n % 2 === 0 ? { from: `s${n}`, to, port: 'each' } : { from: `s${n - 1}`, to, port: 'done' }
        }),
      ],
    ]
    for (const [steps, edges] of cases) {
      const started = performance.now()
      expect(problems([step('hook', 'hook'), ...steps], [{ from: 'hook', to: 's0' }, ...edges])).toEqual([])
      expect(performance.now() - started).toBeLessThan(10_000)
    }
  })
})
