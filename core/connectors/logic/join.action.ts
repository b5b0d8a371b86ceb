import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineLogic } from '../define.ts'

/** Brings branches together again. */
export const logicJoin = defineLogic({
  id: 'logic.join',
  title: 'Join',
  description: 'Waits for several branches and combines their results.',
  keywords: ['merge branches', 'wait for all', 'converge', 'combine branches', 'sync', 'gather'],
  icon: 'merge',
  category: 'logic',
  summary: '{mode} of the branches',
  // When it runs is decided before anything is rendered, so its input is read as it is written.
  templates: 'own',
  effect: 'none',
  input: z.strictObject({
    mode: z
      .enum(['all', 'any'])
      .default('all')
      .meta({
        title: 'Go on',
        description: 'A branch that a filter or path has left out is not waited for.',
        ui: { labels: { all: 'When every branch is through', any: 'With the first branch; later ones end here' } },
      }),
  }),
  output: z.record(z.string(), jsonSchema),
  sample: { request: { status: 200 }, fields: { name: 'value' } },
  joins: ({ mode }) => mode,
  async run({ input: { mode }, taken }) {
    const branches = Object.entries(taken)
    return { output: Object.fromEntries(mode === 'any' ? branches.slice(0, 1) : branches) }
  },
})
