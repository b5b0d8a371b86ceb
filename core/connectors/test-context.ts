import { withJsonTemplates } from '../domain/templates/json-template.ts'
import { renderValue, type TemplateScope } from '../domain/templates/template.ts'
import { manualClock } from '../domain/time/clock.ts'
import { type Json, jsonSchema } from '../domain/values/json.ts'
import type {
  ActionContext,
  ActionOutcome,
  ActionResult,
  FileAccess,
  LargeValues,
  StepStore,
} from './action-context.ts'
import { renderedPart } from './check-input.ts'
import { type CredentialType, signInOf } from './credential.ts'
import { builtInCredentialTypes } from './credential-types.ts'
import type { Action } from './define.ts'
import { heavyTasks } from './heavy-tasks.ts'
import type { HeavyWork } from './heavy-work.ts'
import { inTurns } from './kit/in-turns.ts'
import { httpOver } from './kit/signed-in.ts'
import { jsonTextsOf, manifestOf } from './manifest.ts'

/** Runs an action as the engine does: input rendered, parsed, and output checked. What is not given refuses to be used. */
export async function runAction(
  action: Action,
  input: Record<string, Json>,
  world: Partial<ActionContext<unknown>> & { scope?: TemplateScope } = {},
  types: readonly CredentialType[] = builtInCredentialTypes,
): Promise<ActionResult<Json>> {
  const result = await callAction(action, input, world, types)
  if ('wait' in result) throw new Error(`the action waits for ${result.wait.for}`)
  return result
}

/** As {@link runAction}, for actions that may wait. */
export async function callAction(
  action: Action,
  input: Record<string, Json>,
  world: Partial<ActionContext<unknown>> & { scope?: TemplateScope } = {},
  types: readonly CredentialType[] = builtInCredentialTypes,
): Promise<ActionOutcome<Json>> {
  const { scope = {}, ...given } = world
  const ready =
    action.templates === 'own'
      ? input
      : rendered(action, withJsonTemplates(input, jsonTextsOf(manifestOf(action))(input)), scope)
  const signal = given.signal ?? new AbortController().signal
  const fetch = given.fetch ?? unavailable
  const open = given.credential ?? unavailable
  const result = await action.run({
    written: input,
    idempotencyKey: 'run_1:step',
    eventKey: 'evt_1:step',
    taken: {},
    waited: null,
    store: memoryStore(),
    memory: { read: unavailable, change: unavailable },
    tables: { find: unavailable, write: unavailable, update: unavailable, remove: unavailable },
    large: NO_LARGE,
    heavy: heavyHere,
    zaps: { start: unavailable, result: unavailable },
    signal,
    clock: manualClock(Date.parse('2026-11-24T09:00:00Z')),
    fetch,
    http: httpOver({
      fetch,
      signal,
      async signIn(ref) {
        const credential = await open(ref)
        const type = types.find(({ id }) => id === credential.type)
        return signInOf(type, credential, ref.$credential)
      },
    }),
    connect: unavailable,
    files: NO_FILES,
    credential: open,
    noteCredential: async () => undefined,
    program: unavailable,
    sandbox: unavailable,
    notify: unavailable,
    desktop: { copy: unavailable, open: unavailable },
    answerSender: () => false,
    render: (value, { item, ...options } = {}) => renderValue(value, { ...scope, ...item }, options),
    compute: (work) => inTurns(work(), signal),
    ...given,
    input: action.input.parse(ready),
  })
  if ('wait' in result) return result
  return { ...result, output: jsonSchema.parse(action.output.parse(result.output)) }
}

/** An input with its templates rendered, but for those of the fields that the action renders for each item. */
function rendered(action: Action, input: Record<string, Json>, scope: TemplateScope): Json {
  return { ...input, ...Object(renderValue(renderedPart(action, input), scope)) }
}

/** A store as the engine's, without its clock: nothing in it expires. */
export function memoryStore(): StepStore {
  const entries = new Map<string, Json>()
  return {
    update: async (key, change) => {
      const { value, result } = change(entries.get(key))
      entries.set(key, value)
      return result
    },
  }
}

const unavailable = () => Promise.reject(new Error('this test gives the action no such thing'))

/** No way to any file. */
export const NO_FILES: FileAccess = {
  append: unavailable,
  open: unavailable,
  write: unavailable,
  copy: unavailable,
  move: unavailable,
  remove: unavailable,
  list: unavailable,
  info: unavailable,
  makeFolder: unavailable,
}

/** No place for large values. */
export const NO_LARGE: LargeValues = {
  keep: unavailable,
  read: unavailable,
  readJson: unavailable,
  stream: () => {
    throw new Error('this test gives the action no such thing')
  },
}

/** Heavy work as the thread does it, without a thread. */
const heavyHere: HeavyWork = async function* (name, content, options) {
  const task = await heavyTasks[name]()
  yield* task(content, options)
}
