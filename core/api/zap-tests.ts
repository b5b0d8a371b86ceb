import type { Sample } from '../contract/values.ts'
import type { Json } from '../domain/values/json.ts'
import { adoptReferences } from '../domain/values/large-value.ts'
import { compileZap } from '../domain/zap/graph.ts'
import { partUpTo } from '../domain/zap/part-of-zap.ts'
import type { Problem } from '../domain/zap/problem.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import type { GivenOutput } from '../engine/run/begin-test.ts'
import { startingTrigger } from '../outbox/called-zaps.ts'
import { beginDraftRun } from './begin-draft-run.ts'
import { requireReviewed, requireStep, requireZap } from './require.ts'
import { procedures, type ZapServices } from './services.ts'
import { samplesOf } from './zap-samples.ts'
import { problemsOf } from './zap-view.ts'

/** Tests of single steps of a draft, by the same engine that runs everything else. */
export function zapTestProcedures(services: ZapServices) {
  const { values } = services
  const { info } = services.catalogue
  const nameOf = (step: Step): string => step.name ?? info(step.uses)?.title ?? step.uses

  /** What the steps before the tested one are taken to have given: what the caller says, or what is pinned, or else the newest that is known. */
  async function givenOutputs(
    ids: Iterable<string>,
    samples: Readonly<Record<string, Sample>>,
    said: Readonly<Record<string, Json>>,
  ): Promise<Map<string, GivenOutput>> {
    const outputs = new Map<string, GivenOutput>()
    const known = Object.values(samples).map((sample) => sample.value)
    for (const id of ids) {
      const sample = samples[id]
      const value = Object.hasOwn(said, id) ? adoptReferences(said[id] ?? null, known) : sample?.value
      const from = Object.hasOwn(said, id) || sample === undefined ? 'given' : sample.from
      if (value !== undefined) outputs.set(id, { output: await values.pack(value), from })
    }
    return outputs
  }

  return {
    test: procedures.zaps.test
      .use(requireZap(services))
      .use(requireReviewed)
      .use(requireStep)
      .handler(async ({ input, errors, context: { zap, step } }) => {
        if (info(step.uses)?.kind !== 'action') {
          throw errors.CONFLICT({
            message: `"${nameOf(step)}" cannot be tested: a trigger waits for something to happen.`,
          })
        }
        const broken = (await problemsOf(services, zap.draft)).filter((problem) => problem.severity === 'structure')
        if (broken.length > 0) throw invalid(broken)
        const part = partUpTo(compileZap(zap.draft, info), step.id)
        const trigger = startingTrigger(info, part.zap)
        if (trigger === undefined) {
          throw errors.CONFLICT({ message: `Nothing leads to "${nameOf(step)}": connect it to a trigger first.` })
        }
        const problems = await problemsOf(services, part.zap)
        if (problems.length > 0) throw invalid(problems)
        const samples = await samplesOf(services, zap)
        const isPinned = (id: string): boolean => samples[id]?.from === 'pinned' && !Object.hasOwn(input.outputs, id)
        const taken = [...part.givable.keys()].filter((id) => input.runs === 'only-step' || isPinned(id))
        const given = await givenOutputs([trigger.id, ...taken], samples, input.outputs)
        const output = given.get(trigger.id)?.output ?? 'null'
        return beginDraftRun(services, { zap, part, trigger: { id: trigger.id, output }, given, stepping: null })

        function invalid(found: Problem[]) {
          const [first] = found
          return errors.INVALID_ZAP({
            message: `"${nameOf(step)}" cannot be tested yet: ${first?.message ?? ''}`,
            data: { problems: found },
          })
        }
      }),
  }
}
