import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import type { OpenedSession } from './sessions.ts'

/** What a page of the screens does with its key, in Node. */
export type TestPage = {
  /** The public half, as it is sent. */
  readonly key: string
  /** The answer to a challenge, as it is offered as a subprotocol (without its prefix). */
  answer(nonce: string, origin: string): string
}

export function createTestPage(): TestPage {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return {
    key: publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
    answer(nonce, origin) {
      const signed = Buffer.from(`hookline page\n${origin}\n${nonce}`)
      return `${nonce}.${sign('sha256', signed, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
    },
  }
}

/** The proof that a page expects of its host. */
export function expectedProof(session: OpenedSession, origin: string, pageNonce: string, nonce: string): string {
  const signed = `hookline host\n${origin}\n${pageNonce}\n${nonce}`
  return createHmac('sha256', Buffer.from(session.hostKey, 'base64url')).update(signed).digest('base64url')
}
