import type { z } from 'zod'
import type { Json } from '../domain/values/json.ts'
import type { ActionContext } from './action-context.ts'
import {
  type App,
  type AppDeclaration,
  clientOf,
  fieldsOf,
  filesOf,
  partOf,
  type ServiceFiles,
  takeAccount,
  touchesOf,
  type Unbound,
  withAccount,
} from './app-parts.ts'
import type { AppClient } from './app-request.ts'
import type { CredentialFields } from './credential.ts'
import { type Action, defineAction, type Effect } from './define.ts'
import { checkedFamily } from './family-list.ts'
import { filesTouched } from './kit/file-value.ts'

/** An app, as the list of all of them names it: its module is not loaded by that. */
export type AppEntry = { readonly id: string; load(): Promise<App> }

/** What an action of an app is given. What needs more than this is no app's, but a step of Hookline itself. */
export type AppContext<Input> = {
  /** Parsed, with templates rendered. */
  readonly input: Input
  /** Calls the service, signed in with the step's account. */
  readonly http: AppClient
  /** The same on every attempt of this step of this run. */
  readonly idempotencyKey: string
  readonly store: ActionContext<Input>['store']
  /** Files that are sent and kept. */
  readonly files: ServiceFiles
  readonly clock: ActionContext<Input>['clock']
  /** Aborts on timeout, cancel and shutdown. {@link http} listens to it by itself. */
  readonly signal: AbortSignal
  /** The fields of the step's account, such as the server that it is at. */
  account(): Promise<CredentialFields>
}

export type AppAction<Input extends z.ZodObject, Output extends z.ZodType> = {
  /** What its id ends with: `publish` for `ntfy.publish`. */
  readonly name: string
  readonly title: string
  readonly description: string
  readonly keywords?: readonly string[]
  readonly summary: string
  readonly effect: Effect
  readonly input: Input
  readonly output: Output
  readonly sample: Json
  readonly timeoutMs?: number
  /** What its account must be granted. */
  readonly scopes?: readonly string[]
  /** The fields of it that may hold files. */
  readonly takesFiles?: readonly string[]
  run(ctx: AppContext<z.output<Input>>): Promise<z.output<Output>>
}

/** Declares an app. Throws an `Error` when something of it has an id of another app. */
export function defineApp(app: AppDeclaration): App {
  const { id, title, icon, hue, credentials = [], actions, triggers = [] } = app
  const connectors = [...triggers, ...actions].map((unbound) => unbound(app))
  return checkedFamily({ id, title, icon, hue, credentials, connectors })
}

/** Declares an action of an app. `Input` and `Output` come from the two schemas. */
export function appAction<Input extends z.ZodObject, Output extends z.ZodType>(
  action: AppAction<Input, Output>,
): Unbound<Action> {
  return (app) => {
    const { name, run, input, takesFiles = [], ...rest } = action
    return defineAction({
      ...rest,
      ...partOf(app, name),
      actsByFetch: true,
      ...(takesFiles.length > 0 && { takesLarge: true }),
      touches: (given) => [
        ...touchesOf(app, given, action.effect === 'none' ? 'reads' : 'writes'),
        ...takesFiles.flatMap((field) => filesTouched(given[field])),
      ],
      input: withAccount(input, app),
      async run({ input: parsed, store, files, clock, signal, idempotencyKey, http, large, credential }) {
        const { account, own } = takeAccount(app, parsed)
        const client = clientOf(app, { http, large, clock, idempotencyKey, credential }, account, own)
        // What is left without the account is what the action's own schema made of it.
        const given = own as z.output<Input>
        const ownFiles = filesOf({ files, large })
        return {
          output: await run({
            input: given,
            http: client,
            idempotencyKey,
            store,
            files: ownFiles,
            clock,
            signal,
            account: () => fieldsOf(app, { credential }, account),
          }),
        }
      },
    })
  }
}
