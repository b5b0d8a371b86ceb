import { parseArgs } from 'node:util'

export type Options = {
  readonly help: boolean
  readonly quick: boolean
  readonly profile: boolean
  readonly trace: boolean
  /** Undefined means as many as the size has. */
  readonly rounds: number | undefined
  /** Of the soak; undefined means as many as the size has. */
  readonly minutes: number | undefined
  /** Names of scenarios; undefined means all. */
  readonly only: readonly string[] | undefined
  readonly peers: readonly string[]
}

const list = (text: string): string[] => text.split(',').filter((name) => name !== '')

/** Reads the command line; throws an Error that names what it does not know. */
export function readOptions(args: readonly string[], scenarios: readonly string[], peers: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      minutes: { type: 'string' },
      only: { type: 'string' },
      peers: { type: 'string' },
    },
  })
  const only = values.only === undefined ? undefined : list(values.only)
  const chosen = values.peers === undefined ? peers : list(values.peers)
  const rounds = whole('--rounds', values.rounds)
  const minutes = whole('--minutes', values.minutes)
  for (const name of only ?? []) {
    if (!scenarios.includes(name)) throw new Error(`no scenario "${name}"; there are: ${scenarios.join(', ')}`)
  }
  for (const name of chosen) {
    if (!peers.includes(name)) throw new Error(`no peer "${name}" can be measured; there are: ${peers.join(', ')}`)
  }
  return {
    help: values.help,
    quick: values.quick,
    profile: values.profile,
    trace: values.trace,
    rounds,
    minutes,
    only,
    peers: chosen,
  }
}

function whole(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const value = Number(given)
  if (!(Number.isInteger(value) && value >= 1)) throw new Error(`${option} ${given}: must be a whole number from 1`)
  return value
}
