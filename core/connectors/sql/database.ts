import { StepError } from '../../domain/runs/step-error.ts'
import type { Json } from '../../domain/values/json.ts'
import { readJson } from '../../domain/values/lossless-json.ts'
import type { ActionContext } from '../action-context.ts'

/** A value that is handed to a database beside its statement. */
export type SqlParam = string | number | boolean | null | Buffer | { readonly json: Json }

/** A value as a database returns it; bytes become text or a file later. */
export type SqlValue = Json | Uint8Array

/** Where the rows of a statement go, one by one. */
export type RowTaker = {
  /** The names of the columns, before the first row. */
  columns(names: readonly string[]): void
  /** Returns false when no further row is wanted. */
  row(values: readonly SqlValue[]): boolean
}

/** One statement. Where `isRead` is set, the database refuses to change anything. */
export type Statement = {
  readonly sql: string
  readonly params: readonly SqlParam[]
  readonly isRead: boolean
  readonly take: RowTaker
}

/** What a statement came to beside its rows. */
export type Done = {
  /** Rows that were changed; null for a read. */
  readonly affected: number | null
  /** What the database numbered the last new row with; null where it says nothing. */
  readonly lastId: Json
}

/** What a statement needs of the world. */
export type Reach = Pick<ActionContext<unknown>, 'connect' | 'signal'>

/** The end of a statement whose rows are not wanted any more. */
export class Enough extends Error {}

/** JSON as a database returns it; what is none stays text. */
export function jsonOf(text: string): Json {
  try {
    return readJson(text).value
  } catch {
    return text
  }
}

/** A date with a time as ISO 8601: `2026-11-30 09:30:00.5+01` is `2026-11-30T09:30:00.5+01:00`. What is none, such as `infinity`, stays as it is. */
export function isoOf(text: string): string {
  const found = /^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9:.]{5,20})([+-][0-9]{2}(?::?[0-9]{2}){0,2})?$/.exec(text)
  if (found === null) return text
  const [, date, time, offset = ''] = found
  return `${date}T${time}${offset === '' || offset.includes(':') ? offset : `${offset}:00`}`
}

/** What a database refuses for, with what to do about it, and whether it may go better later. */
const REFUSALS = {
  'sign-in': ['The database does not take user and password: enter them again under Credentials.', false],
  'no-database': ['There is no such database: look at the credential.', false],
  forbidden: ['The user of the credential may not do that in the database:', false],
  duplicate: ['There is such a row already:', false],
  constraint: ['The database does not take these values:', false],
  'bad-params': ['The values of the step do not fit the statement:', false],
  'read-only': [
    'The statement begins as a read, so the database was told to change nothing, and it would. Choose “Ask me” or “Run it again” under “If it was interrupted”.',
    false,
  ],
  deadlock: ['Others were at the same rows, and the database let them go first:', true],
  busy: ['The database takes no more work at the moment:', true],
  'too-slow': ['The database ended the statement, as it took longer than it allows:', false],
  tls: ['The connection is not encrypted as the credential wants it: look at its “Encryption”.', false],
  certificate: [
    'The certificate of the database is not trusted here: choose “TLS with any certificate” in the credential where it is one of its own making.',
    false,
  ],
  sql: ['The database refuses the statement:', false],
} as const satisfies Record<string, readonly [sentence: string, retryable: boolean]>
export type RefusalCode = keyof typeof REFUSALS
export const REFUSAL_CODES = Object.keys(REFUSALS) as readonly RefusalCode[] // its keys are exactly these

/** A database's refusal for a person. `says` are its own words. */
export function refusal(code: RefusalCode, says: string, cause: unknown): StepError {
  const [sentence, retryable] = REFUSALS[code]
  const words = says.replace(/\s+/g, ' ').trim().slice(0, 600)
  const message = words === '' ? sentence : `${sentence} ${words}${/[.!?”]$/.test(words) ? '' : '.'}`
  return new StepError({ code, message, retryable }, { cause })
}

/** A connection that broke. Of a statement that changes something it is not known then whether it was done. */
export function connectionLost(wasSent: boolean, says: string, cause: unknown): StepError {
  if (!wasSent) {
    const message = `The database could not be reached, or broke off: ${says.slice(0, 300)}.`
    return new StepError({ code: 'network', message, retryable: true }, { cause })
  }
  const message = `The connection to the database broke off (${says.slice(0, 300)}), and whether the statement was done is not known: look there, and run the step again if it was not.`
  return new StepError({ code: 'connection-lost', message, retryable: false }, { cause })
}

const CERTIFICATE = /^(?:CERT_|ERR_TLS_CERT|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_)/

/** What a failed handshake of TLS says; undefined for anything else. */
export function tlsRefusal(error: unknown): StepError | undefined {
  const code = String(Object(error).code ?? '')
  const says = error instanceof Error ? error.message : ''
  if (CERTIFICATE.test(code) || /\bcertificate\b/i.test(says)) return refusal('certificate', says, error)
  return /^(?:EPROTO|ERR_SSL_|HANDSHAKE_NO_SSL_SUPPORT)/.test(code) || /not support SSL|SSL connection$/.test(says)
    ? refusal('tls', says, error)
    : undefined
}
