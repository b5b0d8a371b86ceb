import { StepError } from '../domain/runs/step-error.ts'
import { type CredentialType, defineCredential } from './credential.ts'
import { HEADER_NAME } from './kit/request-headers.ts'
import { mysql, postgres, sqlite } from './providers/databases.ts'
import { google, googleServiceAccount } from './providers/google.ts'
import { imap } from './providers/imap.ts'
import { smtp } from './providers/mail.ts'
import { microsoft } from './providers/microsoft.ts'

const token = (id: string, title: string, label: string, help: string): CredentialType =>
  defineCredential({
    id,
    title,
    fields: [{ name: 'token', title: label, isSecret: true }],
    bare: { title: label, help, shape: 'the secret alone', read: (text) => ({ token: text }) },
    signIn: ({ token = '' }) => ({ headers: { authorization: `Bearer ${token}` } }),
  })

/** The types of credential that every Hookline has, in the order of the form. */
export const builtInCredentialTypes: readonly CredentialType[] = [
  token('secret', 'Secret', 'Secret', 'For signatures of webhooks and the like, used as it is.'),
  token('bearer', 'Bearer token', 'Token', 'Sent as "Authorization: Bearer …".'),
  defineCredential({
    id: 'basic',
    title: 'User and password',
    fields: [
      { name: 'user', title: 'User', isSecret: false },
      { name: 'password', title: 'Password', isSecret: true },
    ],
    bare: {
      title: 'User and password',
      help: 'Written user:password.',
      shape: '"user:password"',
      read(text) {
        const at = text.indexOf(':')
        return at < 0 ? undefined : { user: text.slice(0, at), password: text.slice(at + 1) }
      },
    },
    signIn: ({ user = '', password = '' }) => ({
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}` },
    }),
  }),
  defineCredential({
    id: 'header',
    title: 'Header',
    fields: [
      { name: 'name', title: 'Name', isSecret: false },
      { name: 'value', title: 'Value', isSecret: true },
    ],
    bare: {
      title: 'Header',
      help: 'Written Name: value, such as X-Api-Key: 123.',
      shape: '"Name: value"',
      read(text) {
        const at = text.indexOf(':')
        const name = text.slice(0, Math.max(at, 0)).trim()
        const value = text.slice(at + 1).trim()
        return HEADER_NAME.test(name) && value !== '' ? { name, value } : undefined
      },
    },
    signIn: ({ name = '', value = '' }) => ({ headers: { [name]: value } }),
  }),
  defineCredential({
    id: 'query',
    title: 'Parameter of the address',
    fields: [
      { name: 'name', title: 'Name', placeholder: 'api_key', isSecret: false },
      { name: 'value', title: 'Value', isSecret: true },
    ],
    signIn: ({ name = '', value = '' }) => ({ query: { [name]: value } }),
  }),
  defineCredential({
    id: 'oauth2',
    title: 'OAuth2',
    fields: [
      { name: 'tokenUrl', title: 'Token address', placeholder: 'https://example.com/oauth/token', isSecret: false },
      { name: 'clientId', title: 'Client id', isSecret: false },
      { name: 'clientSecret', title: 'Client secret', isSecret: true, isOptional: true },
      {
        name: 'authorizeUrl',
        title: 'Sign-in address',
        help: 'Where a person signs in. Without it, and with a client secret, the client signs in by itself.',
        placeholder: 'https://example.com/oauth/authorize',
        isSecret: false,
        isOptional: true,
      },
      {
        name: 'deviceUrl',
        title: 'Device address',
        help: 'Where a code is asked for that is typed on another device, at services that have this.',
        placeholder: 'https://example.com/oauth/device',
        isSecret: false,
        isOptional: true,
        isAdvanced: true,
      },
      { name: 'scopes', title: 'Scopes', help: 'With blanks between them.', isSecret: false, isOptional: true },
      {
        name: 'pkce',
        title: 'PKCE',
        help: 'true, or false for a service that does not know it.',
        isSecret: false,
        isOptional: true,
        isAdvanced: true,
      },
      { name: 'refreshToken', title: 'Refresh token', isSecret: true, isOptional: true, isAdvanced: true },
      { name: 'accessToken', title: 'Access token', isSecret: true, isOptional: true, isAdvanced: true },
      {
        name: 'expiresAt',
        title: 'Access token ends',
        help: 'As 2026-11-30T09:00:00Z. Both are renewed by themselves.',
        isSecret: false,
        isOptional: true,
        isAdvanced: true,
      },
    ],
    returnsTo: 'any-address',
    signIn({ accessToken = '' }) {
      if (accessToken !== '') return { headers: { authorization: `Bearer ${accessToken}` } }
      const message = 'The credential is not signed in: connect it under Credentials.'
      throw new StepError({ code: 'reconnect', message, retryable: false })
    },
    oauth: ({ tokenUrl = '', clientId = '', clientSecret, authorizeUrl, deviceUrl, pkce, scopes = '' }) => ({
      tokenUrl,
      clientId,
      clientSecret: clientSecret || undefined,
      authorizeUrl: authorizeUrl || undefined,
      deviceUrl: deviceUrl || undefined,
      pkce: pkce !== 'false',
      scopes: scopes.split(/[\s,]+/).filter((scope) => scope !== ''),
    }),
  }),
  google,
  googleServiceAccount,
  microsoft,
  smtp,
  imap,
  postgres,
  mysql,
  sqlite,
]
