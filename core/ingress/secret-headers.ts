import type { SenderProof } from '../connectors/kit/verify-options.ts'
import { isSecretName } from '../domain/trust/secret-names.ts'
import { fieldsAt } from './body-fields.ts'

type Headers = Readonly<Record<string, string>>

/** What stands in the place of a header's value that must not be read. */
const HIDDEN = '(hidden)'

/** The header, by its lower-case name, in which a sender sends the secret itself; null where it only signs with it. */
function proofHeader({ scheme, header }: Pick<SenderProof, 'scheme' | 'header'>): string | null {
  switch (scheme) {
    case 'basic':
    case 'bearer':
      return 'authorization'
    case 'gitlab':
      return 'x-gitlab-token'
    case 'header':
      return header?.toLowerCase() ?? null
    default:
      return null
  }
}

/** The headers of a request that was believed: the secret that proved it is in the credential store, and is kept nowhere else. */
export function withoutProof(headers: Headers, verify: Pick<SenderProof, 'scheme' | 'header'> | null): Headers {
  const proof = verify === null ? null : proofHeader(verify)
  return hide(headers, (name) => name === proof)
}

/**
 * The headers of a request that starts nothing. Whom it was meant for is not always known, such as while its zap is switched off, so
 * what looks like a secret is hidden.
 */
export function withoutSecrets(headers: Headers, verify: Pick<SenderProof, 'scheme' | 'header'> | null): Headers {
  const proof = verify === null ? null : proofHeader(verify)
  return hide(headers, (name) => name === proof || isSecretName(name))
}

function hide(headers: Headers, isSecret: (name: string) => boolean): Headers {
  if (!Object.keys(headers).some(isSecret)) return headers
  const shown: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) shown[name] = isSecret(name) ? hidden(name, value) : value
  return shown
}

/** Of `authorization` its first word stays, which tells how the sender proves itself. */
function hidden(name: string, value: string): string {
  const scheme = name === 'authorization' ? /^(basic|bearer|digest) /i.exec(value)?.[1] : undefined
  return scheme === undefined ? HIDDEN : `${scheme} ${HIDDEN}`
}

/** A query without the token that Meta sends in it. */
export function withoutToken(query: string): string {
  return query.replace(/(^|&)(hub\.verify_token|hub%2Everify_token)=[^&]*/gi, `$1$2=${encodeURIComponent(HIDDEN)}`)
}

/** The body of a request as it is kept: a secret that proves its sender, or would have, is hidden where it stands in it. */
export function withoutBodyProof(
  raw: Uint8Array,
  verify: Pick<SenderProof, 'scheme' | 'at' | 'signed'> | null | undefined,
): Uint8Array {
  if (verify?.scheme !== 'in-body' || verify.signed !== undefined) return raw
  const sent = Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('utf8')
  const secrets = new Set(fieldsAt(raw, verify.at ?? '').filter((one) => one !== ''))
  if (secrets.size === 0) return raw
  const hide = (text: string): Buffer => {
    let hidden = text
    for (const secret of [...secrets].slice(0, MOST_HIDDEN))
      hidden = hidden.replaceAll(JSON.stringify(secret), JSON.stringify(HIDDEN))
    return Buffer.from(hidden)
  }
  const kept = hide(sent)
  const isLeft = fieldsAt(kept, verify.at ?? '').some((one) => secrets.has(one))
  // JSON may write the same text in several ways.
  return isLeft ? hide(JSON.stringify(JSON.parse(sent))) : kept
}

/** Different secrets that are hidden in one body: a service has one of each address. */
const MOST_HIDDEN = 10
