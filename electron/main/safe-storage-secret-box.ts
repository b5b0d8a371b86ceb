import { safeStorage } from 'electron'
import { contentFor, nameBox, type SecretBox, sealBroken, sealedBy } from '../../core/app.ts'

/** Before the name and the secret in what is sealed; no secret of an earlier version begins so. */
const NAMED = 'hookline secret of '

/**
 * Seals with the system's keychain. On a Linux desktop without one, Electron falls back to a password that is the same everywhere; that
 * is told as `weak`, so that the screens can warn. The name that a secret is kept under is sealed with it and compared when it is opened.
 *
 * @throws Error when the system offers no encryption at all.
 */
export async function createSafeStorageSecretBox(platform: NodeJS.Platform = process.platform): Promise<SecretBox> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) {
    throw new Error(
      'This system offers no way to keep secrets: unlock or set up its keychain, then start Hookline again.',
    )
  }
  const backend = platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'keychain'
  return {
    protection: backend === 'basic_text' || backend === 'unknown' ? 'weak' : 'keychain',
    seal: async (text, context) =>
      nameBox('safe-storage', await safeStorage.encryptStringAsync(`${NAMED}${JSON.stringify(context)}\n${text}`)),
    async open(sealed, context) {
      const content = contentFor('safe-storage', sealed)
      // Without Chromium's mark it takes a text for one that was never sealed, and returns it as it is.
      if (!isChromiums(content ?? sealed, platform)) throw content === null ? sealedBy('key-file') : sealBroken()
      let text: string
      try {
        text = (await safeStorage.decryptStringAsync(Buffer.from(content ?? sealed))).result
      } catch (error) {
        throw sealBroken(error)
      }
      // One of an earlier version, which knew no names. A name means that the box's was cut off.
      if (content === null && !text.startsWith(NAMED)) return text
      const head = `${NAMED}${JSON.stringify(context)}\n`
      if (content === null || !text.startsWith(head)) throw sealBroken()
      return text.slice(head.length)
    },
  }
}

/** Whether Chromium has sealed it: it begins with the mark of a key, such as `v10`, or on Windows as DPAPI's own do. */
function isChromiums(sealed: Uint8Array, platform: NodeJS.Platform): boolean {
  const start = Buffer.from(sealed.subarray(0, 4))
  return /^v\d\d/.test(start.toString('latin1')) || (platform === 'win32' && start.equals(Buffer.from([1, 0, 0, 0])))
}
