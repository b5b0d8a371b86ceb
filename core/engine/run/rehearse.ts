import { familyOf } from '../../connectors/manifest.ts'
import { NO_DESKTOP } from '../../domain/host/desktop.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import { templateRoots } from '../../domain/templates/template.ts'
import { hostZone } from '../../domain/time/zone.ts'
import type { Json } from '../../domain/values/json.ts'
import type { CompiledStep, CompiledZap } from '../../domain/zap/graph.ts'
import { MAIN_PORT, portOf } from '../../domain/zap/zap-file.ts'
import type { FolderRules } from '../../files/allowed-folders.ts'
import { createRehearsedFiles, type RehearsedChange, type RehearsedFiles } from '../../files/rehearsed-files.ts'
import { variablesFor } from '../step-permits.ts'
import type { StepServices } from '../step-services.ts'
import { advance, type Traits, targetsIn } from './advance.ts'
import { attemptStep, errorOutput } from './execute-step.ts'
import { beginStep, type Frame, rootFrame, settleStep } from './frame.ts'
import { actionOf, attempt, joinsAny, prepare } from './run-step.ts'

/** What would come of one event. */
export type Rehearsed = {
  /**
   * `change`: the step would do something to files. `fail`: a step would fail. `stay`: a step lets nothing through. `unknown`: it depends on what a
   * step gives that is held back, as it has an effect, or happens for each item of a loop.
   */
  readonly verdict: 'change' | 'fail' | 'stay' | 'unknown'
  /** The step that fails, that lets nothing through, or that is held back. */
  readonly step: string | null
  /** Why, as a sentence, or the end of one for `stay`. */
  readonly why: string
  readonly changes: readonly (RehearsedChange & { readonly step: string })[]
}

/** What a zap would do to files, up to a step, with everything else that has an effect held back. */
export type Rehearsal = {
  readonly zap: CompiledZap
  readonly zapId: string
  readonly trigger: string
  /** The last step that is looked at. */
  readonly target: string
  /** What steps are taken to give that are held back. */
  readonly samples: ReadonlyMap<string, Json>
}

/** Families whose steps act on files alone. */
const FILE_FAMILIES: ReadonlySet<string> = new Set(['file', 'folder'])

/** Rehearses events one after the other: what one would do is there for the next. */
export function createRehearsal(
  services: StepServices,
  rules: FolderRules,
  rehearsal: Rehearsal,
): (event: Json, signal: AbortSignal) => Promise<Rehearsed> {
  const files = createRehearsedFiles(rules)
  const held = heldBack(services, files)
  return (event, signal) => rehearse(held, files, rehearsal, event, signal)
}

/** Everything that steps may use, without what changes something. */
function heldBack(services: StepServices, files: RehearsedFiles): StepServices {
  const refused = (): Promise<never> =>
    Promise.reject(new StepError({ code: 'held-back', message: 'It is held back.', retryable: false }))
  return {
    ...services,
    filesFor: () => files,
    fetch: refused,
    programs: { ...services.programs, run: refused },
    notify: async () => [],
    desktop: NO_DESKTOP,
    answerSender: () => false,
    storeOf: () => ({ update: async (_key, change) => change(undefined).result }),
    memoryOf(zapId, by) {
      const memory = services.memoryOf(zapId, by)
      return {
        read: memory.read,
        change: async (scope, key, change) => change(await memory.read(scope, key), services.clock.now()).result,
      }
    },
  }
}

async function rehearse(
  services: StepServices,
  files: RehearsedFiles,
  { zap, zapId, trigger, target, samples }: Rehearsal,
  event: Json,
  signal: AbortSignal,
): Promise<Rehearsed> {
  const { catalogue, clock } = services
  const frame = rootFrame(zap)
  const wanted = new Set([...(zap.steps.get(target)?.upstream ?? []), target])
  const changes: (RehearsedChange & { step: string })[] = []
  const held = new Set<string>()
  const done = (verdict: Rehearsed['verdict'], step: string | null, why: string): Rehearsed => ({
    verdict,
    step,
    why,
    changes,
  })
  files.taken()
  const { name, settings } = zap.file
  frame.values.zap = { id: zapId, name, version: 0, timezone: settings?.timezone ?? hostZone() }
  frame.values.run = { id: 'run_', startedAt: new Date(clock.now()).toISOString() }
  frame.values.env = variablesFor(catalogue, services.env, { zapId, zap }, services.permissionsOf(zapId))
  for (const id of zap.triggers) {
    settleStep(frame, id, {
      ports: id === trigger ? [MAIN_PORT] : [],
      output: id === trigger ? event : null,
      hasLarge: false,
    })
  }
  const traits: Traits = {
    joinsAny: (step) => joinsAny(actionOf(catalogue, step.uses), step),
    passThrough: (step) => actionOf(catalogue, step.uses).passThrough ?? MAIN_PORT,
  }
  const queue = [...frame.steps]
  while (queue.length > 0) {
    for (const decision of advance(zap, { ...frame, loopId: undefined }, queue.splice(0), traits)) {
      const { stepId } = decision
      const compiled = zap.steps.get(stepId)
      if (compiled === undefined || !wanted.has(stepId)) continue
      signal.throwIfAborted()
      if (decision.do === 'skip') settleStep(frame, stepId, { ports: decision.ports, output: null, hasLarge: false })
      else {
        frame.started.add(stepId)
        const end = await rehearseStep(compiled, frame)
        for (const change of files.taken()) changes.push({ ...change, step: stepId })
        if (!end.ok) {
          const missing = rootsOf(compiled).find((root) => held.has(root))
          return missing === undefined
            ? done('fail', stepId, end.error.message)
            : done('unknown', missing, heldWords(missing))
        }
        settleStep(frame, stepId, { ...end.value, hasLarge: false })
        if (actsInside(stepId)) return done('unknown', stepId, loopWords(stepId))
      }
      queue.push(...targetsIn(zap, stepId, undefined))
    }
  }
  if (changes.length > 0) return done('change', null, '')
  if (frame.started.has(target)) return done('stay', target, 'does nothing to files')
  const stopper = zap.order.find((id) => frame.started.has(id) && leadsNowhere(zap, frame, id, wanted))
  return done('stay', stopper ?? trigger, 'lets nothing through')

  /** Whether a step is a loop whose body is what is asked about, or does something to files. */
  function actsInside(id: string): boolean {
    const inside = [...zap.steps.values()].filter(({ loops }) => loops.includes(id))
    return inside.some(({ step }) => step.id === target || FILE_FAMILIES.has(familyOf(step.uses)))
  }

  function loopWords(id: string): string {
    return `What would happen for each item of "${zap.steps.get(id)?.step.name ?? id}" cannot be shown beforehand. What a run does to files can be put back on its page.`
  }

  function heldWords(id: string): string {
    return `It depends on what "${zap.steps.get(id)?.step.name ?? id}" gives, which is held back as it has an effect: test that step once, so that an example is known.`
  }

  async function rehearseStep({ step }: CompiledStep, at: Frame) {
    const action = actionOf(catalogue, step.uses)
    beginStep(at, clock.now())
    const prepared = await prepare(action, step, at, services)
    if (!prepared.ok) return prepared
    const isOfFiles = FILE_FAMILIES.has(familyOf(step.uses))
    const isHarmless = prepared.value.effect === 'none' && action.actsByFetch !== true && action.loop === undefined
    const pass = { ports: [action.loop === undefined ? (action.passThrough ?? MAIN_PORT) : 'done'] }
    if (!isOfFiles && !isHarmless) {
      const sample = samples.get(step.id)
      if (sample === undefined) held.add(step.id)
      return { ok: true, value: { ...pass, output: sample ?? {} } } as const
    }
    const secrets = await services.secretsOf(zap)
    return attempt(async () => {
      const context = {
        scope: at.values,
        large: at.large,
        idempotencyKey: `rehearsal:${step.id}`,
        eventKey: `rehearsal:${step.id}`,
        signal,
        taken: {},
        waited: null,
        at: { zapId, stepId: step.id, runId: '', eventId: '', depth: 0 },
        rendered: prepared.value.rendered,
        mayCall: undefined,
        zap,
        secrets,
        zaps: {
          start: () => Promise.reject(new Error('it is held back')),
          result: async () => undefined,
        },
        recorder: () => ({ intend: () => Promise.reject(new Error('nothing is done')), made: () => undefined }),
      }
      try {
        const result = await attemptStep(action, step, prepared.value, context, services)
        // What waits is taken to go on.
        return 'wait' in result ? { ...pass, output: {} } : { ports: result.ports, output: result.output }
      } catch (error) {
        const onError = step.settings?.onError ?? 'stop'
        if (onError === 'stop') throw error
        const output = errorOutput(StepError.from(error))
        return { ports: [onError === 'route' ? 'error' : MAIN_PORT], output }
      }
    })
  }
}

/** The steps that a step's templates read. */
const rootsOf = ({ step }: CompiledStep): readonly string[] => templateRoots(step.input).flatMap(({ roots }) => roots)

/** Whether a step has taken no way to those that matter. */
function leadsNowhere(zap: CompiledZap, frame: Frame, id: string, wanted: ReadonlySet<string>): boolean {
  const ways = zap.file.edges.filter((edge) => edge.from === id && wanted.has(edge.to))
  const ports = frame.outcomes.get(id)?.ports ?? []
  return ways.length > 0 && !ways.some((edge) => ports.includes(portOf(edge)))
}
