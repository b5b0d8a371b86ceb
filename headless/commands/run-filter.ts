import { type Command, InvalidArgumentError } from 'commander'
import { parseTimeBound, type RunFilter } from '../../core/contract/values.ts'
import type { HostClient } from '../control/host-client.ts'
import { CommandError } from './context.ts'
import { type RunState, readState, STATES } from './run-state.ts'

/** Options that say which runs a command is about. */
export type FilterOptions = { zap?: string; status?: RunState; since?: string; until?: string; text?: string }

/** Adds them to a command. `status` is what it takes when nothing is said. */
export function withFilterOptions(command: Command, status?: RunState): Command {
  return command
    .option('--zap <id>', 'only those of a zap, by its id or name')
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

/** The filter that the options name. Fails with a sentence for the terminal when there is no such zap. */
export async function filterOf(client: HostClient, options: FilterOptions): Promise<RunFilter> {
  const { zap, status, since, until, text } = options
  return { zapId: zap === undefined ? undefined : await zapIdOf(client, zap), status, since, until, text }
}

/** The id of the zap that is called so, also of one that was deleted and has runs yet. */
async function zapIdOf(client: HostClient, word: string): Promise<string> {
  const zaps = await client.zaps.list()
  if (zaps.some((zap) => zap.id === word)) return word
  const same = (name: string): string => name.trim().toLowerCase()
  const exact = zaps.filter((zap) => zap.name === word)
  const [found, ...others] = exact.length > 0 ? exact : zaps.filter((zap) => same(zap.name) === same(word))
  if (found !== undefined && others.length === 0) return found.id
  if (found !== undefined) {
    const ids = [found, ...others].map((zap) => zap.id).join(', ')
    throw new CommandError(`Several zaps are called "${word}" (${ids}): name the one that you mean by its id.`)
  }
  const { runs } = await client.runs.list({ zapId: word, limit: 1 })
  if (runs.length > 0) return word
  throw new CommandError(`There is no zap "${word}": see "hookline zap list".`)
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
