import { keepSessionKey, readSessionKey } from './session-key.ts'

/** What the two sides sign begins so; `headless/control/sessions.ts` has the same words. */
const PAGE_SIGNS = 'hookline page'
const HOST_SIGNS = 'hookline host'

/** A program that took the host's port may never answer. */
const PATIENCE_MS = 10_000

/** Why a host does not let us in: it knows no session of this browser, or the opened address was void. */
export type Locked = 'no-session' | 'void-address'

/**
 * What opens a connection: the subprotocols to offer. `away` where nothing answers, and `no-session` where the host does not know this
 * browser, or is not the one that does. No secret leaves the page for it, so that another program on the host's port learns nothing.
 */
export async function openingProtocols(): Promise<string[] | 'away' | 'no-session'> {
  const { keys, session } = await readSessionKey()
  if (session === null) return (await isAnyoneThere()) ? 'no-session' : 'away'
  const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(24)))
  const answer = await ask('/session/challenge', { session: session.id, nonce })
  if (answer === 'away') return 'away'
  const challenge = texts(answer, 'nonce', 'proof')
  if (challenge === null) return 'no-session'
  const [hostNonce, proof] = challenge
  const signedByHost = bytesOf(`${HOST_SIGNS}\n${location.origin}\n${nonce}\n${hostNonce}`)
  const isOurHost = await crypto.subtle.verify('HMAC', session.hostKey, fromBase64Url(proof), signedByHost)
  if (!isOurHost) return 'no-session'
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    keys.privateKey,
    bytesOf(`${PAGE_SIGNS}\n${location.origin}\n${hostNonce}`),
  )
  return ['hookline', `session.${hostNonce}.${toBase64Url(new Uint8Array(signature))}`]
}

/**
 * Opens a session with the code of `#token=…`, if the address has one, and takes it out of the address. Null without one; else whether
 * the host took it (`away`: nothing answered).
 */
export async function redeemAddress(): Promise<'opened' | 'void-address' | 'away' | null> {
  const code = /^#token=([^&]{1,200})/.exec(location.hash)?.[1]
  if (code === undefined) return null
  history.replaceState(null, '', `${location.pathname}${location.search}`)
  const { keys } = await readSessionKey()
  const key = toBase64Url(new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey)))
  const answer = await ask('/session', { code, key })
  if (answer === 'away') return 'away'
  const opened = texts(answer, 'id', 'hostKey')
  if (opened === null) return 'void-address'
  const [id, hostSecret] = opened
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const hostKey = await crypto.subtle.importKey('raw', fromBase64Url(hostSecret), algorithm, false, ['verify'])
  await keepSessionKey({ keys, session: { id, hostKey } })
  return 'opened'
}

/** What the host answers; null where it refuses. */
async function ask(path: string, body: object): Promise<unknown> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hookline': '1' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    return response.ok ? await response.json() : null
  } catch {
    return 'away'
  }
}

async function isAnyoneThere(): Promise<boolean> {
  try {
    await fetch('/', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) })
    return true
  } catch {
    return false
  }
}

/** Two texts of an answer; null where it has not both. */
function texts(answer: unknown, first: string, second: string): [string, string] | null {
  if (typeof answer !== 'object' || answer === null) return null
  const { [first]: one, [second]: two } = answer as Readonly<Record<string, unknown>>
  return typeof one === 'string' && typeof two === 'string' ? [one, two] : null
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** Nothing where the text is not base64url. */
function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]{0,200}$/.test(text)) return new Uint8Array()
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}
