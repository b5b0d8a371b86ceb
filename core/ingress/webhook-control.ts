import type { Database } from '../db/open.ts'
import { readSetting, writeSetting } from '../db/settings.ts'
import { type WebhookSettings, webhookSettingsSchema } from '../domain/webhook-settings.ts'
import { NO_PUBLIC_ACCESS, type PublicAccess } from './public-access.ts'
import type { WebhookListener } from './webhook-listener.ts'

/** The user's settings of all webhooks, kept and put to work. */
export type WebhookControl = {
  settings(): WebhookSettings
  change(settings: WebhookSettings): Promise<void>
  /** What a tunnel that Hookline runs says of itself, in place of the user's own word; null when it ends. */
  setTunnel(access: PublicAccess | null): void
  /** Base address under which senders reach the webhooks; null when only this computer does. */
  publicUrl(): string | null
}

const KEY = 'webhooks'

export async function createWebhookControl(database: Database, listener: WebhookListener): Promise<WebhookControl> {
  const fallback = webhookSettingsSchema.parse({})
  let settings = (await readSetting(database.reader, KEY, webhookSettingsSchema.catch(fallback))) ?? fallback
  let tunnel: PublicAccess | null = null

  function access(): PublicAccess {
    const { publicUrl, addressHeader } = settings
    return tunnel ?? (publicUrl === null ? NO_PUBLIC_ACCESS : { baseUrl: publicUrl, addressHeader })
  }

  function apply(): void {
    listener.setAddressLimit(settings.perAddress)
    listener.setPublicAccess(access())
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
      tunnel = told
      apply()
    },
    publicUrl: () => access().baseUrl,
  }
}
