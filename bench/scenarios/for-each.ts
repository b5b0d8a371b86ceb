import { sendOne } from '../load.ts'
import { within } from '../owned-processes.ts'
import { type Scenario, withProgram } from '../scenario.ts'
import { FOR_EACH, upTo } from '../work.ts'

/** One event whose list is gone through, with a request for each item. */
export const forEach: Scenario = {
  name: 'for-each',
  about: 'one run that calls the target for each item of a list of 10,000: items a second',
  fits: ({ kind }) => kind === 'product',
  measure: (program, size) =>
    withProgram(
      program,
      async ({ hook }, target) => {
        const time = async (items: number): Promise<number> => {
          const all = target.requests.length + items
          const startedAt = performance.now()
          await sendOne(hook, JSON.stringify(upTo(items).map((n) => ({ id: `item-${n}` }))))
          const arrived = target.until((requests) => requests.length >= all)
          await within(180_000, `${items} items of ${program.name}`, arrived)
          return performance.now() - startedAt
        }
        // An item costs a slow program less than a whole run does.
        const items = Math.round(size.items * Math.min(1, 10 * program.share))
        await time(items / 10)
        return { 'items/s': items / ((await time(items)) / 1_000) }
      },
      { work: FOR_EACH },
    ),
}
