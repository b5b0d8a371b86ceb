import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonText } from '../../domain/templates/json-template.ts'
import { namedTouch } from '../../domain/trust/touches.ts'
import { isJsonObject, type Json, jsonSchema } from '../../domain/values/json.ts'
import { readJson } from '../../domain/values/lossless-json.ts'
import { defineAction } from '../define.ts'
import { switchField } from '../kit/from-text.ts'

/** Milliseconds after which a waiting caller looks by itself, in case that nobody told it of the end. */
const LOOK_AGAIN_MS = 60_000

/** Runs another zap, and passes its result on. */
export const logicCallZap = defineAction({
  id: 'logic.call-zap',
  title: 'Run a zap',
  description: 'Runs another zap, and can wait for its result.',
  keywords: [
    'sub-workflow',
    'execute workflow',
    'sub-zap',
    'call workflow',
    'run zap',
    'run shortcut',
    'scenario',
    'link call',
  ],
  icon: 'workflow',
  category: 'zap',
  summary: '{zap}',
  // The same step of the same run starts one run, however often it asks.
  effect: 'keyed',
  touches: ({ zap }) => namedTouch('zap', zap),
  takesLarge: true,
  input: z.strictObject({
    zap: z
      .string()
      .min(1, { error: 'needs a zap' })
      .meta({ title: 'Zap', description: 'Its live version is run.', ui: { widget: 'zap' } }),
    input: jsonSchema.default({}).meta({
      title: 'Input',
      description: 'What the trigger of that zap passes on.',
      ui: { widget: 'json', jsonText: true },
    }),
    wait: switchField().prefault(true).meta({
      title: 'Wait for it',
      description: 'Goes on when that run has ended, with the output of its last step.',
    }),
  }),
  output: jsonSchema,
  sample: {},
  async run({ input, waited, zaps, clock }) {
    const before = isJsonObject(waited?.data) ? waited.data.runId : undefined
    const runId = typeof before === 'string' ? before : (await zaps.start(input.zap, whatIsTyped(input.input))).runId
    if (!input.wait) return { output: { runId } }
    const result = await zaps.result(runId)
    if (result === undefined) return { wait: { for: 'run', until: clock.now() + LOOK_AGAIN_MS, data: { runId } } }
    if (result.status === 'succeeded') return { output: result.output }
    const how = result.status === 'failed' ? 'failed' : 'was cancelled'
    const reason = result.reason === null ? '' : `: ${result.reason.replace(/\.$/, '')}`
    const message = `The run ${runId} of the zap "${input.zap}" ${how}${reason}.`
    throw new StepError({ code: 'called-run-failed', message, retryable: false })
  },
})

/** JSON that was typed around templates is its value. */
function whatIsTyped(input: Json): Json {
  return typeof input === 'string' && isJsonText(input) ? readJson(input).value : input
}
