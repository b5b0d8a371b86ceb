import { type Json, jsonSchema } from '../../domain/values/json.ts'
import type { AppClient } from '../app-request.ts'
import { appStream, type StreamSaid } from '../app-triggers.ts'
import type { CredentialFields } from '../credential.ts'
import type { SocketTerms } from '../kit/web-socket.ts'
import { enteredOf, formOf, outputSchema, type Shown, summaryOf } from './operation.ts'
import type { Entered, ServiceFields } from './request.ts'

/** Declares a trigger of a service that tells by a WebSocket. */
export function streamTrigger(
  declared: Shown & {
    readonly fields?: ServiceFields
    readonly open: (context: {
      readonly http: AppClient
      readonly entered: Entered
      readonly account: CredentialFields
      readonly place: Json
    }) => Promise<{ readonly url: string } & SocketTerms>
    readonly read: (
      message: Json,
      context: { readonly entered: Entered; readonly account: CredentialFields; readonly place: Json },
    ) => StreamSaid | null
    readonly beat?: (place: Json) => Json
    readonly isReadyAtOnce?: boolean
    readonly alsoAt?: readonly string[]
  },
): ReturnType<typeof appStream> {
  const {
    name,
    title,
    description,
    keywords,
    sample,
    scopes,
    fields = {},
    open,
    read,
    beat,
    isReadyAtOnce,
    alsoAt,
  } = declared
  return appStream({
    name,
    title,
    description,
    ...(keywords && { keywords }),
    ...(scopes && { scopes }),
    ...(isReadyAtOnce === true && { isReadyAtOnce }),
    ...(beat && { beat }),
    ...(alsoAt && { alsoAt }),
    summary: declared.summary ?? summaryOf(fields),
    input: formOf(fields),
    output: outputSchema,
    sample,
    open: async ({ http, input, account, place }) =>
      open({ http, entered: enteredOf(input), account: await account(), place }),
    read: (message, { input, account, place }) => read(message, { entered: enteredOf(input), account, place }),
  })
}

/** The JSON in a text, where a service tells it as one; null for none. */
export function jsonIn(text: string): Json | null {
  try {
    return jsonSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** The address of a WebSocket beside that of an API: `https` becomes `wss`. */
export const socketAddress = (address: string): string => address.replace(/^http/, 'ws')
