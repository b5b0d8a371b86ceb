import { z } from 'zod'
import type { ActionContext, EndRun, GuardedFetch, Wait, Waited, ZapCalls } from '../../connectors/action-context.ts'
import { parseInput, renderedPart, shownPart } from '../../connectors/check-input.ts'
import type { Action, Effect } from '../../connectors/define.ts'
import { GOODBYE_MS, httpOver } from '../../connectors/kit/signed-in.ts'
import type { Notice } from '../../domain/host/adapters.ts'
import type { SandboxJob } from '../../domain/runs/sandbox.ts'
import { StepError, type StepErrorDetails } from '../../domain/runs/step-error.ts'
import { type RenderOptions, renderValue, type TemplateScope } from '../../domain/templates/template.ts'
import { withDeadline } from '../../domain/time/deadline.ts'
import { hostZone } from '../../domain/time/zone.ts'
import { isJsonObject, type Json, jsonSchema, MAX_JSON_DEPTH } from '../../domain/values/json.ts'
import type { CompiledZap } from '../../domain/zap/graph.ts'
import { MAIN_PORT, type Step } from '../../domain/zap/zap-file.ts'
import type { FileRecorder } from '../../files/file-recorder.ts'
import { compute } from '../computations.ts'
import { itemRenderer } from '../item-renderer.ts'
import { createStepPermits, signInBy } from '../step-permits.ts'
import { type StepSecrets, secretsFor } from '../step-secrets.ts'
import type { StepRef, StepServices } from '../step-services.ts'

/** A step's input, ready for its action, and what a repeat of the action would do with it. */
export type PreparedStep = {
  readonly input: Record<string, unknown>
  readonly shown: Json
  readonly effect: Effect
  readonly whenCutOff: 'ask' | 'fail'
}

/** How an attempt that did not throw ended: with a result, or with something to wait for. */
export type StepSuccess = { readonly shown: Json } & (
  | { readonly output: Json; readonly ports: readonly string[]; readonly endRun: EndRun | undefined }
  | { readonly wait: Wait }
)

/** The code of an attempt that took longer than it may: what it was doing may be done, half done or still under way. */
export const TIMEOUT = 'timeout'

/** Milliseconds that an attempt may take when neither step nor action says anything. */
const DEFAULT_TIMEOUT_MS = 60_000

/**
 * Renders and checks a step's input.
 *
 * @throws StepError `template` for a missing path, `bad-input` for a value that the connector does not take.
 */
export function prepareStep(action: Action, step: Step, scope: TemplateScope): PreparedStep {
  return checkInput(action, step, renderInput(action, step, scope, undefined))
}

/** Renders a step's input, as far as its action does not do so itself. `rendered` are templates that were rendered elsewhere. */
export function renderInput(
  action: Action,
  step: Step,
  scope: TemplateScope,
  rendered: RenderOptions['rendered'],
): Json {
  if (action.templates === 'own') return step.input
  const part = renderedPart(action, step.input)
  const input = renderValue(part, scope, { rendered }) ?? {}
  return part === step.input || !isJsonObject(input) ? input : { ...step.input, ...input }
}

/** Checks a rendered input. Throws a {@link StepError} `bad-input` for a value that the connector does not take. */
export function checkInput(action: Action, step: Step, rendered: Json): PreparedStep {
  const input = parseInput(action, step, rendered)
  const effect = typeof action.effect === 'function' ? action.effect(input) : action.effect
  return { input, shown: shownPart(action, rendered), effect, whenCutOff: action.whenCutOff?.(input) ?? 'ask' }
}

/**
 * Runs an action once. Ends at the step's time limit or when `signal` aborts, also when the action does not listen.
 *
 * @throws StepError or what the action threw; `timeout` when it took too long, the signal's reason when it was aborted.
 */
export async function attemptStep(
  action: Action,
  step: Step,
  prepared: PreparedStep,
  context: {
    scope: TemplateScope
    /** Those of the scope's values that hold references to large ones. */
    large: ReadonlySet<string>
    idempotencyKey: string
    eventKey: string
    signal: AbortSignal
    taken: Readonly<Record<string, Json>>
    waited: Waited | null
    at: StepRef
    rendered: RenderOptions['rendered']
    /** What the world must not hear anything before, where that is not over. Rejects when it must not hear anything at all. */
    mayCall: Promise<unknown> | undefined
    zap: CompiledZap
    secrets: StepSecrets
    zaps: ZapCalls
    /** Who is told what the step does to files. */
    recorder(): FileRecorder
  },
  services: StepServices,
): Promise<StepSuccess> {
  const timeoutMs = step.settings?.timeoutMs ?? action.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const permits = createStepPermits(
    services.catalogue,
    { zapId: context.at.zapId, zap: context.zap, step },
    services.permissionsOf(context.at.zapId),
  )
  let guard = permits.fetchGuard(context.secrets)
  const signing = signInBy(services, permits)
  const again: typeof signing.again = async (ref) => {
    const renewed = await signing.again(ref)
    if (renewed === null) return null
    // It has another secret to hide.
    const { known } = await services.secretsOf(context.zap)
    guard = permits.fetchGuard(secretsFor([...context.secrets.known, ...known]))
    return renewed
  }
  const fetch: GuardedFetch = async (request) => {
    if (context.mayCall !== undefined) await context.mayCall
    const response = await services.fetch(request, guard)
    // What the action makes of an answer is this run's work again.
    services.mark('run', context.at.runId)
    return response
  }
  const deadline = { clock: services.clock, signal: context.signal, timeoutMs, late: () => timedOut(step, timeoutMs) }
  const result = await withDeadline(deadline, (signal) =>
    action.run({
      input: prepared.input,
      written: step.input,
      idempotencyKey: context.idempotencyKey,
      eventKey: context.eventKey,
      signal,
      taken: context.taken,
      waited: context.waited,
      store: services.storeOf(context.at),
      memory: services.memoryOf(context.at.zapId, context.idempotencyKey),
      tables: permits.tables(services.tablesOf(context.at, context.idempotencyKey)),
      large: services.large,
      heavy: (name, content, options) => services.heavy.run(name, content, options, signal),
      zaps: permits.zaps(context.zaps),
      clock: services.clock,
      fetch,
      http: httpOver({ fetch, signal, signIn: signing.signIn, again }),
      async connect(to, use) {
        if (context.mayCall !== undefined) await context.mayCall
        return services.connect(to, use === 'goodbye' ? AbortSignal.timeout(GOODBYE_MS) : signal, guard)
      },
      get files() {
        return permits.files(services.filesFor(context.recorder()))
      },
      credential: (ref) => permits.credential(ref.$credential, services.credential),
      noteCredential: async ({ $credential: name }, fields) =>
        services.noteCredential(name, await permits.credential(name, services.credential), fields),
      program: (call) => permits.programs(services.programs).run(call, signal),
      async sandbox(work) {
        const answer = await services.sandbox.run({ ...work, ...sandboxTerms(context.scope) }, signal)
        services.mark('run', context.at.runId)
        return answer
      },
      notify: (message) => services.notify(noticeOf(message, context)),
      desktop: permits.desktop(services.desktop),
      answerSender: (answer) => services.answerSender(context.at.runId, answer),
      render: itemRenderer(context.scope, context.rendered),
      compute: (work) =>
        compute(
          { action, step, input: prepared.shown, scope: context.scope, large: context.large, signal },
          work,
          services,
        ),
    }),
  )
  const shown = result.shownInput ?? prepared.shown
  if ('wait' in result) return { shown, wait: result.wait }
  const { output, ports = [MAIN_PORT], endRun } = result
  return { shown, output: checkOutput(action, step, output), ports, endRun }
}

/** Milliseconds that code may take, however long its step may wait for a place. */
const CODE_MS = 5_000

function sandboxTerms({ zap }: TemplateScope): Pick<SandboxJob, 'zone' | 'deadlineMs' | 'maxDepth'> {
  const zone = isJsonObject(zap) && typeof zap.timezone === 'string' ? zap.timezone : hostZone()
  return { zone, deadlineMs: CODE_MS, maxDepth: MAX_JSON_DEPTH }
}

function timedOut(step: Step, timeoutMs: number): StepError {
  return new StepError({
    code: TIMEOUT,
    message: `The step "${step.name ?? step.id}" took longer than its ${timeoutMs / 1000} s.`,
    retryable: true,
  })
}

function checkOutput(action: Action, step: Step, output: unknown): Json {
  const parsed = action.output.safeParse(output)
  const json = parsed.success ? jsonSchema.safeParse(parsed.data) : undefined
  if (json?.success) return json.data
  throw new StepError({
    code: 'bad-output',
    message: `The action ${action.id} of the step "${step.name ?? step.id}" gave something that it does not promise; please report it.`,
    retryable: false,
  })
}

/** The output that a failed step shows on its `error` port. */
export function errorOutput(error: StepErrorDetails): Json {
  return { error: { ...error.facts, code: error.code, message: error.message } }
}

/** Reads {@link errorOutput} back, as a run that is resumed finds it in its journal. */
export function errorOf(output: Json): { code: string; message: string } {
  return errorOutputSchema.parse(output).error
}

const errorOutputSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/** What a step tells a person, with the way to its run or to the question that it asks. */
function noticeOf(
  { answers, ...message }: Parameters<ActionContext<unknown>['notify']>[0],
  { at, idempotencyKey }: { readonly at: StepRef; readonly idempotencyKey: string },
): Notice {
  const { runId, stepId: step } = at
  if (answers === undefined) return { ...message, opens: `/runs/${runId}` }
  // The key is the run, the step and, inside a loop, the round.
  const scope = idempotencyKey.slice(`${runId}:${step}:`.length)
  return { ...message, opens: '/approvals', asks: { runId, step, scope, answers } }
}
