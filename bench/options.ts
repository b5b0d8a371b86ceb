import { parseArgs } from 'node:util'

export type Options = {
  readonly help: boolean
  readonly quick: boolean
  readonly profile: boolean
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
      only: { type: 'string' },
      peers: { type: 'string' },
    },
  })
  const only = values.only === undefined ? undefined : list(values.only)
  const chosen = values.peers === undefined ? peers : list(values.peers)
  for (const name of only ?? []) {
    if (!scenarios.includes(name)) throw new Error(`no scenario "${name}"; there are: ${scenarios.join(', ')}`)
  }
  for (const name of chosen) {
    if (!peers.includes(name)) throw new Error(`no peer "${name}" can be measured; there are: ${peers.join(', ')}`)
  }
  return { help: values.help, quick: values.quick, profile: values.profile, only, peers: chosen }
}
