import type { Database } from '../db/open.ts'
import { readSetting, writeSetting } from '../db/settings.ts'
import { type WebhookSettings, webhookSettingsSchema } from '../domain/webhook-settings.ts'
import { NO_PUBLIC_ACCESS, type PublicAccess, publicUrlOf } from './public-access.ts'
import type { WebhookListener } from './webhook-listener.ts'

/** The user's settings of all webhooks, kept and put to work. */
export type WebhookControl = {
  settings(): WebhookSettings
  change(settings: WebhookSettings): Promise<void>
  /** How a tunnel leads to the webhooks; null when there is none any more. Gives whether their public addresses changed. */
  setTunnel(access: PublicAccess | null): boolean
  /** What senders call to reach the webhook at a path; null when only this computer does. */
  publicUrlOf(path: string): string | null
}

const KEY = 'webhooks'

export async function createWebhookControl(database: Database, listener: WebhookListener): Promise<WebhookControl> {
  const fallback = webhookSettingsSchema.parse({})
  let settings = (await readSetting(database.reader, KEY, webhookSettingsSchema.catch(fallback))) ?? fallback
  let tunnel: PublicAccess | null = null

  function apply(): void {
    listener.setAddressLimit(settings.perAddress)
    listener.setPublicAccess(tunnel ?? NO_PUBLIC_ACCESS)
  }

  apply()
  return {
    settings: () => settings,
    async change(wanted) {
      await database.write((tx) => writeSetting(tx, KEY, wanted))
      settings = wanted
      apply()
    },
    setTunnel(told) {
      const isAnother = tunnel?.baseUrl !== told?.baseUrl || tunnel?.onlyPath !== told?.onlyPath
      tunnel = told
      apply()
      return isAnother
    },
    publicUrlOf: (path) => (tunnel === null ? null : publicUrlOf(tunnel, path)),
  }
}
