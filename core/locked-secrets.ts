import type { Knex } from 'knex'
import { listCredentials } from './db/credentials.ts'
import type { Notifier } from './domain/host/adapters.ts'
import type { Log } from './domain/host/log.ts'

/** Names that a message spells out. */
const SPELLED_OUT = 5

/** Says which credentials wait for the system's keychain. What needs none of them runs. */
export async function announceLocked(reader: Knex, log: Log, notifier: Notifier): Promise<void> {
  const names = (await listCredentials(reader)).map(({ name }) => name)
  if (names.length === 0) return
  const others = names.length - SPELLED_OUT
  const words = [...names.slice(0, SPELLED_OUT), ...(others > 0 ? [`${others} more`] : [])].join(', ')
  const title = 'The keychain of this system is locked'
  const body = `Unlock it: until then these credentials cannot be used: ${words}. Everything else runs.`
  log.warn(`${title}.`, { credentials: names })
  await notifier.show({ title, body, opens: '/credentials' }).catch(() => undefined)
}
