import type { z } from 'zod'
import type { Json } from '../domain/values/json.ts'
import type { Compute } from './action-context.ts'
import { type Action, type ActionBase, defineAction } from './define.ts'
import { plainLists } from './kit/rows.ts'

type Computation<Input extends z.ZodObject, Output extends z.ZodType<Json>> = Omit<
  ActionBase<Input, Output>,
  'effect' | 'takesLarge' | 'computes' | 'run'
> & { compute: Compute<z.output<Input>, z.output<Output>> }

/**
 * Declares an action that computes, such as one that sorts a list. A small input is worked on at once; a larger one in turns with everything
 * else; one with long texts, with very many members in one place or with references to large values, which are not even read where everything else waits, by a thread, in which
 * `compute` sees them whole.
 * Parts of the output that are too large for a run become references too, so both schemas take {@link LargeValue}s in place of lists and texts
 * (`kit/rows.ts`).
 */
export function defineComputation<Input extends z.ZodObject, Output extends z.ZodType<Json>>(
  computation: Computation<Input, Output>,
): Action {
  const { compute, ...rest } = computation
  return defineAction<Input, Output>({
    ...rest,
    effect: 'none',
    takesLarge: true,
    computes: compute,
    // The engine checks it against the output's schema.
    run: async ({ input, render, compute: inItsPlace }) => ({
      output: (await inItsPlace(() => compute(input, { render, lists: plainLists }))) as z.output<Output>,
    }),
  })
}
