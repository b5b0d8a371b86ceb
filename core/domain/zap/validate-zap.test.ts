import { describe, expect, it } from 'vitest'
import type { Json } from '../values/json.ts'
import type { ConnectorInfo } from './connector-info.ts'
import { parseZapFile, validateZap } from './validate-zap.ts'
import { blankZap, type Step, type ZapFile } from './zap-file.ts'

const PORTS: Record<string, string[]> = { 'x.paths': ['a', 'b', 'else'], 'x.each': ['each', 'done'] }

function lookup(uses: string): ConnectorInfo | undefined {
  if (!uses.startsWith('x.')) return undefined
  return {
    id: uses,
    kind: uses === 'x.hook' ? 'trigger' : 'action',
    title: uses,
    ports: () => (PORTS[uses] ?? ['main']).map((id) => ({ id })),
    isLoop: uses === 'x.each',
    bodyField: null,
    itemFields: [],
    verbatim: [],
    checkInput: (input) => (input.url === '' ? [{ path: ['url'], message: 'must be filled in' }] : []),
  }
}

const step = (id: string, uses = 'x.do', more: Partial<Step> = {}): Step => ({ id, uses, input: {}, ...more })

function problems(steps: Step[], edges: ZapFile['edges'] = []) {
  return validateZap({ ...blankZap('test'), steps, edges }, lookup)
}

const hook = step('hook', 'x.hook')

describe('validateZap', () => {
  it('has nothing against a sound zap', () => {
    const steps = [
      hook,
      step('a', 'x.paths', { input: { v: '{{ hook.body }} {{ now }} {{ env.X }} {{ zap.name }} {{ run.id }}' } }),
      step('b', 'x.do', { input: { v: '{{ a.x }}' }, settings: { onError: 'route' } }),
      step('c', 'x.each'),
      step('d', 'x.do', { input: { v: '{{ item.x }} {{ index }}' } }),
      step('e', 'x.do', { input: { v: '{{ b.error.message }}' } }),
      step('f', 'x.hook', { input: { dedupeKey: '{{ f.body.id }}' } }),
    ]
    expect(
      problems(steps, [
        { from: 'hook', to: 'a' },
        { from: 'a', to: 'b', port: 'a' },
        { from: 'a', to: 'c', port: 'else' },
        { from: 'c', to: 'd', port: 'each' },
        { from: 'b', to: 'e', port: 'error' },
        { from: 'f', to: 'e' },
      ]),
    ).toEqual([])
  })

  it.each<
    [string, Step[], ZapFile['edges'], { code: string; step: string | null; field: string | null; message: RegExp }]
  >([
    [
      'an unknown connector',
      [hook, step('a', 'y.do')],
      [],
      { code: 'unknown-connector', step: 'a', field: 'uses', message: /"y\.do"/ },
    ],
    ['a duplicate id', [hook, hook], [], { code: 'duplicate-step', step: 'hook', field: 'id', message: /another id/ }],
    [
      'an edge from nowhere',
      [hook],
      [{ from: 'no', to: 'hook' }],
      { code: 'dangling-edge', step: null, field: 'edges.0.from', message: /"no"/ },
    ],
    [
      'an edge to nowhere',
      [hook],
      [{ from: 'hook', to: 'no' }],
      { code: 'dangling-edge', step: 'hook', field: 'edges.0.to', message: /"no"/ },
    ],
    [
      'an edge into a trigger',
      [hook, step('g', 'x.hook')],
      [{ from: 'hook', to: 'g' }],
      { code: 'edge-into-trigger', step: 'g', field: 'edges.0.to', message: /trigger/ },
    ],
    [
      'an unknown port',
      [hook, step('a')],
      [{ from: 'hook', to: 'a', port: 'b' }],
      { code: 'unknown-port', step: 'hook', field: 'edges.0.port', message: /"b".*"main"/ },
    ],
    [
      'an error port without its setting',
      [hook, step('a')],
      [{ from: 'hook', to: 'a', port: 'error' }],
      { code: 'unknown-port', step: 'hook', field: 'edges.0.port', message: /onError/ },
    ],
    [
      'a duplicate edge',
      [hook, step('a')],
      [
        { from: 'hook', to: 'a' },
        { from: 'hook', to: 'a', port: 'main' },
      ],
      { code: 'duplicate-edge', step: 'hook', field: 'edges.1', message: /twice/ },
    ],
    [
      'an unreachable step',
      [hook, step('a', 'x.do', { name: 'Post' })],
      [],
      { code: 'unreachable-step', step: 'a', field: null, message: /"Post" \(a\)/ },
    ],
    ['no trigger', [step('a')], [], { code: 'no-trigger', step: null, field: 'steps', message: /add a trigger/ }],
    ['an empty zap', [], [], { code: 'no-trigger', step: null, field: 'steps', message: /add a trigger/ }],
    [
      'a bad field',
      [hook, step('a', 'x.do', { input: { url: '' } })],
      [{ from: 'hook', to: 'a' }],
      { code: 'bad-input', step: 'a', field: 'input.url', message: /^"url" of the step "a" must be filled in\.$/ },
    ],
    [
      'a broken template',
      [hook, step('a', 'x.do', { input: { b: ['{{ hook'] } })],
      [{ from: 'hook', to: 'a' }],
      { code: 'template-syntax', step: 'a', field: 'input.b.0', message: /not closed/ },
    ],
    [
      'an unknown root',
      [hook, step('a', 'x.do', { input: { b: '{{ nope.x }}' } })],
      [{ from: 'hook', to: 'a' }],
      { code: 'template-root', step: 'a', field: 'input.b', message: /"nope", but no step has that id/ },
    ],
    [
      'its own output',
      [hook, step('a', 'x.do', { input: { b: '{{ a.x }}' } })],
      [{ from: 'hook', to: 'a' }],
      { code: 'template-root', step: 'a', field: 'input.b', message: /its own output/ },
    ],
    [
      'a later step',
      [hook, step('a', 'x.do', { input: { b: '{{ z.x }}' } }), step('z')],
      [
        { from: 'hook', to: 'a' },
        { from: 'a', to: 'z' },
      ],
      { code: 'template-root', step: 'a', field: 'input.b', message: /"z", which does not run before it/ },
    ],
    [
      'item outside a loop',
      [hook, step('a', 'x.do', { input: { b: '{{ item }}' } })],
      [{ from: 'hook', to: 'a' }],
      { code: 'template-root', step: 'a', field: 'input.b', message: /behind the port "each" of a loop/ },
    ],
    [
      'a trigger that reads another',
      [step('hook', 'x.hook', { input: { k: '{{ run.id }}' } })],
      [],
      { code: 'template-root', step: 'hook', field: 'input.k', message: /its own event/ },
    ],
  ])('tells of %s', (_name, steps, edges, expected) => {
    const found = problems(steps, edges).filter(({ code }) => code === expected.code)
    expect(found).toHaveLength(1)
    const { code, step, field, message } = found[0] ?? {}
    expect({ code, step, field }).toEqual({ code: expected.code, step: expected.step, field: expected.field })
    expect(message).toMatch(expected.message)
    expect(message).toMatch(/\.$/)
  })

  it('calls a template of a step that is not connected yet unfinished, not wrong', () => {
    const found = problems([hook, step('a', 'x.do', { input: { b: '{{ hook.body }}' } })])
    expect(found.map(({ code, severity }) => [code, severity])).toEqual([
      ['unreachable-step', 'field'],
      ['template-root', 'field'],
    ])
  })

  it('names the steps of every circle', () => {
    const found = problems(
      [hook, step('a'), step('b'), step('c'), step('d')],
      [
        { from: 'hook', to: 'a' },
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
        { from: 'c', to: 'c' },
        { from: 'b', to: 'd' },
      ],
    ).filter(({ code }) => code === 'cycle')
    expect(found.map(({ message }) => message).sort()).toEqual([
      'The steps a → b → a go in a circle; remove one of these connections.',
      'The steps c → c go in a circle; remove one of these connections.',
    ])
  })

  it('tells every problem of a zap that has many', () => {
    const steps = [hook, step('a', 'y.gone', { input: { b: '{{ nope }} {{ also.x }}' } }), step('a')]
    const codes = problems(steps, [
      { from: 'x', to: 'y' },
      { from: 'hook', to: 'hook' },
    ]).map(({ code }) => code)
    expect(codes.sort()).toEqual(
      [
        'cycle',
        'dangling-edge',
        'dangling-edge',
        'duplicate-step',
        'edge-into-trigger',
        'template-root',
        'template-root',
        'unknown-connector',
      ].sort(),
    )
  })

  it('checks 5,000 steps and 20,000 edges in a moment', () => {
    const steps = [
      hook,
      ...Array.from({ length: 4_999 }, (_, n) => step(`s${n}`, 'x.do', { input: { v: `{{ hook.a${n} }}` } })),
    ]
    const edges = Array.from({ length: 20_000 }, (_, n) => ({ from: n % 4_998, by: 1 + Math.floor(n / 4_998) }))
      .filter(({ from, by }) => from + by < 4_999)
      .map(({ from, by }) => ({ from: `s${from}`, to: `s${from + by}` }))
    const started = performance.now()
    expect(problems(steps, [{ from: 'hook', to: 's0' }, ...edges])).toEqual([])
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

describe('parseZapFile', () => {
  const good = { format: 'hookline/zap@1', name: 'x', steps: [{ id: 'a', uses: 'b' }], edges: [] }

  it('fills in what may be left out', () => {
    expect(parseZapFile({ format: 'hookline/zap@1', name: ' x ' })).toEqual({
      zap: { format: 'hookline/zap@1', name: 'x', steps: [], edges: [] },
    })
    expect(parseZapFile(good)).toMatchObject({ zap: { steps: [{ id: 'a', input: {} }] } })
  })

  it.each<[string, unknown, { step: string | null; field: string | null; message: RegExp }]>([
    ['no object', [], { step: null, field: null, message: /JSON object/ }],
    ['null', null, { step: null, field: null, message: /JSON object/ }],
    ['another format', { name: 'x' }, { step: null, field: 'format', message: /hookline\/zap@1/ }],
    [
      'a newer format',
      { ...good, format: 'hookline/zap@2' },
      { step: null, field: 'format', message: /update Hookline/ },
    ],
    ['no name', { ...good, name: ' ' }, { step: null, field: 'name', message: /"name" of the zap/ }],
    [
      'a bad step id',
      { ...good, steps: [{ id: '9', uses: 'b' }] },
      { step: '9', field: 'id', message: /begin with a letter/ },
    ],
    [
      'a reserved step id',
      { ...good, steps: [{ id: 'item', uses: 'b' }] },
      { step: 'item', field: 'id', message: /must not be/ },
    ],
    [
      'a missing step id',
      { ...good, steps: [{ uses: 'b' }] },
      { step: null, field: 'steps.0.id', message: /step number 1/ },
    ],
    [
      'a bad setting',
      { ...good, steps: [{ id: 'a', uses: 'b', settings: { timeoutMs: -1 } }] },
      { step: 'a', field: 'settings.timeoutMs', message: /"settings\.timeoutMs" of the step "a"/ },
    ],
    ['a strange key', { ...good, extra: 1 }, { step: null, field: null, message: /extra/ }],
    [
      'a bad edge',
      { ...good, edges: [{ from: 'a' }] },
      { step: null, field: 'edges.0.to', message: /"edges\.0\.to" of the zap/ },
    ],
  ])('refuses %s', (_name, content, expected) => {
    const result = parseZapFile(content)
    if ('zap' in result) throw new Error('was accepted')
    expect(result.problems).toHaveLength(1)
    const [problem] = result.problems
    expect(problem).toMatchObject({ severity: 'structure', step: expected.step, field: expected.field })
    expect(problem?.message).toMatch(expected.message)
  })

  it('refuses what nests too deeply before anything recursive looks at it', () => {
    let deep: Json = 1
    for (let level = 0; level < 100_000; level++) deep = [deep]
    const result = parseZapFile({ ...good, steps: [{ id: 'a', uses: 'b', input: { deep } }] })
    expect(result).toMatchObject({ problems: [{ code: 'bad-file' }] })
  })

  it('lets no member called __proto__ change an object', () => {
    const content = JSON.parse(
      '{"format":"hookline/zap@1","name":"x","steps":[{"id":"a","uses":"b","input":{"__proto__":{"sly":1}}}]}',
    )
    const result = parseZapFile(content)
    const input = 'zap' in result ? result.zap.steps[0]?.input : undefined
    expect(input && Object.getPrototypeOf(input)).toBe(Object.prototype)
    expect(input?.sly).toBeUndefined()
  })
})
