/** What this browser keeps of its session with a host. */
export type SessionKey = {
  /** The private half can be used, but read by no script. */
  readonly keys: CryptoKeyPair
  /** Of the session that a host opened for it; null before that. */
  readonly session: { readonly id: string; readonly hostKey: CryptoKey } | null
}

const DATABASE = 'hookline'
const STORE = 'session'
const RECORD = 'mine'

// For a browser that keeps nothing, as some do in private windows: the session then lasts until the page is left.
let kept: SessionKey | null = null

/** The key of this browser for this address, which all its tabs share. Made at the first use. */
export async function readSessionKey(): Promise<SessionKey> {
  if (kept !== null) return kept
  try {
    const found = await inStore('readonly', (store) => store.get(RECORD))
    // What lies there was put there by `keepSession`; a database of another form would have another name.
    if (found !== undefined) return found as SessionKey
  } catch (thrown) {
    console.warn('This browser keeps no session.', thrown)
  }
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  kept = { keys, session: null }
  return kept
}

export async function keepSessionKey(key: SessionKey): Promise<void> {
  try {
    await inStore('readwrite', (store) => store.put(key, RECORD))
    // Other tabs may open another session: the one that is stored counts.
    kept = null
  } catch (thrown) {
    kept = key
    console.warn('This browser keeps no session.', thrown)
  }
}

async function inStore(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const opening = indexedDB.open(DATABASE, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
  await ended(opening)
  const database = opening.result
  try {
    const asked = work(database.transaction(STORE, mode).objectStore(STORE))
    await ended(asked)
    return asked.result
  } finally {
    database.close()
  }
}

function ended(request: IDBRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error ?? new Error('The browser’s database does not answer.'))
  })
}
