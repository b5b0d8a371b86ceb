// What all connectors of an app have in common: its account, its address, its lists.
import { z } from 'zod'
import { StepError } from '../domain/runs/step-error.ts'
import { hostTouches } from '../domain/trust/touches.ts'
import { type Json, jsonSchema } from '../domain/values/json.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import type { ActionContext } from './action-context.ts'
import type { AppClient, AppRequest } from './app-request.ts'
import {
  type CredentialFields,
  type CredentialRef,
  type CredentialType,
  credentialRefSchema,
  enteredFields,
} from './credential.ts'
import type { Action, Connector, Trigger } from './define.ts'
import type { Family } from './family-list.ts'
import type { OptionsPage, OptionsRequest, OptionsSource } from './field-options.ts'
import { appClient } from './kit/app-client.ts'
import { type FileValue, keepFile, openSource, withSource } from './kit/file-value.ts'
import type { AnswerRule } from './service/answers.ts'
import type { ServiceContext } from './service-context.ts'

/** A service that zaps use, with all that is its own. Its module is loaded when a zap uses it. */
export type App = Family & {
  readonly title: string
  /** A whole `<svg>`, drawn with `currentColor` where it takes the app's hue. */
  readonly icon: string
  /** Of its colour, in degrees of the OKLCH circle; null for a brand without one. */
  readonly hue: number | null
}

/** How an action of an app reads and keeps files. */
export type ServiceFiles = {
  /** A file value of an earlier step, or the file at a path, as a field was given it. `field` names that in errors. */
  read(given: Json, field: string): Promise<{ filename: string; contentType: string; content: Uint8Array }>
  keep(filename: string, content: Uint8Array, contentType?: string): Promise<FileValue>
}

/** A list of the service, for a field to choose from: as an {@link OptionsSource}, with a client of the service. */
type AppList = (request: OptionsRequest & { readonly http: AppClient }) => Promise<OptionsPage>

/** What of its app a connector has to know. */
export type Owner = Omit<AppDeclaration, 'actions' | 'triggers'>

/** An action or trigger before its app is known to it. */
export type Unbound<Kind extends Connector> = (app: Owner) => Kind

/** An address that stands in an account: that of a server of one's own, or of the part of a service where the account lives. */
export type AccountAddress = {
  /** Throws a StepError for fields that name none. */
  ofAccount(fields: CredentialFields): string
  /** Addresses that it may be, with `*` for a part of one. Where the account has the whole address in a field, it may go there anyway. */
  readonly known?: readonly string[]
}

export type AppDeclaration = Omit<App, 'connectors' | 'credentials'> & {
  /** Where its service is, or how a step's input, as it is written, or its account says so. Absent where it has none and only computes. */
  readonly address?: string | ((input: Step['input']) => string) | AccountAddress
  readonly credentials?: readonly CredentialType[]
  /** Whether a step needs an account, which the form then asks for; `none` when absent. */
  readonly account?: 'none' | 'optional' | 'needed'
  /** Types of credential of Hookline itself that its accounts may have too, such as `basic`. */
  readonly alsoTakes?: readonly string[]
  /** How its service says no, as far as that is not by its status. */
  readonly answers?: AnswerRule
  /** Other addresses of the same service, to which its account may go as well; with `*` for a part of them, only what goes {@link AppRequest.withoutAccount}. */
  readonly alsoAt?: readonly string[]
  /** Whether its service knows the `Idempotency-Key` header, or at least takes no harm of it; true when absent. */
  readonly takesKey?: boolean
  /** What fields of its actions and triggers may hold, by the names that their `ui.options.from` says. */
  readonly lists?: Readonly<Record<string, AppList>>
  readonly actions: readonly Unbound<Action>[]
  readonly triggers?: readonly Unbound<Trigger>[]
}

export const partOf = (app: Owner, name: string) => ({
  id: `${app.id}.${name}`,
  icon: pictureOf(app),
  category: 'app' as const,
  app: app.title,
  options: Object.fromEntries(Object.entries(app.lists ?? {}).map(([list, read]) => [list, optionsOf(app, read)])),
})

function optionsOf(app: Owner, read: AppList): OptionsSource {
  return (request, context) => {
    const { account, own } = takeAccount(app, request.input)
    if (account === undefined && app.account === 'needed') {
      const message = 'Choose an account first: the list is that of its service.'
      throw new StepError({ code: 'no-account', message, retryable: false })
    }
    return read({ ...request, http: clientOf(app, context, account, own) })
  }
}

/** What is entered of an account. Throws a {@link StepError} `no-account` where a step has none. */
export async function fieldsOf(
  app: Owner,
  { credential }: Pick<ServiceContext, 'credential'>,
  account: CredentialRef | undefined,
): Promise<CredentialFields> {
  if (account === undefined) {
    const message = `Choose an account in this step: it says where ${app.title} is.`
    throw new StepError({ code: 'no-account', message, retryable: false })
  }
  return enteredFields((await credential(account)).secret) ?? {}
}

export function filesOf(reach: Pick<ActionContext<unknown>, 'files' | 'large'>): ServiceFiles {
  return {
    read: (given, field) =>
      withSource(openSource(reach, given, field), async ({ filename, contentType, read }) => ({
        filename,
        contentType,
        content: await read(),
      })),
    keep: (filename, content, contentType) => keepFile(reach.large, filename, content, contentType),
  }
}

/** All hosts to which its steps may turn. */
export function touchesOf({ address, alsoAt = [] }: Owner, given: Step['input'], how: 'reads' | 'writes') {
  const own =
    typeof address === 'string' ? [address] : typeof address === 'function' ? [address(given)] : (address?.known ?? [])
  return [...own, ...alsoAt].flatMap((one) => hostTouches(one, how))
}

export function clientOf(
  app: Owner,
  context: Parameters<typeof appClient>[0] & Pick<ServiceContext, 'credential'>,
  account: CredentialRef | undefined,
  own: Readonly<Record<string, unknown>>,
): AppClient {
  const { title, answers, alsoAt, takesKey, address } = app
  const at = (whole: string): AppClient =>
    appClient(context, {
      address: whole,
      account,
      title,
      ...(answers && { answers }),
      ...(alsoAt && { alsoAt }),
      ...(takesKey !== undefined && { takesKey }),
    })
  if (address === undefined)
    return () => Promise.reject(new Error(`${title} names no service: say where it is with "address".`))
  if (typeof address === 'string') return at(address)
  // Some services have another address for those who have an account.
  if (typeof address === 'function') return at(address(inputSchema.parse({ ...own, ...(account && { account }) })))
  let ready: Promise<AppClient> | undefined
  return async (request) => {
    ready ??= fieldsOf(app, context, account).then((fields) => at(address.ofAccount(fields)))
    return (await ready)(request)
  }
}

const inputSchema = z.record(z.string(), jsonSchema)

/** The fields of a connector with the account of its app before them. */
export function withAccount(input: z.ZodObject, app: Owner): z.ZodObject {
  const { account = 'none', credentials = [], alsoTakes = [] } = app
  if (account === 'none') return input
  const field = account === 'needed' ? credentialRefSchema : credentialRefSchema.optional()
  const types = [...credentials.map(({ id }) => id), ...alsoTakes]
  const meta = {
    title: 'Account',
    description: 'Signs you in; it is kept apart from the zap.',
    ui: { widget: 'credential', ...(types.length === 0 ? {} : { types }) },
  }
  return z.strictObject({ account: field.meta(meta), ...input.shape })
}

/** The account in the input of a connector, and the rest of it. Where its app has none, a field may be called that. */
export function takeAccount(app: Pick<Owner, 'account'>, input: Readonly<Record<string, unknown>>) {
  if ((app.account ?? 'none') === 'none') return { account: undefined, own: input }
  const { account, ...own } = input
  return { account: credentialRefSchema.optional().catch(undefined).parse(account), own }
}

/** An app's SVG as screens show it. In a picture `currentColor` would be black; the hue is as light as is seen on white and on black. */
function pictureOf({ icon, hue }: Pick<App, 'icon' | 'hue'>): string {
  const coloured = icon.replaceAll('currentColor', hue === null ? 'oklch(0.6 0 0)' : `oklch(0.65 0.16 ${hue})`)
  return `data:image/svg+xml,${encodeURIComponent(coloured)}`
}
