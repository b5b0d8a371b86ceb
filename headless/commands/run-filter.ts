import { type Command, InvalidArgumentError } from 'commander'
import { parseTimeBound, type RunFilter } from '../../core/contract/values.ts'
import { type RunState, readState, STATES } from './run-state.ts'

/** Options that say which runs a command is about. */
export type FilterOptions = { zap?: string; status?: RunState; since?: string; until?: string; text?: string }

/** Adds them to a command. `status` is what it takes when nothing is said. */
export function withFilterOptions(command: Command, status?: RunState): Command {
  return command
    .option('--zap <id>', 'only those of a zap')
    .option('--status <status>', `only those in a state: ${STATES.join(', ')}`, readState, status)
    .option(
      '--since <time>',
      'only those that came in then or later: 24h (back from now), 2026-11-01, 2026-11-01T14:00',
      readSince,
    )
    .option('--until <time>', 'only those that came in before then; a day counts whole', readUntil)
    .option(
      '--text <text>',
      'only those with it in what came in, what steps took and gave, errors, reason or id, in any case (values over 256 KB are not searched)',
      readText,
    )
}

/** The filter that the options name. */
export function filterOf({ zap, status, since, until, text }: FilterOptions): RunFilter {
  return { zapId: zap, status, since, until, text }
}

const readSince = (text: string): string => readTime(text, 'since')
const readUntil = (text: string): string => readTime(text, 'until')

function readTime(text: string, bound: 'since' | 'until'): string {
  const ms = parseTimeBound(text, bound, Date.now())
  if (ms === undefined) {
    throw new InvalidArgumentError(
      'It is a duration back from now (90m, 24h, 7d), a day (2026-11-01), or a day and time (2026-11-01T14:00, with Z or +05:30 when it is not of this computer’s zone).',
    )
  }
  return new Date(ms).toISOString()
}

function readText(text: string): string {
  if (text.trim() === '' || text.length > 500) throw new InvalidArgumentError('It has 1 to 500 characters.')
  return text
}
