import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { contentFor, nameBox, type SecretBox, sealBroken, sealedBy } from '../core/app.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16
/** What the desktop app of earlier versions sealed begins so: Chromium's mark of its key. */
const CHROMIUM_MARK = /^v\d\d/

/**
 * Seals with AES-256-GCM under a key that lies in a file beside the data: it keeps secrets out of copies of the database, not from
 * someone who may read the whole data folder. A sealed secret is nonce, tag and ciphertext; the name it is kept under is authenticated
 * with it, so that secrets cannot be exchanged for one another. What earlier versions sealed has no such bond, until it is entered anew.
 */
export function createKeyFileSecretBox(key: Buffer): SecretBox {
  return {
    protection: 'key-file',
    async seal(text, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.from(context, 'utf8'))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return nameBox('key-file', Buffer.concat([nonce, cipher.getAuthTag(), sealed]))
    },
    async open(sealed, context) {
      const content = contentFor('key-file', sealed)
      const data = Buffer.from(content ?? sealed)
      try {
        const nonce = data.subarray(0, NONCE_BYTES)
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
        if (content !== null) decipher.setAAD(Buffer.from(context, 'utf8'))
        decipher.setAuthTag(data.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
        const opened = [decipher.update(data.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]
        return Buffer.concat(opened).toString('utf8')
      } catch (error) {
        if (content === null && CHROMIUM_MARK.test(data.toString('latin1', 0, 3))) throw sealedBy('safe-storage')
        throw sealBroken(error)
      }
    },
  }
}
