import type { z } from 'zod'
import type { Json } from '../domain/values/json.ts'

export type AppRequest = {
  /** `GET` when absent. Those after `DELETE` are WebDAV's. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'PROPFIND' | 'MKCOL' | 'MOVE' | 'COPY'
  /** Below the app's address, or a whole address of the same service. */
  readonly path: string
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Sent as JSON, unless `bodyType` says otherwise. */
  readonly body?: Json
  readonly bodyType?: 'json' | 'form' | 'text'
  /** Sent as they are, in place of `body`. */
  readonly bytes?: { readonly content: Uint8Array; readonly contentType: string }
  /** Sent as `multipart/form-data`, in place of `body`. */
  readonly parts?: readonly FormPart[]
  readonly maxBytes?: number
  /** Statuses from 400 on that are no refusal here. */
  readonly takes?: readonly number[]
  /** Sent without the account: to an address that an answer named, and that is signed itself. */
  readonly withoutAccount?: true
  /** The answer is a file, of any kind; else a page in place of an answer is an error. */
  readonly takesFile?: true
}

/** A field of `multipart/form-data`, or a file in it. */
export type FormPart =
  | { readonly name: string; readonly value: string; readonly contentType?: string }
  | { readonly name: string; readonly filename: string; readonly contentType: string; readonly content: Uint8Array }

export type AppAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
  /** JSON as its value, text as text, anything else in base64; null when there is none. */
  readonly body: Json
  /** The body as it came. */
  readonly bytes: Uint8Array
  /** The body, as far as it is what the schema says. Throws a StepError `bad-answer` for a service that answers otherwise. */
  as<Output>(schema: z.ZodType<Output>): Output
}

/** Calls one service, signed in. An answer from 400 on is a StepError that says whether it may be tried again. */
export type AppClient = (request: AppRequest) => Promise<AppAnswer>
