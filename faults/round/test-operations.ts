import { zapFileSchema } from '../../core/domain/zap/zap-file.ts'
import type { ControlClient } from '../../e2e/fixtures/control-client.ts'
import type { Operation } from './operation.ts'
import { HOOKS, zapsUnderTest } from './zaps-under-test.ts'

/** One of the tests that stand before a step, counted from any number; undefined when there is none. */
async function somePausedTest(client: ControlClient, at: number) {
  const paused = await pausedTests(client)
  return paused[at % Math.max(1, paused.length)]
}

/** The tests that stand before a step, the newest first. */
export async function pausedTests(client: ControlClient) {
  const { runs } = await client.runs.list({ status: 'waiting', limit: 500 })
  return runs.filter(({ waitsFor }) => waitsFor === 'pause')
}

/** Lets a test go on with the step that it stands before; nothing when it does not stand any more. */
export async function goOn(client: ControlClient, id: string, pauses: 'every-step' | 'breakpoints'): Promise<void> {
  const { paused } = await client.runs.get({ id })
  if (paused === null) return
  const { step, scope } = paused
  await client.runs.goOn({ id, step, scope, stepping: { pauses, breakpoints: [] } })
}

/** What a person does who tests a draft and stops before its steps. */
export const TEST_OPERATIONS: readonly Operation[] = [
  {
    name: 'begin a test that stops',
    weight: 5,
    plan(random, scene) {
      const n = ++scene.count
      const { path } = random.pickWeighted(HOOKS)
      const id = scene.zapIds.get(path) ?? ''
      const { steps } = zapFileSchema.parse(zapsUnderTest(scene.targetPort)[path])
      const pauses = random.pick(['every-step', 'breakpoints'] as const)
      const breakpoints = steps.map((step) => step.id).filter(() => random.chance(0.5))
      const items = Array.from({ length: n % 4 }, (_, item) => `${n}-${item}`)
      const input = { body: { n, text: 'a test', items } }
      return ({ client }) =>
        client.zaps.run({ id, source: 'draft', trigger: 'hook', input, stepping: { pauses, breakpoints } })
    },
  },
  {
    name: 'step on',
    weight: 10,
    plan(random) {
      const at = random.between(0, 49)
      return async ({ client }) => {
        const run = await somePausedTest(client, at)
        if (run !== undefined) await goOn(client, run.id, 'every-step')
      }
    },
  },
  {
    name: 'step on twice at once',
    weight: 1,
    plan(random) {
      const at = random.between(0, 49)
      return async ({ client }) => {
        const run = await somePausedTest(client, at)
        if (run === undefined) return
        // One of the two may find that it stands there no more.
        await Promise.allSettled([goOn(client, run.id, 'every-step'), goOn(client, run.id, 'breakpoints')])
      }
    },
  },
  {
    name: 'run on',
    weight: 2,
    plan(random) {
      const at = random.between(0, 49)
      return async ({ client }) => {
        const run = await somePausedTest(client, at)
        if (run !== undefined) await goOn(client, run.id, 'breakpoints')
      }
    },
  },
  {
    name: 'stop a test',
    weight: 1,
    plan(random) {
      const at = random.between(0, 49)
      return async ({ client }) => {
        const run = await somePausedTest(client, at)
        if (run !== undefined) await client.runs.cancel({ id: run.id })
      }
    },
  },
]
