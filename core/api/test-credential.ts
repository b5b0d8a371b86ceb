import { type CredentialType, readCredential, shapeOf } from '../connectors/credential.ts'
import { appClient, isPage } from '../connectors/kit/app-client.ts'
import { failedAnswer } from '../connectors/kit/failed-answer.ts'
import type { CredentialTestResult } from '../contract/values.ts'
import { StepError, type StepErrorDetails } from '../domain/runs/step-error.ts'
import { shownAddress } from '../domain/values/address-text.ts'
import type { CredentialServices } from './services.ts'

/** Characters of an account's name that are shown. */
const MAX_ACCOUNT = 200

/**
 * Asks a service whether it takes a credential, which must be there: its own service or, with `url`, that address. Of an API (`isApi`) a web page is no
 * answer.
 */
export async function testCredential(
  { catalogue, calls, credentials }: Pick<CredentialServices, 'catalogue' | 'calls' | 'credentials'>,
  { name, url, isApi = false }: { readonly name: string; readonly url?: string | undefined; readonly isApi?: boolean },
): Promise<CredentialTestResult> {
  try {
    const opened = await credentials.open(name)
    const type = await catalogue.credentialType(opened.type)
    if (type === undefined) return untestable(`This Hookline does not have credentials of the type "${opened.type}".`)
    const fields = readCredential(type, opened.secret)
    if (fields === undefined) {
      return untestable(`What is stored is not ${shapeOf(type)}: enter it again.`)
    }
    const account = { $credential: name }
    const { test } = type
    if (url === undefined && test !== undefined) {
      const found = await calls.callWith(name, (context) => {
        const at = (address: string) => appClient(context, { address, account })
        return test({ ...context, fields, at, note: (learned) => context.noteCredential(account, learned) })
      })
      const who = found?.slice(0, MAX_ACCOUNT) ?? null
      return taken(who, who === null ? 'The service takes it.' : `The service takes it: it is that of ${who}.`)
    }
    if (url === undefined || type.signIn === undefined) return untestable(untestableText(type))
    const status = await calls.callWith(name, async ({ http, clock }) => {
      const response = await http({
        method: 'GET',
        url,
        headers: {},
        body: null,
        credential: account,
        maxBytes: MAX_BYTES,
      })
      if (response.status >= 400) throw failedAnswer('GET', new URL(url), response, null, clock.now())
      if (response.isWithoutSecrets) throw ledAway(url, response.url)
      if (isApi && isPage(response.body)) throw pageFrom(url)
      return response.status
    })
    return taken(null, `${shownAddress(url)} takes it (status ${status}).`)
  } catch (error) {
    const details = StepError.from(error)
    return { ok: false, isTestable: details.code !== 'credential', account: null, message: withRemedy(details) }
  }
}

/** An answer from elsewhere says nothing of the credential. */
function ledAway(url: string, to: string): StepError {
  const message = `${shownAddress(url)} led to ${new URL(to).origin}, where the credential does not go: use that address if it is the right one.`
  return new StepError({ code: 'other-service', message, retryable: false })
}

/** That a web page came where an API was asked. */
export function pageFrom(url: string): StepError {
  const message = `A web page came in place of an answer of ${shownAddress(url)}: look at the address, and whether the network asks you to sign in first.`
  return new StepError({ code: 'bad-answer', message, retryable: true })
}

/** Bytes of an answer of which only the status counts. */
const MAX_BYTES = 8_388_608

const taken = (account: string | null, message: string): CredentialTestResult => ({
  ok: true,
  isTestable: true,
  account,
  message,
})

const untestable = (message: string): CredentialTestResult => ({ ok: false, isTestable: false, account: null, message })

function untestableText({ title, signIn }: CredentialType): string {
  return signIn === undefined
    ? `A credential of the type "${title}" cannot be tested: it is no sign-in, and shows whether it is right where it is used.`
    : `A credential of the type "${title}" cannot be tested by itself, as it may be for any service: name an address to try it at.`
}

/** What a person does about a refusal. Other errors name their remedy themselves. */
function withRemedy({ code, message }: StepErrorDetails): string {
  if (code === 'http-401' || code === 'http-403') {
    const said = message.endsWith('.') ? message : `${message}.`
    return `The service refuses it. ${said} Make a new one there, and replace the secret here.`
  }
  return code === 'http-429' ? `${message}. The service asks to wait: test it again later.` : message
}
