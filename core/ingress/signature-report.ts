import { recogniseScheme } from '../domain/trust/recognise-scheme.ts'
import type { SignatureCheck, SignatureReport } from '../domain/trust/signature-report.ts'
import {
  type Content,
  type NoProof,
  type Proof,
  type ProofOptions,
  readTimestamp,
  type SignedRequest,
  type Signing,
} from './proof-values.ts'
import { proofOf } from './proofs.ts'

export const NO_SECRET = 'No secret is set for this webhook.'
export const missingProof = ({ missing, isInBody }: NoProof): string =>
  `The ${isInBody === true ? 'field' : 'header'} "${missing}"${isInBody === true ? ' of the body' : ''} is missing or not in the form that it should have.`
export const TOO_OLD = 'The signature is more than five minutes old or ahead; look at the clocks of both computers.'
export const UNFIT = 'The signature does not fit the secret.'

/** Characters of a signed text or a header that a report keeps. */
const SHOWN = 300
/** Characters of an expected signature that are shown: enough to compare by, and useless for forging one. */
const SHOWN_OF_EXPECTED = 8

type Refusal = {
  readonly options: ProofOptions
  readonly request: SignedRequest
  readonly proof: Proof | NoProof
  readonly nowMs: number
  readonly reason: string
}

/** Tells step by step why a request was not believed: which header, which time, what was signed, what came out and what was expected. */
export function reportRefusal(refusal: Refusal): SignatureReport {
  const { options } = refusal
  return {
    scheme: options.scheme,
    checks: [...headerChecks(refusal), ...timeChecks(refusal), ...comparison(refusal)],
    hint: hintFor(refusal),
  }
}

function headerChecks({ proof, request, reason }: Refusal): SignatureCheck[] {
  if ('missing' in proof) {
    const given = request.headers[proof.missing] ?? ''
    const text =
      proof.isInBody === true || given === '' ? 'The request does not have it.' : 'It is there, but not in this form.'
    return [
      {
        title: `${proof.isInBody === true ? 'Field' : 'Header'} ${proof.missing}`,
        result: 'failed',
        text,
        values: [{ label: 'Expected form', text: proof.form }],
      },
    ]
  }
  const text = proof.signing === null ? 'It is there; what it holds is kept nowhere.' : 'It is there.'
  // Where it is compared with what was expected, it stands there.
  const isShown = proof.signing !== null && reason !== UNFIT
  const values = isShown ? [{ label: 'Received', text: cut(proof.signing.given) }] : []
  return [{ title: `Header ${proof.header}`, result: 'passed', text, values }]
}

function timeChecks({ proof, nowMs, reason }: Refusal): SignatureCheck[] {
  if ('missing' in proof || proof.timestamp === null) return []
  const hasPassed = reason === UNFIT
  const sentAt = readTimestamp(proof.timestamp)
  const text =
    sentAt === undefined
      ? 'It is not a number of seconds.'
      : `It was signed ${distance(nowMs - sentAt)}. Five minutes either way are allowed.`
  return [
    {
      title: 'Time of the signature',
      result: hasPassed ? 'passed' : 'failed',
      text,
      values: [
        { label: 'Signed at', text: sentAt === undefined ? cut(proof.timestamp) : new Date(sentAt).toISOString() },
        { label: 'Received at', text: new Date(nowMs).toISOString() },
      ],
    },
  ]
}

function comparison({ proof, options, reason }: Refusal): SignatureCheck[] {
  if ('missing' in proof || reason !== UNFIT) return []
  const { signing } = proof
  const count = options.secrets.length
  const secrets = count === 1 ? 'the secret of this webhook' : `any of the ${count} secrets of this webhook`
  if (signing === null) {
    return [{ title: 'Comparison', result: 'failed', text: `It is not the same as ${secrets}.`, values: [] }]
  }
  return [
    {
      title: 'Signed text',
      result: 'seen',
      text: `${signing.recipe}, signed with ${signing.method}.`,
      values: [{ label: 'Signed text', text: preview(signing.content) }],
    },
    {
      title: 'Comparison',
      result: 'failed',
      text: `What was received was not made of this text with ${secrets}.`,
      values: [
        { label: `Received ${proof.header}`, text: cut(signing.given) },
        ...options.secrets.map((secret, at) => ({
          label: count === 1 ? 'Expected, it begins' : `Expected with secret ${at + 1}, it begins`,
          text: beginning(signing, secret),
        })),
      ],
    },
  ]
}

function beginning(signing: Signing, secret: string): string {
  const expected = signing.expected(secret)
  if (expected === null) return '(nothing: the secret is not of the kind that this scheme signs with)'
  const [, label = '', rest = ''] = /^((?:sha\d+=|v\d=|v\d,)?)(.*)$/s.exec(expected) ?? []
  return `${label}${rest.slice(0, SHOWN_OF_EXPECTED)}…`
}

/** The most likely cause. It is looked for only when a request was refused, so it may take its time. */
function hintFor(refusal: Refusal): string | null {
  const { options, request, proof } = refusal
  const { scheme, secrets } = options
  if (secrets.length === 0) return 'Choose a credential with the secret that the sender shows you.'
  const seen = recogniseScheme(headersOf(request))
  if ('missing' in proof) {
    if (seen === null || seen.verify.scheme === scheme) return null
    return `Its header "${seen.header}" looks like ${seen.sender}: choose that in the webhook's step.`
  }
  if (refusal.reason !== UNFIT) return null
  if (scheme === 'twilio') return addressHint(refusal)
  if (scheme === 'stripe' && !secrets.some((secret) => secret.startsWith('whsec_'))) {
    return 'The secret of a Stripe endpoint begins with "whsec_"; this one does not, so it may be an API key.'
  }
  if ((scheme === 'svix' || scheme === 'standard-webhooks') && proof.signing?.expected(secrets[0] ?? '') === null) {
    return 'The secret should be base64, mostly with "whsec_" before it; this one is not.'
  }
  if (secrets.some((secret) => secret !== secret.trim() && proof.fits(secret.trim()))) {
    return 'It fits without the spaces around the secret: save the credential without them.'
  }
  return rewrittenBody(refusal) ?? 'Compare the secret with the one that the sender shows, or let it send a new one.'
}

/** Whether a request would be believed if something about it were otherwise. */
function wouldFit(options: ProofOptions, request: SignedRequest): boolean {
  const proof = proofOf(options, request)
  return !('missing' in proof) && options.secrets.some((secret) => proof.fits(secret))
}

/** Twilio signs the address that it calls, so another scheme makes another signature. */
function addressHint({ options, request }: Refusal): string {
  const address = options.url ?? request.url
  const other = address.startsWith('https:') ? address.replace('https:', 'http:') : address.replace('http:', 'https:')
  return wouldFit({ ...options, url: other }, request)
    ? `It fits when the address is ${other}: set that as the public address in the webhook's step.`
    : 'Twilio signs the address that it calls. Compare the one above with the one set at Twilio, and set it as the public address.'
}

/** Bytes of a body up to which other ways of writing it are tried: each is read, written and signed anew. */
const MAX_REWRITTEN = 65_536

/** Something on the way may have read the body and written it anew; then only the sender's own way of writing fits. */
function rewrittenBody({ options, request }: Refusal): string | null {
  if (request.rawBody.length > MAX_REWRITTEN) return null
  const text = request.rawBody.toString('utf8')
  const others = [text.trimEnd(), `${text}\n`, ...rewritten(text)]
  return others.some((other) => other !== text && wouldFit(options, { ...request, rawBody: Buffer.from(other) }))
    ? 'The secret is right, but the body was changed on its way: only its white space or its escapes differ from what was signed. Look for a proxy or a tool that rewrites it.'
    : null
}

function rewritten(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text)
    return [JSON.stringify(value), JSON.stringify(value, null, 2), JSON.stringify(value).replaceAll('/', '\\/')]
  } catch {
    return []
  }
}

function headersOf(request: SignedRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

function distance(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1_000)
  const amount = seconds < 120 ? `${seconds} s` : seconds < 7_200 ? `${Math.round(seconds / 60)} min` : 'hours or days'
  return ms < 0 ? `${amount} ahead of this computer's clock` : `${amount} before it arrived`
}

/** The beginning of what was signed. Bytes that are no text show as such. */
function preview(content: Content): string {
  let text = ''
  for (const part of content) {
    text += typeof part === 'string' ? part : part.subarray(0, SHOWN * 4).toString('utf8')
    if (text.length > SHOWN) break
  }
  return cut(text)
}

const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)
