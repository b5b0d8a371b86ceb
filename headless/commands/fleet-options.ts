import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { z } from 'zod'
import { FLEET_ROLES, type FleetOptions, type FleetRole, hostNameProblem, readLogAddress } from '../../core/app.ts'
import { CommandError } from './context.ts'

const optionsSchema = z.object({
  fleet: z.string().optional(),
  name: z.string().optional(),
  role: z.string().optional(),
  fleetKeyFile: z.string().optional(),
})

/** Times of a fleet for tests of the built program, as JSON; other people have no need of it. */
const timesSchema = z.record(z.string(), z.int().min(1))

/**
 * What these options say; undefined for a host that stands alone. The address of the log may stand in the environment, as it may hold a password, which
 * others on the computer can see in a command line.
 *
 * @throws CommandError or LogError with a sentence for a person.
 */
export function readFleetOptions(options: unknown, environment: NodeJS.ProcessEnv): FleetOptions | undefined {
  const given = optionsSchema.parse(options)
  const url = given.fleet ?? environment.HOOKLINE_FLEET
  if (url === undefined || url === '') {
    const [needless] = (['name', 'role', 'fleetKeyFile'] as const).filter((option) => given[option] !== undefined)
    if (needless === undefined) return undefined
    throw new CommandError(
      '--name, --role and --fleet-key-file are for a host that joins others: say --fleet URL, too.',
    )
  }
  readLogAddress(url)
  const name = given.name ?? hostname().toLowerCase()
  const problem = hostNameProblem(name)
  if (problem !== null) throw new CommandError(`"${name}" cannot be its name: ${problem} Say --name.`)
  const times = environment.HOOKLINE_FLEET_TIMES
  return {
    url,
    name,
    roles: readRoles(given.role),
    key: readKey(given.fleetKeyFile, environment.HOOKLINE_FLEET_KEY),
    ...(times !== undefined && { times: timesSchema.parse(JSON.parse(times)) }),
  }
}

function readRoles(text: string | undefined): readonly FleetRole[] {
  if (text === undefined) return FLEET_ROLES
  const roles = text.split(',').map((role) => role.trim())
  const known = FLEET_ROLES.filter((role) => roles.includes(role))
  if (known.length === 0 || known.length < new Set(roles).size) {
    throw new CommandError(
      `There is no role "${text}": say ${FLEET_ROLES.join(', ')} or both with a comma between them.`,
    )
  }
  return known
}

const MIN_KEY_CHARS = 12

function readKey(file: string | undefined, fromEnvironment: string | undefined): string | undefined {
  let key = fromEnvironment
  if (file !== undefined) {
    try {
      key = readFileSync(file, 'utf8').trim()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      throw new CommandError(`The file ${file} with the fleet’s passphrase cannot be read (${code}).`)
    }
  }
  if (key === undefined || key === '') return undefined
  if (key.length < MIN_KEY_CHARS) {
    throw new CommandError(
      `The fleet’s passphrase has to have ${MIN_KEY_CHARS} characters at least: what it seals lies in the log.`,
    )
  }
  return key
}
