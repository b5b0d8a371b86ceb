import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { z } from 'zod'
import { hostNameProblem } from '../domain/host/fleet-name.ts'
import { readLogAddress } from './log-address.ts'
import { FLEET_ROLES, type FleetOptions, type FleetRole } from './options.ts'
import { readStoreAddress } from './store-address.ts'

const optionsSchema = z.object({
  fleet: z.string().optional(),
  name: z.string().optional(),
  role: z.string().optional(),
  fleetKeyFile: z.string().optional(),
  fleetS3: z.string().optional(),
})

/** Times of a fleet for tests of the built program, as JSON; other people have no need of it. */
const timesSchema = z.record(z.string(), z.int().min(1))

/**
 * What these options say, and where they do not `HOOKLINE_FLEET`, `HOOKLINE_FLEET_NAME`, `HOOKLINE_FLEET_ROLE`, `HOOKLINE_FLEET_KEY_FILE`,
 * `HOOKLINE_FLEET_KEY` and `HOOKLINE_FLEET_S3`; undefined for a host that stands alone. The address of the log may hold a password, which others on the computer can see in a
 * command line, and the desktop app has none.
 *
 * @throws an Error with a sentence for a person.
 */
export function readFleetOptions(
  options: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): FleetOptions | undefined {
  const given = optionsSchema.parse(options)
  const url = given.fleet ?? environment.HOOKLINE_FLEET
  if (url === undefined || url === '') {
    const [needless] = (['name', 'role', 'fleetKeyFile', 'fleetS3'] as const).filter(
      (option) => given[option] !== undefined,
    )
    if (needless === undefined) return undefined
    throw new Error(
      '--name, --role, --fleet-key-file and --fleet-s3 are for a host that joins others: say --fleet URL, too.',
    )
  }
  readLogAddress(url)
  const name = given.name ?? environment.HOOKLINE_FLEET_NAME ?? hostname().toLowerCase()
  const problem = hostNameProblem(name)
  if (problem !== null) throw new Error(`"${name}" cannot be its name: ${problem} Say --name.`)
  const times = environment.HOOKLINE_FLEET_TIMES
  const store = given.fleetS3 ?? environment.HOOKLINE_FLEET_S3
  return {
    url,
    name,
    roles: readRoles(given.role ?? environment.HOOKLINE_FLEET_ROLE),
    key: readKey(given.fleetKeyFile ?? environment.HOOKLINE_FLEET_KEY_FILE, environment.HOOKLINE_FLEET_KEY),
    ...(store !== undefined && store !== '' && { store: readStoreAddress(store, environment) }),
    ...(times !== undefined && { times: timesSchema.parse(JSON.parse(times)) }),
  }
}

function readRoles(text: string | undefined): readonly FleetRole[] {
  if (text === undefined) return FLEET_ROLES
  const roles = text.split(',').map((role) => role.trim())
  const known = FLEET_ROLES.filter((role) => roles.includes(role))
  if (known.length === 0 || known.length < new Set(roles).size) {
    throw new Error(`There is no role "${text}": say ${FLEET_ROLES.join(', ')} or both with a comma between them.`)
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
      throw new Error(`The file ${file} with the fleet’s passphrase cannot be read (${code}).`)
    }
  }
  if (key === undefined || key === '') return undefined
  if (key.length < MIN_KEY_CHARS) {
    throw new Error(
      `The fleet’s passphrase has to have ${MIN_KEY_CHARS} characters at least: what it seals lies in the log.`,
    )
  }
  return key
}
