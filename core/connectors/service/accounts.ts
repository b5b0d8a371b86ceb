import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { withoutTrailing } from '../../domain/templates/trailing.ts'
import { shownAddress } from '../../domain/values/address-text.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import type { AppClient } from '../app-request.ts'
import {
  type CredentialField,
  type CredentialFields,
  type CredentialHelp,
  type CredentialTest,
  type CredentialType,
  defineCredential,
  type OAuthClient,
  type SignIn,
} from '../credential.ts'
import { readPath, valueAt } from '../kit/path.ts'

/** How a service is asked whose an account is. */
type WhoAmI = {
  /** The service's address, or how the credential's fields say it. */
  readonly address: string | ((fields: CredentialFields) => string)
  readonly path: string
  readonly method?: 'GET' | 'POST'
  /** Where in the answer its name stands: the first of these that does. */
  readonly name: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

/** Steps by which a person gets what is entered. */
export const howTo = (title: string, ...steps: CredentialHelp['steps']): CredentialHelp => ({ title, steps })

/** Asks whose an account is, and whether it is taken at all. */
export function whoIs({ address, path, method = 'GET', name, headers }: WhoAmI): NonNullable<CredentialType['test']> {
  return async ({ fields, at }: CredentialTest): Promise<string | null> => {
    const client: AppClient = at(typeof address === 'string' ? address : address(fields))
    const { body } = await client({ method, path, ...(headers && { headers }) })
    const found = name
      .map((one) => valueAt(jsonSchema.parse(body), readPath(one)))
      .find((one) => one != null && one !== '')
    return found === undefined
      ? null
      : z
          .union([z.string(), z.number().transform(String)])
          .catch('')
          .parse(found) || null
  }
}

/** An account of one secret that a person makes at the service and pastes. */
export function tokenAccount(declared: {
  readonly id: string
  readonly title: string
  /** What the service calls the secret, and what it looks like. */
  readonly secret: { readonly title: string; readonly placeholder?: string; readonly help?: string }
  /** Other fields, such as the server of a person's own. */
  readonly fields?: readonly CredentialField[]
  readonly help?: CredentialHelp
  readonly signIn: (secret: string, fields: CredentialFields) => SignIn
  readonly test?: CredentialType['test']
}): CredentialType {
  const { id, title, secret, fields = [], help, signIn, test } = declared
  return defineCredential({
    id,
    title,
    fields: [...fields, { name: 'token', isSecret: true, ...secret }],
    ...(help && { help }),
    signIn: (entered) => signIn(entered.token ?? '', entered),
    ...(test && { test }),
  })
}

/** A secret in the header `Authorization`, behind a word that the service asks for. */
export const bearer =
  (word = 'Bearer') =>
  (secret: string): SignIn => ({ headers: { authorization: word === '' ? secret : `${word} ${secret}` } })

/** Fields in which the tokens of a sign-in are kept; a person does not enter them. */
export const TOKEN_FIELDS: readonly CredentialField[] = [
  { name: 'refreshToken', title: 'Refresh token', isSecret: true, isOptional: true, isAdvanced: true },
  { name: 'accessToken', title: 'Access token', isSecret: true, isOptional: true, isAdvanced: true },
  { name: 'expiresAt', title: 'Access token ends', isSecret: false, isOptional: true, isAdvanced: true },
]

/** The client id and secret by which a service of OAuth knows a person's own Hookline. */
export const clientFields = (options: {
  readonly needsSecret: boolean
  readonly placeholder?: string
}): CredentialField[] => [
  {
    name: 'clientId',
    title: 'Client id',
    isSecret: false,
    ...(options.placeholder !== undefined && { placeholder: options.placeholder }),
  },
  { name: 'clientSecret', title: 'Client secret', isSecret: true, isOptional: !options.needsSecret },
]

/** User and password, or what a service takes as such. */
export const basic = (user: string, password: string): SignIn => ({
  headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}` },
})

/** The address of a server of one's own, or of the part of a service where an account is. */
export const serverField = (
  placeholder: string,
  options: { readonly title?: string; readonly help?: string; readonly usual?: string } = {},
): CredentialField => {
  const { title = 'Server', help, usual } = options
  const empty = usual === undefined ? undefined : `${usual} when empty.`
  const words = [help, empty].filter((one) => one !== undefined).join(' ')
  return {
    name: 'server',
    title,
    placeholder,
    isSecret: false,
    ...(words !== '' && { help: words }),
    ...(usual !== undefined && { isOptional: true }),
  }
}

/** The address in a {@link serverField}, with the path of the service's API. Throws a {@link StepError} `bad-credential` for what is no address. */
export function serverOf({ server = '' }: CredentialFields, path = '', usual = ''): string {
  const written = server.trim() || usual
  const url = /^https?:\/\//i.test(written) ? URL.parse(written) : null
  if (url === null || url.hostname === '') {
    const message = `The server of the account must be a whole address, such as https://example.com, but is "${shownAddress(written)}": enter it again under Credentials.`
    throw new StepError({ code: 'bad-credential', message, retryable: false })
  }
  return `${url.origin}${withoutTrailing(url.pathname, '/')}${path}`
}

/** How a person gets a client id at a service that has a page for apps. */
export const clientHelp = (
  page: { readonly title: string; readonly url?: string },
  ...more: string[]
): CredentialHelp =>
  howTo(
    'A client id in five steps',
    {
      title: `Open ${page.title}`,
      ...(page.url !== undefined && { link: { title: page.title, url: page.url } }),
    },
    { title: 'Create an app there', text: 'Any name will do; it is for yourself.' },
    { title: 'Enter the redirect address', showsRedirect: true },
    { title: 'Give it rights', text: more.join(' ') || 'Those that it asks you about.' },
    { title: 'Paste client id and secret here', text: 'They are sealed on this computer. Then connect.' },
  )

/** As {@link serverOf}, for an app whose API is at one path of each server. */
export const serverAt =
  (path = '', usual = '') =>
  (fields: CredentialFields): string =>
    serverOf(fields, path, usual)

/** An account in which a person signs in with a browser. */
export function oauthAccount(declared: {
  readonly id: string
  readonly title: string
  /** Where a person signs in; absent where the client does so by itself. */
  readonly authorizeUrl?: string | ((fields: CredentialFields) => string)
  readonly tokenUrl: string | ((fields: CredentialFields) => string)
  /** What each account is granted; what a connector needs besides stands in its own `scopes`. */
  readonly scopes: readonly string[]
  readonly needsSecret?: boolean
  /** The service sends a browser back to one whole address alone, port and all. */
  readonly isAtFixedAddress?: boolean
  readonly more?: Partial<Omit<OAuthClient, 'scopes' | 'clientId' | 'clientSecret'>>
  /** Other fields, such as the server of a person's own, and those of `more.keeps`. */
  readonly fields?: readonly CredentialField[]
  readonly help: CredentialHelp
  readonly test?: CredentialType['test']
  /** A name and a password make a session, so that there is no client: see `more.login`. */
  readonly isSession?: boolean
  /** How a request carries the token; as a bearer when absent. */
  readonly signIn?: (accessToken: string, fields: CredentialFields) => SignIn
}): CredentialType {
  const { id, title, scopes, needsSecret = true, isSession = false } = declared
  const { more = {}, fields = [], help, test, signIn = bearer() } = declared
  const said = (address: string | ((fields: CredentialFields) => string), entered: CredentialFields) =>
    typeof address === 'string' ? address : address(entered)
  return defineCredential({
    id,
    title,
    fields: [...fields, ...(isSession ? [] : clientFields({ needsSecret })), ...TOKEN_FIELDS],
    help,
    ...(declared.authorizeUrl !== undefined && {
      returnsTo: declared.isAtFixedAddress === true ? 'one-address' : 'any-address',
    }),
    signIn(entered) {
      if (entered.accessToken) return signIn(entered.accessToken, entered)
      const message = `The ${title} is not signed in: connect it under Credentials.`
      throw new StepError({ code: 'reconnect', message, retryable: false })
    },
    oauth: (entered) => ({
      ...more,
      ...(declared.authorizeUrl !== undefined && { authorizeUrl: said(declared.authorizeUrl, entered) }),
      tokenUrl: said(declared.tokenUrl, entered),
      clientId: entered.clientId ?? '',
      clientSecret: entered.clientSecret || undefined,
      scopes,
    }),
    ...(test && { test }),
  })
}
