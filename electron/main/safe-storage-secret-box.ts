import { safeStorage } from 'electron'
import { contentFor, nameBox, SealError, type SecretBox, sealBroken, sealedBy } from '../../core/app.ts'

/** Before the name and the secret in what is sealed; no secret of an earlier version begins so. */
const NAMED = 'hookline secret of '

/**
 * Chromium's mark on Linux of what it sealed with a key that is the same on every computer, as there was no keychain. It says more than
 * `getSelectedStorageBackend`, which tells of a guess that the key is not taken from.
 */
const FIXED_KEY = 'v10'

const LOCKED =
  'The keychain of this system is locked, or there is none: unlock it or set one up. Until then credentials can neither be read nor stored; everything else runs.'

/**
 * Seals with the system's keychain. On a Linux desktop without one, Electron falls back to a password that is the same everywhere; that
 * is told as `weak`, so that the screens can warn. The name that a secret is kept under is sealed with it and compared when it is opened.
 * Where the keychain does not open, the box is `locked`: each secret is refused in a sentence, until it does.
 */
export async function createSafeStorageSecretBox(platform: NodeJS.Platform = process.platform): Promise<SecretBox> {
  let protection = await protectionOf(platform)
  return {
    get protection() {
      return protection
    },
    async lookAgain() {
      if (protection === 'locked') protection = await protectionOf(platform)
    },
    async seal(text, context) {
      await requireKeychain()
      return sealed(text, context)
    },
    async open(bytes, context, reseal) {
      const content = contentFor('safe-storage', bytes)
      // Without Chromium's mark it takes a text for one that was never sealed, and returns it as it is.
      if (!isChromiums(content ?? bytes, platform)) throw content === null ? sealedBy('key-file') : sealBroken()
      await requireKeychain()
      let text: string
      let isStale: boolean
      try {
        const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(content ?? bytes))
        text = result
        isStale = shouldReEncrypt
      } catch (error) {
        throw sealBroken(error)
      }
      const secret = secretIn(text, content === null, context)
      if (isStale && reseal !== undefined) reseal(await sealed(secret, context))
      return secret
    },
  }
}

async function sealed(text: string, context: string): Promise<Uint8Array> {
  return nameBox('safe-storage', await safeStorage.encryptStringAsync(`${NAMED}${JSON.stringify(context)}\n${text}`))
}

function secretIn(text: string, isUnnamed: boolean, context: string): string {
  // One of an earlier version, which knew no names. A name means that the box's was cut off.
  if (isUnnamed && !text.startsWith(NAMED)) return text
  const head = `${NAMED}${JSON.stringify(context)}\n`
  if (isUnnamed || !text.startsWith(head)) throw sealBroken()
  return text.slice(head.length)
}

/** A person may unlock it at any time. */
async function requireKeychain(): Promise<void> {
  if (!(await isKeychainOpen())) throw new SealError(LOCKED)
}

async function isKeychainOpen(): Promise<boolean> {
  return safeStorage.isAsyncEncryptionAvailable().catch(() => false)
}

async function protectionOf(platform: NodeJS.Platform): Promise<SecretBox['protection']> {
  if (!(await isKeychainOpen())) return 'locked'
  if (platform !== 'linux') return 'keychain'
  const probe = await safeStorage.encryptStringAsync('probe').catch(() => null)
  if (probe === null) return 'locked'
  return probe.toString('latin1', 0, FIXED_KEY.length) === FIXED_KEY ? 'weak' : 'keychain'
}

/** Whether Chromium has sealed it: it begins with the mark of a key, such as `v11`, or on Windows as DPAPI's own do. */
function isChromiums(bytes: Uint8Array, platform: NodeJS.Platform): boolean {
  const start = Buffer.from(bytes.subarray(0, 4))
  return /^v\d\d/.test(start.toString('latin1')) || (platform === 'win32' && start.equals(Buffer.from([1, 0, 0, 0])))
}
