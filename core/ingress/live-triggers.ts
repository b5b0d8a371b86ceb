import { createHmac, randomBytes } from 'node:crypto'
import type { SenderAnswer } from '../connectors/action-context.ts'
import type { FormPage, HookCall, TableEvent, Timetable, WebhookEndpoint } from '../connectors/trigger-sources.ts'
import type { Database } from '../db/open.ts'
import { readSetting, startSettings, writeSetting } from '../db/settings.ts'
import type { TemplateScope } from '../domain/templates/template.ts'
import { hostZone } from '../domain/time/zone.ts'
import type { Json } from '../domain/values/json.ts'
import type { ZapFile, ZapSettings } from '../domain/zap/zap-file.ts'

import type { SenderSecrets } from './check-sender.ts'

/** A zap whose live version may start runs. */
export type LiveZap = { readonly id: string; readonly version: number; readonly definition: ZapFile }

/** Where a live trigger stands. */
export type At = {
  readonly zapId: string
  readonly zapName: string
  readonly version: number
  readonly settings: ZapSettings
  readonly stepId: string
}

/** A webhook that is listened to. `path` is the whole path, such as `/hooks/orders`. */
export type LiveWebhook = At & {
  readonly path: string
  readonly endpoint: WebhookEndpoint
  /** Milliseconds that a request is held for the answer of a step; null when no step gives one. */
  readonly holdMs: number | null
  /** Of a service that is known: what a call of it says, and of a subscription its own secrets. */
  readonly service?: {
    readonly secrets?: SenderSecrets
    /** Whether the service says that a call is its own, where that has to be asked; rejects while it cannot be. */
    proves?(call: ServiceHookCall): Promise<boolean>
    handshake(call: ServiceHookCall): SenderAnswer | null
    events(call: ServiceHookCall): readonly { readonly key: string | null; readonly data: Json }[]
  }
}

/** A call of a service, before its trigger's input is known to what reads it. */
export type ServiceHookCall = Omit<HookCall<unknown>, 'input'>

/** What templates of a webhook read: its own event, and the zap's zone to write dates in. */
export function eventScope({ stepId, settings }: LiveWebhook, data: Json): TemplateScope {
  return { zap: { timezone: settings.timezone ?? hostZone() }, [stepId]: data }
}

/** A schedule that is kept. `spec` is its configuration as text: another text is another schedule. */
export type LiveSchedule = At & { readonly spec: string; readonly timetable: Timetable }

/** A form that can be filled in. `path` is the whole path, such as `/forms/returns`. */
export type LiveForm = At & {
  readonly path: string
  readonly page: FormPage
  /** Whether a question of its zap may be the next page. */
  readonly leadsOn: boolean
}

/** A zap that is started by failed runs of others: of those named by id or name, or of all when null. */
export type LiveFailureWatch = At & { readonly zaps: readonly string[] | null }

/** A zap that is started by changes of a table. */
export type LiveTableWatch = At & { readonly table: string; readonly events: readonly TableEvent[] }

/**
 * The path of a webhook: its own, or an unguessable one. The latter follows from the zap, the step and a secret of this
 * data folder, so it stays the same without being stored.
 */
export function webhookPath(own: string | null, zapId: string, stepId: string, pathSecret: string): string {
  return `/hooks/${own ?? unguessable(zapId, stepId, pathSecret)}`
}

/** What all paths of forms begin with. */
export const FORMS = '/forms/'

/** The path of a form, as {@link webhookPath}. */
export function formPath(own: string | null, zapId: string, stepId: string, pathSecret: string): string {
  return `${FORMS}${own ?? unguessable(zapId, stepId, pathSecret)}`
}

function unguessable(zapId: string, stepId: string, pathSecret: string): string {
  return createHmac('sha256', pathSecret).update(`${zapId}/${stepId}`).digest('base64url').slice(0, 24)
}

/** The secret of this data folder that webhook paths are made of; a new one at its first start. */
export async function readPathSecret(database: Database): Promise<string> {
  const stored = await readSetting(database.reader, 'pathSecret', startSettings.pathSecret)
  if (stored !== undefined) return stored
  const secret = randomBytes(32).toString('base64url')
  await database.write((tx) => writeSetting(tx, 'pathSecret', secret))
  return secret
}

/** What answers at a path: a webhook or a form. */
type Claim = At & { readonly path: string; readonly methods: readonly string[] }

/** What webhooks and forms claim of the listener. */
export function claimsOf(live: {
  readonly webhook: readonly LiveWebhook[]
  readonly form: readonly LiveForm[]
}): Claim[] {
  return [
    ...live.webhook.map((hook) => ({ ...hook, methods: hook.endpoint.methods })),
    ...live.form.map((form) => ({ ...form, methods: ['GET', 'POST'] })),
  ]
}

/** What two zaps (or two steps of one) claim at once: the same path and method. */
export function findPathConflicts(
  claimed: readonly Claim[],
  wanted: readonly Claim[],
): { wanted: Claim; owner: Claim; method: string }[] {
  const conflicts: { wanted: Claim; owner: Claim; method: string }[] = []
  wanted.forEach((claim, index) => {
    const others = [...claimed.filter((other) => other.zapId !== claim.zapId), ...wanted.slice(0, index)]
    const owner = others.find(
      (other) => other.path === claim.path && other.methods.some((method) => claim.methods.includes(method)),
    )
    const method = owner?.methods.find((word) => claim.methods.includes(word))
    if (owner !== undefined && method !== undefined) conflicts.push({ wanted: claim, owner, method })
  })
  return conflicts
}
