import type { SenderProof } from '../connectors/kit/verify-options.ts'
import type { SignedRequest } from './proof-values.ts'
import { NO_SECRET } from './signature-report.ts'
import { type Verdict, verifySignature } from './verify-signature.ts'

/** The secrets by which senders prove themselves. */
export type SenderSecrets = {
  /** The secret of a credential; rejects with a sentence when there is none or it cannot be opened. */
  open(name: string): Promise<string>
  /** The secret, if it is open already. */
  peek(name: string): string | undefined
}

/** Checks who sent a request; at once, when the secrets are open already. Neither reason nor report ever holds a secret. */
export function checkSender(
  verify: SenderProof,
  request: SignedRequest,
  secrets: SenderSecrets,
  now: number,
): Verdict | Promise<Verdict> {
  const opened: string[] = []
  for (const { $credential } of verify.secrets) {
    const secret = secrets.peek($credential)
    if (secret === undefined) return openAndCheck(verify, request, secrets, now)
    opened.push(secret)
  }
  return verifySignature({ ...verify, secrets: opened }, request, now)
}

async function openAndCheck(
  verify: SenderProof,
  request: SignedRequest,
  secrets: SenderSecrets,
  now: number,
): Promise<Verdict> {
  const opened: string[] = []
  let failure: string | null = null
  for (const { $credential } of verify.secrets) {
    try {
      opened.push(await secrets.open($credential))
    } catch (error) {
      // Another secret may still fit, as while one is being replaced.
      failure = error instanceof Error ? error.message : String(error)
    }
  }
  const verdict = verifySignature({ ...verify, secrets: opened }, request, now)
  return verdict.ok || opened.length > 0 ? verdict : { ...verdict, reason: failure ?? NO_SECRET }
}
