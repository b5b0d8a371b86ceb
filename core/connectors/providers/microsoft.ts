import { StepError } from '../../domain/runs/step-error.ts'
import { encodedPart } from '../../domain/values/address-text.ts'
import { isJsonList, type Json, textOf } from '../../domain/values/json.ts'
import { defineCredential } from '../credential.ts'
import { readPath, valueAt } from '../kit/path.ts'
import { bearer, clientFields, howTo, TOKEN_FIELDS, whoIs } from '../service/accounts.ts'
import type { AnswerRule } from '../service/answers.ts'
import type { Pages } from '../service/pages.ts'

/** Where all of Microsoft's services for a person are (https://learn.microsoft.com/en-us/graph/use-the-api). */
export const GRAPH = 'https://graph.microsoft.com/v1.0'

/** Where a person signs in: of work and school and of their own, unless one organisation is named. */
const loginOf = (tenant: string | undefined): string =>
  `https://login.microsoftonline.com/${encodedPart(tenant || 'common')}/oauth2/v2.0`

/**
 * A person's Microsoft account, for all of Microsoft's apps. Every renewal brings another refresh token, and wants the scopes again
 * (https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow).
 */
export const microsoft = defineCredential({
  id: 'microsoft',
  title: 'Microsoft account',
  fields: [
    ...clientFields({ needsSecret: false, placeholder: '00000000-0000-0000-0000-000000000000' }),
    {
      name: 'tenant',
      title: 'Organisation',
      help: 'Its tenant id, where only people of one organisation may sign in.',
      placeholder: 'common',
      isSecret: false,
      isOptional: true,
      isAdvanced: true,
    },
    ...TOKEN_FIELDS,
  ],
  help: howTo(
    'A client id in four steps',
    {
      title: 'Register an app',
      text: 'For accounts in any organisation and personal ones.',
      link: {
        title: 'App registrations',
        url: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade',
      },
    },
    {
      title: 'Let it sign in',
      text: 'Authentication → add the platform “Mobile and desktop applications” with this redirect address; allow public client flows, for a sign-in on another device.',
      showsRedirect: true,
    },
    {
      title: 'Give it rights',
      text: 'API permissions → Microsoft Graph → Delegated: User.Read, offline_access, and those of your apps, such as Mail.ReadWrite, Mail.Send, Files.ReadWrite.',
    },
    { title: 'Paste its application (client) id here', text: 'The secret stays empty.' },
  ),
  returnsTo: 'any-address',
  signIn({ accessToken }) {
    if (accessToken) return bearer()(accessToken)
    const message = 'The Microsoft account is not signed in: connect it under Credentials.'
    throw new StepError({ code: 'reconnect', message, retryable: false })
  },
  oauth: ({ clientId = '', clientSecret, tenant }) => ({
    tokenUrl: `${loginOf(tenant)}/token`,
    authorizeUrl: `${loginOf(tenant)}/authorize`,
    deviceUrl: `${loginOf(tenant)}/devicecode`,
    clientId,
    clientSecret: clientSecret || undefined,
    scopes: ['offline_access', 'openid', 'profile', 'User.Read'],
    authorizeParams: { response_mode: 'query' },
    namesScopesAgain: true,
  }),
  test: whoIs({ address: GRAPH, path: 'me', name: ['mail', 'userPrincipalName', 'displayName'] }),
})

/** How Microsoft says no (https://learn.microsoft.com/en-us/graph/errors). */
export const microsoftAnswers: AnswerRule = { says: ['error.message'] }

/** Lists name the address of their next page. */
export const graphPages = (most: number): Pages => ({
  items: 'value',
  size: { as: '$top', most },
  next: { by: 'address', at: '["@odata.nextLink"]' },
})

/** What a list of Microsoft's holds. */
export function valuesOf(body: Json): readonly Json[] {
  const found = valueAt(body, readPath('value')) ?? null
  return isJsonList(found) ? found : []
}

/** Addresses as Microsoft has them, of a text with commas between several. */
export const recipients = (given: Json | undefined): Json[] =>
  textOf(given ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((address) => ({ emailAddress: { address } }))
