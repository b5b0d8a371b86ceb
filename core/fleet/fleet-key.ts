import { hkdfSync, scrypt } from 'node:crypto'
import { promisify } from 'node:util'

/** Half a second on a small computer, once a start: what is in the log could be guessed at for ever. */
const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1_048_576 }

const derive = promisify<string, string, number, typeof COST, Buffer>(scrypt)

/** The key of 32 bytes that is made of a fleet's passphrase; made when it is asked for first. */
export type FleetKey = () => Promise<Buffer>

/** Undefined without a passphrase. */
export function createFleetKey(fleet: string, passphrase: string | undefined): FleetKey | undefined {
  if (passphrase === undefined) return undefined
  let made: Promise<Buffer> | undefined
  return () => {
    made ??= derive(passphrase, `hookline fleet ${fleet}`, 32, COST)
    return made
  }
}

/** Another key than that of credentials and values: by it the hosts of a fleet know the links to questions, and the pages, of each other. */
export async function pageSecretOf(key: FleetKey): Promise<string> {
  return Buffer.from(hkdfSync('sha256', await key(), '', 'hookline fleet pages', 32)).toString('base64url')
}
