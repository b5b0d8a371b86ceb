import { createHmac, timingSafeEqual } from 'node:crypto'

/** Texts that go out with a page and come back with what is sent, and that no one else can make. */
export type FormSeal = {
  seal(scope: string, text: string): string
  /** The text that was sealed for this scope; null for anything else. */
  open(scope: string, sealed: string): string | null
}

/** Characters of the longest text that is looked at. */
const MAX_CHARS = 2_000

/** The first secret seals; what any of them has sealed is opened, so that pages that are out hold when another one comes first. */
export function createFormSeal(...secrets: readonly [string, ...string[]]): FormSeal {
  const signatureOf = (scope: string, text: string, secret = secrets[0]): Buffer =>
    createHmac('sha256', secret)
      .update(JSON.stringify(['form', scope, text]))
      .digest()
  return {
    seal: (scope, text) =>
      `${Buffer.from(text, 'utf8').toString('base64url')}.${signatureOf(scope, text).toString('base64url')}`,
    open(scope, sealed) {
      if (sealed.length > MAX_CHARS) return null
      const [encoded = '', signature = ''] = sealed.split('.')
      const text = Buffer.from(encoded, 'base64url').toString('utf8')
      const given = Buffer.from(signature, 'base64url')
      const isOurs = secrets.some((secret) => {
        const expected = signatureOf(scope, text, secret)
        return given.length === expected.length && timingSafeEqual(given, expected)
      })
      return isOurs ? text : null
    },
  }
}
