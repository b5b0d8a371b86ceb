import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testCatalogue } from './connectors/test-catalogue.ts'
import type { StepRunRow } from './db/step-runs.ts'
import type { Json } from './domain/values/json.ts'
import { validateZap } from './domain/zap/validate-zap.ts'
import { type Edge, portOf, type Step, type ZapFile } from './domain/zap/zap-file.ts'
import { busy, type Call, type Crash, type RunTrace, runWithCrashes } from './test-crash.ts'

/** A random step, before it has an id and a place. */
type Plan = {
  readonly kind: 'set' | 'filter' | 'paths' | 'post' | 'join' | 'each' | 'delay' | 'stop'
  /** Which of the steps before it, in its region, it hangs on. */
  readonly parents: readonly number[]
  readonly pick: number
  readonly onError: 'stop' | 'continue' | 'route'
  /** Failures of a `post` before it succeeds; more than its attempts are too many, and 404 is one that does not pass. */
  readonly failures: number
  readonly disabled: boolean
  readonly body: readonly Plan[]
}

const plan = (depth: number): fc.Arbitrary<Plan> =>
  fc.record({
    kind: fc.constantFrom<Plan['kind']>(
      ...(depth > 0 ? (['each', 'each'] as const) : []),
      'set',
      'filter',
      'paths',
      'post',
      'post',
      'join',
      'delay',
    ),
    parents: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
    pick: fc.nat(11),
    onError: fc.constantFrom('stop', 'continue', 'route'),
    failures: fc.constantFrom(0, 0, 0, 1, 2, 3, 99, 404),
    disabled: fc.nat(9).map((n) => n === 0),
    body: depth > 0 ? fc.array(plan(depth - 1), { minLength: 1, maxLength: 4 }) : fc.constant([]),
  })

const plans = fc.array(plan(2), { minLength: 1, maxLength: 7 })

/** Makes a valid zap of random plans. */
function zapOf(list: readonly Plan[]): ZapFile {
  const steps: Step[] = [{ id: 'go', uses: 'manual.run', input: {} }]
  const edges: Edge[] = []
  const add = (region: readonly Plan[], entry: { id: string; ports: readonly string[] }): void => {
    const known = [entry]
    for (const item of region) {
      const id = `s${steps.length}`
      const parents = [...new Set(item.parents.map((at) => known[at % known.length] ?? entry))]
      for (const [at, parent] of parents.entries()) {
        edges.push({ from: parent.id, to: id, port: parent.ports[(item.pick + at) % parent.ports.length] ?? 'main' })
      }
      const first = parents.find((parent) => parent !== entry)?.id ?? 'go'
      const { step, ports } = stepOf(id, item, first)
      steps.push(step)
      if (item.kind === 'each') add(item.body, { id, ports: ['each'] })
      known.push({ id, ports })
    }
  }
  add(list, { id: 'go', ports: ['main'] })
  return { format: 'hookline/zap@1', name: 'Random', steps, edges }
}

function stepOf(id: string, item: Plan, reads: string): { step: Step; ports: string[] } {
  const seen = `{{ ${reads} | json }}`
  const passes = item.pick % 3 > 0
  const row = (left: Json) => ({ all: [{ left, op: 'eq', right: passes ? left : 'other' }] })
  const settings = { onError: item.onError, disabled: item.disabled }
  const own = item.onError === 'route' ? ['error'] : []
  const of = (uses: string, input: Step['input'], ports: string[], more: Step['settings'] = {}) => ({
    step: { id, uses, input, settings: { ...settings, ...more } },
    ports: [...ports, ...own],
  })
  switch (item.kind) {
    case 'set':
      return of('data.set', { fields: { seen } }, ['main'])
    case 'filter':
      return of('logic.filter', row('x'), ['main'])
    case 'paths':
      return of('logic.paths', { paths: [{ id: 'p', when: row('y') }] }, ['p', 'else'])
    case 'stop':
      return of('logic.stop', { as: passes ? 'succeeded' : 'failed', message: `ended by ${id}` }, [])
    case 'join':
      return of('logic.join', { mode: 'all' }, ['main'])
    case 'delay':
      return of('logic.delay', { for: `${1 + item.pick}s` }, ['main'])
    case 'each':
      return of(
        'logic.for-each',
        {
          items: Array.from({ length: item.pick % 4 }, (_, n) => n),
          onItemError: item.pick % 2 === 0 ? 'collect' : 'stop',
          parallel: item.pick % 2 === 0 ? 1 + (item.pick % 3) : 1,
        },
        ['done'],
      )
    case 'post':
      return of(
        'http.request',
        { method: 'POST', url: `http://target/${item.failures}`, body: { id, seen } },
        ['main'],
        {
          retry: { maxAttempts: 3, baseMs: 1_000 },
        },
      )
  }
}

/** A target that fails each key as often as its address says. */
const target = ({ url }: Call, failuresSoFar: number) =>
  url.endsWith('/404') ? { status: 404, body: null } : failuresSoFar < Number(url.split('/').at(-1)) ? busy : done
const done = { status: 200, body: 'done' }

const keyOf = (row: StepRunRow): string => `${row.stepId}:${row.scope}`

/**
 * What a run came to, without its times, and without the words of errors: of two branches that fail, either may be the first. Left out
 * is what lies beside a failure that ended its round, or the run, as it may be further or less far by then.
 */
function resultOf({ rows }: RunTrace): Record<string, Json> {
  const ended = rows.filter((row) => row.state === 'failed' && row.ports === '[]').map((row) => row.scope)
  const isBeside = ({ scope }: StepRunRow): boolean => ended.some((at) => at === '' || `${scope}.`.startsWith(`${at}.`))
  const entries = rows
    .filter((row) => !isBeside(row))
    .map((row): [string, Json] => {
      const output = (row.output ?? '')
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'some time')
        .replaceAll(/(code|message)(\\*)":(\\*)".*?[^\\]\3"/g, '$1')
      return [keyOf(row), { state: row.state, ports: row.ports, output }]
    })
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Every call came after its own start and all that it hangs on was on the disk, and never after its step was done. */
function expectOrder(zap: ZapFile, { calls }: RunTrace): void {
  for (const { key, journal } of calls) {
    const [, stepId = '', scope = ''] = key.split(':')
    const doneOf = (id: string, at: string): StepRunRow | undefined =>
      journal.find((row) => row.stepId === id && row.scope === at && row.ports !== null)
    expect(doneOf(stepId, scope), `${key} was called although it was done`).toBeUndefined()
    const own = journal.find((row) => row.stepId === stepId && row.scope === scope)
    expect(own?.state, `${key} was called before its start was stored`).toBe('running')
    for (const edge of zap.edges.filter((candidate) => candidate.to === stepId)) {
      if (edge.from === 'go' || portOf(edge) === 'each') continue
      expect(doneOf(edge.from, scope), `${key} was called before ${edge.from}`).toBeDefined()
    }
  }
}

/** Steps whose failure ended the run or a round. */
const endersOf = ({ rows }: RunTrace): StepRunRow[] =>
  rows.filter((row) => row.state === 'failed' && row.ports === '[]' && !row.output?.includes('Round '))

/** Without failures, and with one step that ends the run: which of several comes first may depend on what was interrupted. */
function withOneStop(list: readonly Plan[], at: number): Plan[] {
  const calm = (item: Plan): Plan => ({ ...item, failures: Math.min(item.failures, 2), body: item.body.map(calm) })
  return list.map((item, index) =>
    index === at % list.length ? { ...calm(item), kind: 'stop', disabled: false } : calm(item),
  )
}

const crashPlan: fc.Arbitrary<Crash[]> = fc.array(
  fc.record({ write: fc.integer({ min: 1, max: 40 }), when: fc.constantFrom('before', 'after') }),
  { maxLength: 6 },
)

/** `npm run faults` tries many times as many cases as the tests do. */
const TIMES = Number(process.env.HOOKLINE_CRASH_TIMES ?? 1)
const LIMIT_MS = 120_000 * TIMES

describe('a run that is interrupted anywhere', () => {
  test('the random zaps are valid', () => {
    fc.assert(
      fc.property(plans, (list) => {
        expect(
          validateZap(zapOf(list), testCatalogue.info).filter((problem) => problem.severity === 'structure'),
        ).toEqual([])
      }),
      { numRuns: 60 * TIMES },
    )
  })

  test(
    'comes to the same result as one that is not, and calls nothing out of order or twice for one result',
    async () => {
      let crashed = 0
      let succeeded = 0
      await fc.assert(
        fc.asyncProperty(plans, crashPlan, async (list, crashes) => {
          const zap = zapOf(list)
          const calm = await runWithCrashes(zap, { n: 1 }, target)
          const rough = await runWithCrashes(zap, { n: 1 }, target, crashes)
          crashed += rough.crashes
          expect(['succeeded', 'failed']).toContain(calm.status)
          expect(rough.status).toBe(calm.status)
          expectOrder(zap, calm)
          expectOrder(zap, rough)
          expect(resultOf(rough)).toEqual(resultOf(calm))
          // Of two steps that fail side by side, either may be the first to end the run.
          if (endersOf(calm).length < 2 && endersOf(rough).length < 2) {
            expect(rough.reason).toBe(calm.reason)
            expect(rough.messages).toEqual(calm.messages)
          }
          if (calm.status === 'succeeded') succeeded++
          for (const row of rough.rows) expect(['succeeded', 'failed', 'skipped']).toContain(row.state)
        }),
        { numRuns: 24 * TIMES },
      )
      // The test tests something; how many of each there are is chance.
      expect(crashed).toBeGreaterThan(0)
      expect(succeeded).toBeGreaterThan(0)
    },
    LIMIT_MS,
  )

  test.each([
    ['a failure that does not pass is no dead letter', 404, 1, 'delivered'],
    ['a failure that was tried as often as it may be is one', 99, 2, 'dead'],
  ])('%s, wherever it is interrupted', async (_words, failures, maxAttempts, message) => {
    const post = (id: string, fails: number) => ({
      id,
      uses: 'http.request',
      input: { method: 'POST', url: `http://target/${fails}` },
      settings: { retry: { maxAttempts, baseMs: 1_000 } },
    })
    const zap: ZapFile = {
      format: 'hookline/zap@1',
      name: 'Two branches',
      steps: [
        { id: 'go', uses: 'manual.run', input: {} },
        post('a', failures),
        post('b', 0),
        { id: 'loop', uses: 'logic.for-each', input: { items: [1] } },
        post('inside', 0),
        { id: 'later', uses: 'logic.delay', input: { for: '1h' } },
      ],
      edges: [
        { from: 'go', to: 'a' },
        { from: 'go', to: 'b' },
        { from: 'b', to: 'loop' },
        { from: 'loop', to: 'inside', port: 'each' },
        { from: 'inside', to: 'later' },
      ],
    }
    const calm = await runWithCrashes(zap, {}, target)
    expect(calm.messages).toEqual([message])
    for (let write = 1; write <= 12; write++) {
      for (const when of ['before', 'after'] as const) {
        const rough = await runWithCrashes(zap, {}, target, [{ write, when }])
        expect(rough).toMatchObject({ status: 'failed', reason: calm.reason, messages: [message] })
      }
    }
  })

  test(
    'that is ended by a step stays ended: the same state, reason and message, and no call after it',
    async () => {
      let endedEarly = 0
      await fc.assert(
        fc.asyncProperty(plans, fc.nat(6), crashPlan, async (list, at, crashes) => {
          const zap = zapOf(withOneStop(list, at))
          const calm = await runWithCrashes(zap, { n: 1 }, target)
          const rough = await runWithCrashes(zap, { n: 1 }, target, crashes)
          expect(rough.status).toBe(calm.status)
          expect(rough.reason).toBe(calm.reason)
          expect(rough.messages).toEqual(calm.messages)
          expect(rough.calls.filter(({ afterEnd }) => afterEnd)).toEqual([])
          if (rough.crashes > 0 && calm.rows.some(({ endsRun }) => endsRun !== null)) endedEarly++
        }),
        { numRuns: 15 * TIMES },
      )
      expect(endedEarly).toBeGreaterThan(0)
    },
    LIMIT_MS,
  )

  test(
    'comes to the same result when it is stepped through, wherever it stops and is interrupted',
    async () => {
      let stopped = 0
      const steps = fc.uniqueArray(fc.integer({ min: 1, max: 12 }).map((n) => `s${n}`))
      const pauses = fc.constantFrom('every-step' as const, 'breakpoints' as const)
      await fc.assert(
        fc.asyncProperty(plans, crashPlan, steps, pauses, async (list, crashes, breakpoints, how) => {
          const zap = zapOf(list)
          const calm = await runWithCrashes(zap, { n: 1 }, target)
          const stepped = await runWithCrashes(zap, { n: 1 }, target, crashes, { pauses: how, breakpoints })
          stopped += stepped.stops
          expect(stepped.status).toBe(calm.status)
          expectOrder(zap, stepped)
          expect(resultOf(stepped)).toEqual(resultOf(calm))
          for (const row of stepped.rows) expect(['succeeded', 'failed', 'skipped']).toContain(row.state)
        }),
        { numRuns: 12 * TIMES },
      )
      expect(stopped).toBeGreaterThan(0)
    },
    LIMIT_MS,
  )

  test('a test that stood before a step of a round that failed goes on without it', async () => {
    const zap: ZapFile = {
      format: 'hookline/zap@1',
      name: 'Stepped',
      steps: [
        { id: 'go', uses: 'manual.run', input: {} },
        { id: 'loop', uses: 'logic.for-each', input: { items: [1] }, settings: { onError: 'continue' } },
        { id: 'post', uses: 'http.request', input: { method: 'POST', url: 'http://target/404' } },
        { id: 'inner', uses: 'logic.for-each', input: { items: [1] } },
        { id: 'set', uses: 'data.set', input: { fields: { a: 1 } } },
      ],
      edges: [
        { from: 'go', to: 'loop' },
        { from: 'loop', to: 'post', port: 'each' },
        { from: 'loop', to: 'inner', port: 'each' },
        { from: 'inner', to: 'set', port: 'each' },
      ],
    }
    const stepping = { pauses: 'breakpoints' as const, breakpoints: ['inner'] }
    const { status, rows } = await runWithCrashes(zap, {}, target, [], stepping)
    expect(status).toBe('succeeded')
    expect(rows.filter((row) => row.state === 'waiting')).toEqual([])
  })

  test(
    'a round that fails beside one that waits leaves nothing open, wherever it is interrupted',
    async () => {
      const zap: ZapFile = {
        format: 'hookline/zap@1',
        name: 'Beside',
        steps: [
          { id: 'go', uses: 'manual.run', input: {} },
          { id: 'outer', uses: 'logic.for-each', input: { items: [1] } },
          { id: 'inner', uses: 'logic.for-each', input: { items: [1, 2], parallel: 3, onItemError: 'collect' } },
          {
            id: 'post',
            uses: 'http.request',
            input: { method: 'POST', url: 'http://target/3' },
            settings: { retry: { maxAttempts: 3 } },
          },
          { id: 'wait', uses: 'logic.delay', input: { for: '2s' } },
          { id: 'later', uses: 'logic.delay', input: { for: '2s' } },
        ],
        edges: [
          { from: 'go', to: 'outer' },
          { from: 'outer', to: 'inner', port: 'each' },
          { from: 'outer', to: 'later', port: 'each' },
          { from: 'inner', to: 'post', port: 'each' },
          { from: 'inner', to: 'wait', port: 'each' },
        ],
      }
      for (let write = 1; write <= 30; write++) {
        const { status, rows } = await runWithCrashes(zap, {}, target, [{ write, when: 'before' }])
        expect(status).toBe('succeeded')
        expect(rows.filter((row) => row.state === 'waiting' || row.state === 'running')).toEqual([])
      }
    },
    LIMIT_MS,
  )

  test(
    'a join on "any" runs once, whatever is interrupted',
    async () => {
      const zap: ZapFile = {
        format: 'hookline/zap@1',
        name: 'Any',
        steps: [
          { id: 'go', uses: 'manual.run', input: {} },
          ...['a', 'b', 'c'].map((id) => ({
            id,
            uses: 'http.request',
            input: { method: 'POST', url: `http://target/${id === 'b' ? 1 : 0}`, body: id },
          })),
          { id: 'join', uses: 'logic.join', input: { mode: 'any' } },
          {
            id: 'after',
            uses: 'http.request',
            input: { method: 'POST', url: 'http://target/0', body: '{{ join | json }}' },
          },
        ],
        edges: [
          ...['a', 'b', 'c'].flatMap((id) => [
            { from: 'go', to: id },
            { from: id, to: 'join' },
          ]),
          { from: 'join', to: 'after' },
        ],
      }
      await fc.assert(
        fc.asyncProperty(crashPlan, async (crashes) => {
          const { status, rows, calls } = await runWithCrashes(zap, {}, target, crashes)
          expect(status).toBe('succeeded')
          expect(rows.filter((row) => row.stepId === 'join')).toHaveLength(1)
          const bodies = new Set(calls.filter(({ key }) => key.includes(':after')).map(({ body }) => body))
          expect(bodies.size).toBe(1)
        }),
        { numRuns: 12 * TIMES },
      )
    },
    LIMIT_MS,
  )
})
