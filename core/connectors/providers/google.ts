import { createSign } from 'node:crypto'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonObject, type Json } from '../../domain/values/json.ts'
import { defineCredential, type SignIn } from '../credential.ts'
import { readPath, valueAt } from '../kit/path.ts'
import { clientFields, howTo, TOKEN_FIELDS, whoIs } from '../service/accounts.ts'
import { type AnswerRule, wordsIn } from '../service/answers.ts'

const CONSOLE = 'https://console.cloud.google.com'
const TOKEN_URL = 'https://oauth2.googleapis.com/token'

function withToken(accessToken: string | undefined): SignIn {
  if (accessToken) return { headers: { authorization: `Bearer ${accessToken}` } }
  const message = 'The Google account is not signed in: connect it under Credentials.'
  throw new StepError({ code: 'reconnect', message, retryable: false })
}

const whoAmI = whoIs({ address: 'https://www.googleapis.com', path: 'oauth2/v2/userinfo', name: ['email', 'name'] })

/**
 * A person's Google account, for all of Google's apps. A "Desktop app" has a secret which Google asks for, though it is none; without
 * `access_type=offline` there is no refresh token, and without `prompt=consent` none at a second consent
 * (https://developers.google.com/identity/protocols/oauth2/native-app).
 */
export const google = defineCredential({
  id: 'google',
  title: 'Google account',
  fields: [...clientFields({ needsSecret: true, placeholder: '….apps.googleusercontent.com' }), ...TOKEN_FIELDS],
  help: howTo(
    'A client id in five steps',
    {
      title: 'Create a project',
      text: 'Any name will do.',
      link: { title: 'Google Cloud console', url: `${CONSOLE}/projectcreate` },
    },
    {
      title: 'Switch on the APIs that you need',
      text: 'Sheets, Drive, Gmail, Calendar, Docs, Forms.',
      link: { title: 'API library', url: `${CONSOLE}/apis/library` },
    },
    {
      title: 'Describe the consent screen',
      text: 'External, and then “Publish app”: while it is “in testing” the sign-in ends after some days.',
      link: { title: 'Consent screen', url: `${CONSOLE}/auth/overview` },
    },
    {
      title: 'Create an OAuth client id',
      text: 'Type “Desktop app”. It needs no redirect address.',
      link: { title: 'Clients', url: `${CONSOLE}/auth/clients` },
    },
    { title: 'Paste id and secret here', text: 'They are sealed on this computer.' },
  ),
  returnsTo: 'any-address',
  signIn: ({ accessToken }) => withToken(accessToken),
  oauth: ({ clientId = '', clientSecret }) => ({
    tokenUrl: TOKEN_URL,
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    clientId,
    clientSecret: clientSecret || undefined,
    scopes: ['openid', 'email'],
    authorizeParams: { access_type: 'offline', prompt: 'consent', include_granted_scopes: 'true' },
  }),
  test: whoAmI,
})

const keySchema = z.object({
  client_email: z.string().min(1),
  private_key: z.string().includes('PRIVATE KEY'),
  token_uri: z.url().optional(),
})

/** What a service account asks for; it sees only what is shared with it. Mail is for those who act for a person (`subject`). */
const SERVICE_SCOPES = ['spreadsheets', 'drive', 'documents', 'calendar'].map(
  (one) => `https://www.googleapis.com/auth/${one}`,
)
const MAIL_SCOPE = 'https://www.googleapis.com/auth/gmail.modify'

function readKey(text: string): z.output<typeof keySchema> {
  try {
    return keySchema.parse(JSON.parse(text))
  } catch (cause) {
    const message =
      'The key of the Google service account is not the JSON file that Google gives: paste the whole file.'
    throw new StepError({ code: 'bad-credential', message, retryable: false }, { cause })
  }
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * A service account, which signs claims with its key in place of a person who signs in (RFC 7523; claims as google-auth-library has them:
 * iss, scope, aud, iat and exp an hour later, sub for the person that it acts for).
 */
export const googleServiceAccount = defineCredential({
  id: 'google-service-account',
  title: 'Google service account',
  fields: [
    { name: 'key', title: 'Key (JSON)', help: 'The whole file that Google offers.', isSecret: true },
    {
      name: 'subject',
      title: 'Acts for',
      help: 'The address of a person of your organisation, where it may.',
      placeholder: 'ada@example.com',
      isSecret: false,
      isOptional: true,
      isAdvanced: true,
    },
    ...TOKEN_FIELDS.filter(({ name }) => name !== 'refreshToken'),
  ],
  help: howTo(
    'A key in three steps',
    {
      title: 'Create a service account',
      link: { title: 'Service accounts', url: `${CONSOLE}/iam-admin/serviceaccounts` },
    },
    { title: 'Add a key', text: 'Keys → Add key → JSON. A file is saved.' },
    { title: 'Share with it', text: 'Share the sheet, folder or calendar with the account’s e-mail address.' },
  ),
  signIn: ({ accessToken }) => withToken(accessToken),
  oauth({ key = '', subject }) {
    const account = readKey(key)
    return {
      tokenUrl: account.token_uri ?? TOKEN_URL,
      clientId: account.client_email,
      scopes: subject ? [...SERVICE_SCOPES, MAIL_SCOPE] : SERVICE_SCOPES,
      assertion(now, scopes) {
        const issued = Math.floor(now / 1_000)
        const claims = {
          iss: account.client_email,
          scope: scopes.join(' '),
          aud: account.token_uri ?? TOKEN_URL,
          iat: issued,
          exp: issued + 3_600,
          ...(subject ? { sub: subject } : {}),
        }
        const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`
        return `${signed}.${createSign('RSA-SHA256').update(signed).sign(account.private_key, 'base64url')}`
      },
    }
  },
  test: async ({ fields }) => readKey(fields.key ?? '').client_email,
})

/** 403 is "too many requests" with some words (https://developers.google.com/workspace/drive/api/guides/handle-errors). */
export const googleAnswers: AnswerRule = {
  says: ['error.message', 'error_description'],
  means(status, body) {
    const reason = valueAt(body, readPath('error.errors[0].reason'))
    const isLimit = reason === 'rateLimitExceeded' || reason === 'userRateLimitExceeded'
    return status === 403 && (isLimit || /quota exceeded|rate limit/i.test(wordsIn(body, ['error.message'])))
      ? 429
      : status
  },
}

/** What accounts Google's apps take. */
export const GOOGLE_ACCOUNTS = ['google', 'google-service-account'] as const

/** An object of Google's, as far as it is one. */
export const objectOf = (value: Json | undefined): Readonly<Record<string, Json>> =>
  value !== undefined && isJsonObject(value) ? value : {}
