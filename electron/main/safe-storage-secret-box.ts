import { safeStorage } from 'electron'
import type { SecretBox } from '../../core/app.ts'

/**
 * Seals with the system's keychain. On a Linux desktop without one, Electron falls back to a password that is the same everywhere; that
 * is told as `weak`, so that the screens can warn.
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
    seal: (text) => safeStorage.encryptStringAsync(text),
    open: async (sealed) => (await safeStorage.decryptStringAsync(Buffer.from(sealed))).result,
  }
}
