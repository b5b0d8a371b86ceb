import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { jsonParts } from '../kit/json-parts.ts'
import { sandboxResult } from '../kit/sandbox-result.ts'

/** Characters of code: a step is for a few lines, and this is several hundred times as much. */
const MAX_CODE = 500_000

const logSchema = z.object({ level: z.string(), text: z.string(), line: z.int().nullable() })

/** Runs JavaScript, shut in: it reads what it is given, and returns something. */
export const codeRun = defineAction({
  id: 'code.run',
  title: 'Code',
  description: 'Runs JavaScript of yours on values, and passes on what it returns.',
  keywords: [
    'code',
    'javascript',
    'js',
    'script',
    'function',
    'function item',
    'run javascript',
    'code by zapier',
    'custom code',
    'program',
    'transform',
    'map',
    'calculate',
  ],
  icon: 'code-xml',
  category: 'code',
  summary: '{code}',
  effect: 'none',
  takesLarge: true,
  // The braces of code are its own, and what came from outside must not become code.
  verbatim: ['code'],
  input: z.strictObject({
    input: z
      .record(z.string().min(1, { error: 'needs a name' }), jsonSchema)
      .optional()
      .meta({
        title: 'What the code gets',
        description: 'Each value by its name: input.name. The code sees nothing else.',
        ui: { widget: 'key-value' },
      }),
    code: z
      .string()
      .min(1, { error: 'needs some JavaScript, such as: return input.price * 1.19' })
      .max(MAX_CODE, { error: 'is longer than 500,000 characters' })
      .meta({
        title: 'Code',
        description:
          'JavaScript that reads input and returns a value. It runs shut in: no network, no files, 5 s at most.',
        ui: { widget: 'code', language: 'javascript', placeholder: 'return { total: input.price * input.quantity }' },
      }),
  }),
  output: z.object({ result: jsonSchema, logs: z.array(logSchema) }),
  sample: { result: { total: 42 }, logs: [] },
  async run({ input, large, sandbox, render }) {
    // In a loop the code sees where it is.
    const round = render({ item: '{{ item }}', index: '{{ index }}' }, { missing: 'undefined' })
    const names = typeof round === 'object' && round !== null ? round : {}
    const data = await jsonParts({ input: input.input ?? {}, ...names }, large)
    const answer = await sandbox({ kind: 'code', source: input.code, data })
    const { logs, droppedLogs } = answer
    const result = await sandboxResult(answer, 'code', large)
    const text = `${droppedLogs.toLocaleString('en-US')} more lines were not kept`
    return { output: { result, logs: droppedLogs === 0 ? [...logs] : [...logs, { level: 'warn', text, line: null }] } }
  },
})
