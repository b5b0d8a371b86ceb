import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { conditionGroupSchema } from '../../domain/templates/condition.ts'
import { durationSchema, parseDuration } from '../../domain/time/duration.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { DONE_PORT, EACH_PORT } from '../../domain/zap/zap-file.ts'
import { defineLogic } from '../define.ts'
import { testConditions } from '../kit/condition-rows.ts'
import { numberField } from '../kit/from-text.ts'
import { unfinishedConditions } from '../kit/unfinished.ts'

/** Runs its body again and again until its conditions hold. */
export const logicRepeatUntil = defineLogic({
  id: 'logic.repeat-until',
  title: 'Repeat until',
  description: 'Repeats the steps on “each” until the conditions are true.',
  keywords: ['loop', 'while', 'until', 'poll', 'retry', 'repeat'],
  icon: 'rotate-cw',
  category: 'logic',
  summary: 'up to {max} times',
  // Its conditions are rendered after each round, with what that round gave.
  templates: 'own',
  effect: 'none',
  ports: [
    { id: EACH_PORT, label: 'Each' },
    { id: DONE_PORT, label: 'Done' },
  ],
  passThrough: DONE_PORT,
  bodyField: 'until',
  input: z.strictObject({
    until: conditionGroupSchema.meta({
      title: 'Until',
      description: 'Looked at after each round. It may read the results of the steps on “each”.',
      ui: { widget: 'condition-group' },
    }),
    max: numberField(z.int().min(1).max(1_000)).prefault(10).meta({ title: 'Rounds at most' }),
    pause: durationSchema.optional().meta({
      title: 'Pause between rounds',
      description: 'Such as 30s or 5m.',
      ui: { widget: 'duration', placeholder: '30s' },
    }),
    onMax: z
      .enum(['fail', 'continue'])
      .default('fail')
      .meta({
        title: 'When the rounds are used up',
        ui: { labels: { fail: 'Fail this step', continue: 'Go on all the same' } },
      }),
  }),
  unfinished: ({ until }) => unfinishedConditions(until, ['until']),
  output: z.object({
    rounds: z.int(),
    /** Whether the conditions held in the end. */
    met: z.boolean(),
    /** What the last step of the body gave in the last round. */
    last: jsonSchema,
  }),
  sample: { rounds: 3, met: true, last: { status: 200 } },
  loop: {
    plan: ({ max, pause }) => ({
      rounds: max,
      parallel: 1,
      onError: 'stop',
      pauseMs: pause === undefined ? 0 : (parseDuration(pause) ?? 0),
    }),
    isLast: ({ until }, render) => testConditions(until, render).holds,
    collect({ max, onMax }, { results, isDone }) {
      if (!isDone && onMax === 'fail') {
        const message = `The conditions did not hold in any of ${max} rounds. Allow more rounds, or let it go on all the same.`
        throw new StepError({ code: 'until-not-met', message, retryable: false })
      }
      return { rounds: results.length, met: isDone, last: results.at(-1) ?? null }
    },
  },
  run: () => Promise.reject(new Error('a loop has no work of its own')),
})
