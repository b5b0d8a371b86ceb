import type { CredentialFields, SessionLogin } from '../../connectors/credential.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import { type KnownSecret, maskValue } from '../../domain/trust/secret-mask.ts'
import { shownAddress } from '../../domain/values/address-text.ts'
import { NO_GUARD } from '../fetch-guard.ts'
import type { OutgoingFetch } from '../guarded-fetch.ts'
import { secretsFor } from '../step-secrets.ts'

const TIMEOUT_MS = 30_000
const MAX_BYTES = 1_048_576

/**
 * Signs in by name and password at a service that makes a session of them: with what is left of the last one first, where there is something.
 *
 * @throws StepError `reconnect` when the service refuses all of it, and one that may be tried again while it is down.
 */
export async function bySessionLogin(
  { name, fields }: { readonly name: string; readonly fields: CredentialFields },
  login: SessionLogin,
  fetch: OutgoingFetch,
): Promise<NonNullable<ReturnType<SessionLogin['read']>>> {
  const known = login.secrets.flatMap((field): KnownSecret[] => (fields[field] ? [{ name, value: fields[field] }] : []))
  const secrets = secretsFor(known)
  let said = ''
  for (const { url, headers, body } of login.requests(fields)) {
    const response = await fetch(
      {
        method: 'POST',
        url,
        headers: { ...headers, 'user-agent': 'Hookline' },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        maxBytes: MAX_BYTES,
      },
      { ...NO_GUARD, secrets, keepsAnswer: true as const },
    )
    const { status } = response
    if (status >= 500 || status === 429) {
      const message = `${shownAddress(url)} answered ${status} when asked for a session.`
      throw new StepError({ code: `http-${status}`, message, retryable: true })
    }
    const text = Buffer.from(response.body).toString('utf8')
    const session = status < 400 ? login.read(text) : null
    if (session !== null) return session
    said = `${status} ${String(maskValue(secrets.text, text)).replace(/\s+/g, ' ').slice(0, 200)}`.trim()
  }
  const message = `The service does not take the name and password of the credential "${name}" (${said}): enter them again under Credentials.`
  throw new StepError({ code: 'reconnect', message, retryable: false, needsSignIn: name })
}
