import { FAILPOINTS, type Failpoint, noFailpoint, UPKEEP_FAILPOINTS } from '../core/app.ts'

/**
 * Reads `HOOKLINE_FAILPOINT`, such as `after-commit` or `during-step:3`: the process kills itself, as `kill -9` would, when it
 * comes to that point for the first (or third) time. With `:hang` behind that, as in `during-step:1:hang`, it goes round in a circle there
 * instead. For crash tests only.
 */
export function failpointOf(text: string | undefined): Failpoint {
  if (text === undefined || text === '') return noFailpoint
  const [name, count = '1', what = 'kill'] = text.split(':')
  const known = [...FAILPOINTS, ...UPKEEP_FAILPOINTS]
  if (!known.some((point) => point === name)) {
    throw new Error(`HOOKLINE_FAILPOINT is "${text}": it must begin with one of ${known.join(', ')}.`)
  }
  let left = Number(count)
  return (reached) => {
    if (reached !== name) return
    left--
    if (left !== 0) return
    if (what === 'kill') process.kill(process.pid, 'SIGKILL')
    // Nothing else has a turn from now on.
    for (;;);
  }
}
