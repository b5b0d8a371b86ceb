import type { Duplex } from 'node:stream'
import { z } from 'zod'
import { StepError } from '../domain/runs/step-error.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Json } from '../domain/values/json.ts'
import type { AppClient } from './app-request.ts'
import type { HeavyWork } from './heavy-work.ts'

/** A reference to a credential, as zap files carry it. */
export const credentialRefSchema = z.strictObject({ $credential: z.string().min(1) })
export type CredentialRef = z.infer<typeof credentialRefSchema>

/** A credential's secret in the clear, only ever in memory. `type` is the id of a {@link CredentialType}, which says how to read it. */
export type Credential = { readonly type: string; readonly secret: string }

/** What a person is asked for, and how the form shows it. */
export type CredentialField = {
  readonly name: string
  readonly title: string
  readonly help?: string | undefined
  readonly placeholder?: string | undefined
  /** Whether it must not be seen; only such fields are masked in what is written down. */
  readonly isSecret: boolean
  readonly isOptional?: boolean | undefined
  /** What it may be; the first is the default. Anything when absent. */
  readonly choices?: { readonly value: string; readonly label: string }[] | undefined
  /** Hardly anyone enters it: the form folds it away. */
  readonly isAdvanced?: boolean | undefined
}

export type CredentialFields = Readonly<Record<string, string>>

/** What a credential adds to a request. All of it stays behind when a redirect leads to another origin. */
export type SignIn = {
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  /** Takes the place of `{name}` in the path of the address. */
  readonly path?: Readonly<Record<string, string>>
  /** Fields of the body, where that is JSON or a form. */
  readonly body?: Readonly<Record<string, string>>
}

/** What is known of a type of credential without loading its module. */
export type CredentialTypeInfo = Pick<CredentialType, 'id' | 'title' | 'fields'> & {
  readonly bare?: { readonly title: string; readonly help: string } | undefined
  /** What can be asked whether it is good: the service that it is for, any address that a person names, or nothing. */
  readonly testedAt: 'its-service' | 'an-address' | null
  /** Its access token is renewed by itself. */
  readonly isOAuth: boolean
  /** Where its service sends a browser back to on this computer; `isOnly` where it takes no other address. Absent where no person signs in with a browser. */
  readonly redirect?: { readonly address: string; readonly isOnly: boolean } | undefined
  /** How a person gets a client id for it, step by step. */
  readonly help?: CredentialHelp | undefined
}

/** How a person gets at a service what is to be entered. */
export type CredentialHelp = {
  readonly title: string
  readonly steps: {
    readonly title: string
    readonly text?: string | undefined
    readonly link?: { readonly title: string; readonly url: string } | undefined
    /** The address to which its service sends a browser back is entered there, and so shown with it. */
    readonly showsRedirect?: boolean | undefined
  }[]
}

/** The path of the address to which a service sends a browser back after a sign-in. */
export const RETURN_PATH = '/oauth/callback'
/** The port of that address on this computer; a free one where it is taken and the service does not insist. */
export const RETURN_PORT = 49_321

/** By which a service of OAuth knows us, and how it wants to be asked (RFC 6749). */
export type OAuthClient = {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret?: string | undefined
  readonly scopes: readonly string[]
  /** Whether the client's secret goes into the header, where a service takes it there alone and does not say so; into the body first when absent. */
  readonly secretInHeader?: boolean
  /** Where a person signs in with a browser; absent where no person does. */
  readonly authorizeUrl?: string | undefined
  /** Where a code is asked for that a person types on another device (RFC 8628). */
  readonly deviceUrl?: string | undefined
  /** Whether the sign-in is bound to who began it (RFC 7636); true when absent. */
  readonly pkce?: boolean
  /** What stands between scopes; a blank when absent. */
  readonly scopeSeparator?: string
  /** What the scopes are called at the sign-in address; `scope` when absent. */
  readonly scopeParam?: string
  /** Tokens are asked for with JSON in place of a form. */
  readonly asksInJson?: boolean
  /** What else the sign-in address is given, such as `access_type` at Google. */
  readonly authorizeParams?: Readonly<Record<string, string>>
  /** Whether the scopes are named again at every renewal. */
  readonly namesScopesAgain?: boolean
  /** What proves who asks where no person signs in: claims that are signed with a key of the service's (RFC 7523). `now` in ms. */
  readonly assertion?: (now: number, scopes: readonly string[]) => string
  /** What has to be asked right after a sign-in, such as where the account is, or for a token that lasts: fields of the credential. */
  readonly afterSignIn?: (given: {
    readonly accessToken: string
    readonly fields: CredentialFields
    /** Asks an address with that token. */
    get(url: string): Promise<Json>
  }) => Promise<CredentialFields>
  /** Where a name and a password make a session, in place of the grants of OAuth. */
  readonly login?: SessionLogin
  /** What of the service's answer is kept beside the tokens: names of its fields, by names of fields of the credential. */
  readonly keeps?: Readonly<Record<string, string>>
}

/** How a service makes a session of a name and a password. */
export type SessionLogin = {
  /** What is asked, in turn, until one is answered: with what is left of the last session first. */
  requests(fields: CredentialFields): readonly {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }[]
  /** The tokens in the answer; null for one without. `expiresAt` is an ISO time, or ''. */
  read(
    answer: string,
  ): { readonly accessToken: string; readonly refreshToken?: string; readonly expiresAt: string } | null
  /** The fields that must not be seen in what the service answers. */
  readonly secrets: readonly string[]
}

/** What a test of a credential is given. It ends with `signal`. */
export type CredentialTest = {
  readonly fields: CredentialFields
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly heavy: HeavyWork
  /** A request as it is, with nothing of the credential: for one that is signed as a whole. */
  http(request: {
    readonly method: string
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: Uint8Array | null
    readonly maxBytes: number
    readonly use?: 'step' | 'goodbye' | undefined
  }): Promise<{
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: Uint8Array
  }>
  /** Connects to a service that speaks something else than HTTP: see {@link ActionContext.connect}. */
  connect(to: { readonly host: string; readonly port: number }, use?: 'step' | 'goodbye'): Promise<Duplex>
  /** Keeps in the credential what is learned of its service at first use, such as the key of a server. */
  note(fields: CredentialFields): Promise<void>
  /** What there is at a path inside an allowed folder. Fails with a {@link StepError} for others. */
  readonly files: {
    info(
      path: string,
    ): Promise<{ readonly path: string } & ({ readonly missing: true } | { readonly isFolder: boolean })>
  }
  /** Calls the service at an address, signed in with the credential. */
  at(address: string): AppClient
}

/** A kind of credential: what is entered, and how a request carries it. */
export type CredentialType = {
  /** Permanent: stored with every credential. */
  readonly id: string
  readonly title: string
  /** What is entered as JSON of these fields, unless there is a {@link bare} text. */
  readonly fields: readonly CredentialField[]
  /** Where one text is entered in place of fields. */
  readonly bare?: {
    readonly title: string
    readonly help: string
    /** The fields of the text; undefined when it does not fit. */
    read(text: string): CredentialFields | undefined
    /** What fits, as the end of "must be written as". */
    readonly shape: string
  }
  /** How a request carries it. Absent for secrets that are no sign-in, such as a key for signatures. */
  signIn?(fields: CredentialFields): SignIn
  readonly help?: CredentialHelp
  /** To which addresses its service sends a browser back after a sign-in: any (on this computer), or one that is entered there as a whole. Absent where no person signs in with a browser. */
  readonly returnsTo?: 'any-address' | 'one-address' | undefined
  /** How its access token is got and renewed, where it is one of OAuth: the fields `accessToken`, `refreshToken` and `expiresAt` are kept up to date. */
  oauth?(fields: CredentialFields): OAuthClient
  /**
   * Asks the service whose credential it is: the account's name as a person knows it, or null where the service does not say. Throws when
   * the service refuses it. Absent where no service is known.
   */
  test?(given: CredentialTest): Promise<string | null>
}

/** Declares a type of credential. */
export function defineCredential(type: CredentialType): CredentialType {
  return type
}

export function credentialTypeInfo({
  id,
  title,
  fields,
  bare,
  test,
  signIn,
  oauth,
  returnsTo,
  help,
}: CredentialType): CredentialTypeInfo {
  const testedAt = test !== undefined ? 'its-service' : signIn !== undefined ? 'an-address' : null
  return {
    id,
    title,
    fields,
    ...(bare && { bare: { title: bare.title, help: bare.help } }),
    testedAt,
    isOAuth: oauth !== undefined,
    ...(returnsTo && {
      redirect: { address: `http://127.0.0.1:${RETURN_PORT}${RETURN_PATH}`, isOnly: returnsTo === 'one-address' },
    }),
    ...(help && { help }),
  }
}

/** The fields of what was entered for a type; undefined when it does not fit. */
export function readCredential(type: CredentialType, secret: string): CredentialFields | undefined {
  if (type.bare !== undefined) return type.bare.read(secret.trim())
  const entered = enteredFields(secret)
  if (entered === undefined) return undefined
  const names = new Set(type.fields.map(({ name }) => name))
  const isWhole = type.fields.every(({ name, isOptional }) => isOptional === true || (entered[name] ?? '') !== '')
  return isWhole && Object.keys(entered).every((name) => names.has(name)) ? entered : undefined
}

/** The fields of a credential in which its service's answers to a sign-in are kept. */
export function toldFields({ keeps = {} }: Pick<OAuthClient, 'keeps'>): ReadonlySet<string> {
  return new Set(['accessToken', 'refreshToken', 'expiresAt', ...Object.keys(keeps)])
}

/** What a person entered of a client, good for another account at the same service: nothing that a sign-in told. Undefined of a type without sign-in. */
export function clientOf(
  { oauth, returnsTo, fields }: CredentialType,
  stored: CredentialFields,
): CredentialFields | undefined {
  if (oauth === undefined || returnsTo === undefined) return undefined
  const client = oauth(stored)
  const told = toldFields(client)
  // What is asked right after a sign-in may have taken the place of what was left open.
  const isOpen = ({ name, isOptional }: CredentialField): boolean =>
    client.afterSignIn !== undefined && isOptional === true && name !== 'clientSecret'
  const kept = fields.filter((field) => !told.has(field.name) && !isOpen(field)).map(({ name }) => name)
  return Object.fromEntries(Object.entries(stored).filter(([name]) => kept.includes(name)))
}

/** How a credential of this type must be written, as the end of a sentence. */
export function shapeOf({ bare, fields }: CredentialType): string {
  if (bare !== undefined) return bare.shape
  const names = fields.map(({ name, isOptional }) => `"${name}"${isOptional === true ? '?' : ''}`)
  return `JSON: { ${names.join(', ')} }`
}

/** What a credential adds to a request. Throws a {@link StepError} `bad-credential` when its secret does not fit its type. */
export function signInOf(type: CredentialType | undefined, { type: id, secret }: Credential, name: string): SignIn {
  if (type?.signIn === undefined) {
    const message =
      type === undefined
        ? `The credential "${name}" is of the type "${id}", which this Hookline does not have: update Hookline, or enter it again as another type.`
        : `The credential "${name}" (${type.title}) cannot sign a request in: choose another one.`
    throw new StepError({ code: 'bad-credential', message, retryable: false })
  }
  const fields = readCredential(type, secret)
  if (fields !== undefined) {
    try {
      return type.signIn(fields)
    } catch (error) {
      if (error instanceof StepError && error.details.code === 'reconnect')
        throw new StepError({ ...error.details, needsSignIn: name }, { cause: error })
      throw error
    }
  }
  const message = `The credential "${name}" must be written as ${shapeOf(type)}; set it again.`
  throw new StepError({ code: 'bad-credential', message, retryable: false })
}

/** Fields may be written as what they are: numbers, true and false, lists of words. Null leaves one out. */
const fieldsSchema = z
  .record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).transform((words) => words.join(' '))]),
  )
  .transform((fields) => {
    const texts = Object.entries(fields).flatMap(([name, value]): [string, string][] =>
      value === null ? [] : [[name, String(value)]],
    )
    return Object.fromEntries(texts)
  })

/** The fields in the JSON of a credential; undefined when it is none. */
export function enteredFields(text: string): CredentialFields | undefined {
  try {
    return fieldsSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
