import { withoutTrailing } from '../domain/templates/trailing.ts'
import type { SignatureReport } from '../domain/trust/signature-report.ts'
import { type ProofOptions, readTimestamp, type SignedRequest } from './proof-values.ts'
import { proofOf } from './proofs.ts'
import { missingProof, NO_SECRET, reportRefusal, TOO_OLD, UNFIT } from './signature-report.ts'

/** `secret`: the one that fits, of several. */
export type Verdict =
  | { readonly ok: true; readonly secret: string }
  | { readonly ok: false; readonly reason: string; readonly report: SignatureReport }

/** Milliseconds by which a signed time may differ from ours, either way: older ones may be a replay. */
const TOLERANCE_MS = 300_000

/**
 * Checks that a request comes from a sender that knows one of `secrets`. `reason` is a sentence for the inbox, and `report` the whole
 * calculation; neither ever holds a secret.
 */
export function verifySignature(options: ProofOptions, request: SignedRequest, nowMs: number): Verdict {
  // With an empty key anybody could sign.
  const secrets = options.secrets.map((secret) => withoutTrailing(secret, '\r\n')).filter((secret) => secret !== '')
  const proof = proofOf(options, request)
  const refuse = (reason: string): Verdict => ({
    ok: false,
    reason,
    report: reportRefusal({ options: { ...options, secrets }, request, proof, nowMs, reason }),
  })
  if (secrets.length === 0) return refuse(NO_SECRET)
  if ('missing' in proof) return refuse(missingProof(proof))
  if (proof.timestamp !== null) {
    const sentAt = readTimestamp(proof.timestamp)
    if (sentAt === undefined) return refuse('The time of the signature is not a number of seconds.')
    if (Math.abs(nowMs - sentAt) > TOLERANCE_MS) return refuse(TOO_OLD)
  }
  const secret = secrets.find((candidate) => proof.fits(candidate))
  return secret === undefined ? refuse(UNFIT) : { ok: true, secret }
}
