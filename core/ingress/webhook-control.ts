import type { Database } from '../db/open.ts'
import { readSetting, writeSetting } from '../db/settings.ts'
import { type WebhookSettings, webhookSettingsSchema } from '../domain/webhook-settings.ts'
import { NO_PUBLIC_ACCESS, type PublicAccess, publicUrlOf } from './public-access.ts'
import type { WebhookListener } from './webhook-listener.ts'

/** The user's settings of all webhooks, kept and put to work. */
export type WebhookControl = {
  settings(): WebhookSettings
  change(settings: WebhookSettings): Promise<void>
  /**
   * How a tunnel leads to the webhooks, null when there is none any more; and the names by which it is called, also while it is not known to be open.
   * Returns whether their public addresses changed.
   */
  setTunnel(access: Omit<PublicAccess, 'hosts'> | null, hosts: readonly string[]): boolean
  /** What senders call to reach the webhook at a path; null when only this computer does. */
  publicUrlOf(path: string): string | null
}

const KEY = 'webhooks'

/** `changed` is called after the settings were. */
export async function createWebhookControl(
  database: Database,
  listener: WebhookListener,
  changed: () => void,
): Promise<WebhookControl> {
  const fallback = webhookSettingsSchema.parse({})
  let settings = (await readSetting(database.reader, KEY, webhookSettingsSchema.catch(fallback))) ?? fallback
  let tunnel: Omit<PublicAccess, 'hosts'> | null = null
  let tunnelHosts: readonly string[] = []

  function apply(): void {
    const { perAddress, connectionsPerAddress, hosts } = settings
    listener.setAddressLimits({ perMinute: perAddress, connections: connectionsPerAddress })
    const names = new Set([...tunnelHosts, ...hosts.map((host) => host.toLowerCase())])
    listener.setPublicAccess({ ...(tunnel ?? NO_PUBLIC_ACCESS), hosts: names })
  }

  apply()
  return {
    settings: () => settings,
    async change(wanted) {
      await database.write((tx) => writeSetting(tx, KEY, wanted))
      settings = wanted
      apply()
      changed()
    },
    setTunnel(told, hosts) {
      const isAnother = tunnel?.baseUrl !== told?.baseUrl || tunnel?.onlyPath !== told?.onlyPath
      tunnel = told
      tunnelHosts = hosts
      apply()
      return isAnother
    },
    publicUrlOf: (path) => (tunnel === null ? null : publicUrlOf(tunnel, path)),
  }
}
