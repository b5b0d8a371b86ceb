import { InvalidArgumentError } from 'commander'
import { shownRunStateSchema } from '../../core/contract/values.ts'

export const STATES = shownRunStateSchema.options
export type RunState = (typeof STATES)[number]

/** Reads what `--status` was given. */
export function readState(text: string): RunState {
  const parsed = shownRunStateSchema.safeParse(text)
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${STATES.join(', ')}.`)
  return parsed.data
}
