/** A sealed secret that cannot be opened here; the message says in a sentence why, and what to do. */
export class SealError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SealError'
  }
}

/** Which box sealed a secret: each host has its own, and cannot open those of the other. */
export type BoxName = 'key-file' | 'safe-storage'

const SEALED_BY: Readonly<Record<BoxName, string>> = {
  'key-file': 'by the headless host, with the key file beside its data',
  'safe-storage': "by the desktop app, with this system's keychain",
}

const MARK = 'hookline-sealed/2 '
/** The mark, the name of a box, and a line break. */
const MOST_HEAD_BYTES = 64

/** Puts the name of its box before what was sealed, so that no other box tries to open it. */
export function nameBox(box: BoxName, content: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`${MARK}${box}\n`)
  const named = new Uint8Array(head.length + content.length)
  named.set(head)
  named.set(content, head.length)
  return named
}

/**
 * What lies behind the box's name; null where no box is named: such a secret was sealed by an earlier version.
 *
 * @throws SealError when another box is named.
 */
export function contentFor(box: BoxName, sealed: Uint8Array): Uint8Array | null {
  const start = new TextDecoder('latin1').decode(sealed.subarray(0, MOST_HEAD_BYTES))
  if (!start.startsWith(MARK)) return null
  const end = start.indexOf('\n')
  const named = start.slice(MARK.length, end)
  if (end > 0 && named === box) return sealed.subarray(end + 1)
  throw sealedBy(named === 'key-file' || named === 'safe-storage' ? named : null)
}

/** It was sealed by another box, or by one that this version does not know. */
export function sealedBy(box: BoxName | null): SealError {
  const who = box === null ? 'by a newer version of Hookline, or it was changed' : SEALED_BY[box]
  return new SealError(`It was sealed ${who}: enter it again under Credentials, and this host can use it.`)
}

/** It is one of ours and does not open. */
export function sealBroken(cause?: unknown): SealError {
  return new SealError(
    'It was changed, belongs to another name, or was sealed with another key: enter it again under Credentials.',
    { cause },
  )
}
