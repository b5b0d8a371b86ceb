import { z } from 'zod'
import { conditionGroupSchema } from '../../domain/templates/condition.ts'
import { isJsonList, isJsonObject, type Json } from '../../domain/values/json.ts'
import { ERROR_PORT, MAIN_PORT } from '../../domain/zap/zap-file.ts'
import { defineLogic } from '../define.ts'
import { testConditions, untestedConditions } from '../kit/condition-rows.ts'
import { unfinishedConditions } from '../kit/unfinished.ts'

const ELSE_PORT = 'else'

/** Ports that a path cannot be called, as they mean something already. */
const TAKEN_PORTS = [ELSE_PORT, ERROR_PORT, MAIN_PORT]

const pathSchema = z.strictObject({
  id: z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
      'must begin with a letter and hold only letters, digits, "-" and "_" (64 at most)',
    )
    .refine((id) => !TAKEN_PORTS.includes(id), { error: `must not be one of ${TAKEN_PORTS.join(', ')}` }),
  name: z.string().max(200).optional(),
  when: conditionGroupSchema,
})

/** Sends a run on along one of several paths, or all whose conditions hold. */
export const logicPaths = defineLogic({
  id: 'logic.paths',
  title: 'Paths',
  description: 'Continues on the path whose conditions are true.',
  keywords: ['if', 'if else', 'switch', 'branch', 'router', 'route', 'case', 'paths', 'otherwise'],
  icon: 'split',
  category: 'logic',
  summary: '{mode} that fits',
  // As in a filter: a missing path is an answer for "exists", and what is never looked at need not be there.
  templates: 'own',
  effect: 'none',
  ports: [{ id: ELSE_PORT, label: 'Else' }],
  portsFrom: 'paths',
  passThrough: ELSE_PORT,
  input: z.strictObject({
    paths: z
      .array(pathSchema)
      .min(1, { error: 'needs at least one path' })
      .max(50)
      .superRefine((paths, check) => {
        const known = new Set<string>()
        for (const [index, { id }] of paths.entries()) {
          if (known.has(id)) {
            const message = `is "${id}", as that of an earlier path; give it another one`
            check.addIssue({ code: 'custom', path: [index, 'id'], message })
          }
          known.add(id)
        }
      })
      .meta({
        title: 'Paths',
        description: 'Looked at from top to bottom. When none fits, the run goes on along “else”.',
        ui: { widget: 'paths' },
      }),
    mode: z
      .enum(['first', 'all'])
      .default('first')
      .meta({
        title: 'Go along',
        ui: { labels: { first: 'The first path that fits', all: 'Every path that fits' } },
      }),
  }),
  unfinished: ({ paths }) =>
    paths === undefined || !isJsonList(paths)
      ? []
      : paths.flatMap((path, at) => (isJsonObject(path) ? unfinishedConditions(path.when, ['paths', at, 'when']) : [])),
  output: z.object({ taken: z.array(z.string()) }),
  sample: { taken: ['large'] },
  async run({ input: { paths, mode }, render }) {
    const taken: string[] = []
    const shown = paths.map(({ id, when }): Json => {
      if (mode === 'first' && taken.length > 0) return { id, when: untestedConditions(when) }
      const tested = testConditions(when, render)
      if (tested.holds) taken.push(id)
      return { id, when: tested.shown }
    })
    const ports = taken.length === 0 ? [ELSE_PORT] : taken
    return { output: { taken: ports }, ports, shownInput: { paths: shown, mode } }
  },
})
