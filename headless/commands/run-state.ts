import { InvalidArgumentError } from 'commander'
import { runStateSchema } from '../../core/contract/values.ts'

export const STATES = runStateSchema.options
export type RunState = (typeof STATES)[number]

/** Reads what `--status` was given. */
export function readState(text: string): RunState {
  const parsed = runStateSchema.safeParse(text)
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${STATES.join(', ')}.`)
  return parsed.data
}
