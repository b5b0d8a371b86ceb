import { z } from 'zod'
import type { Database } from '../db/open.ts'
import { readSetting, writeSetting } from '../db/settings.ts'
import { readStoredSection, type SettingsOf } from '../domain/settings/settings.ts'
import type { Signals } from '../signals.ts'
import { NO_PUBLIC_ACCESS, type PublicAccess, publicUrlOf } from './public-access.ts'
import type { WebhookListener } from './webhook-listener.ts'

/** The user's settings of all webhooks, kept and put to work. */
export type WebhookControl = {
  settings(): SettingsOf<'webhooks'>
  change(settings: SettingsOf<'webhooks'>): Promise<void>
  /** What senders call to reach the webhook at a path; null when only this computer does. */
  publicUrlOf(path: string): string | null
}

const KEY = 'webhooks'

/** `changed` is called after the settings were, `moved` after the public addresses of all webhooks were. */
export async function createWebhookControl(config: {
  readonly database: Database
  readonly signals: Signals
  readonly listener: Pick<WebhookListener, 'setAddressLimits' | 'setPublicAccess'>
  changed(): void
  moved(): void
}): Promise<WebhookControl> {
  const { database, listener } = config
  let settings = readStoredSection(KEY, await readSetting(database.reader, KEY, z.unknown()))
  let tunnel: Omit<PublicAccess, 'hosts'> | null = null
  let tunnelHosts: readonly string[] = []

  function apply(): void {
    const { perAddress, connectionsPerAddress, hosts } = settings
    listener.setAddressLimits({ perMinute: perAddress, connections: connectionsPerAddress })
    const names = new Set([...tunnelHosts, ...hosts.map((host) => host.toLowerCase())])
    listener.setPublicAccess({ ...(tunnel ?? NO_PUBLIC_ACCESS), hosts: names })
  }

  config.signals.on('tunnel:changed', (access, hosts) => {
    const told = access && { ...access, baseUrl: access.url }
    const isAnother = tunnel?.baseUrl !== told?.baseUrl || tunnel?.onlyPath !== told?.onlyPath
    tunnel = told
    tunnelHosts = hosts
    apply()
    if (isAnother) config.moved()
  })

  apply()
  return {
    settings: () => settings,
    async change(wanted) {
      await database.write((tx) => writeSetting(tx, KEY, wanted))
      settings = wanted
      apply()
      config.changed()
    },
    publicUrlOf: (path) => (tunnel === null ? null : publicUrlOf(tunnel, path)),
  }
}
