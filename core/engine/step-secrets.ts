import type { Action } from '../connectors/define.ts'
import {
  createSecretMask,
  type KnownSecret,
  maskValue,
  NO_SECRETS,
  type SecretMask,
} from '../domain/trust/secret-mask.ts'
import { takeSignIn, withoutSignIn } from '../domain/values/address-text.ts'
import { isJsonObject, type Json } from '../domain/values/json.ts'

/** What must not be seen of a step: masks for text, and for bytes (see {@link maskBytes}). */
export type StepSecrets = {
  readonly known: readonly KnownSecret[]
  readonly text: SecretMask
  readonly bytes: SecretMask
}

export const NOTHING_SECRET: StepSecrets = { known: [], text: NO_SECRETS, bytes: NO_SECRETS }

/** The masks of some secrets. */
export function secretsFor(known: readonly KnownSecret[]): StepSecrets {
  if (known.length === 0) return NOTHING_SECRET
  const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
  return { known, text: createSecretMask(known), bytes: createSecretMask(known, asBytes) }
}

/** Fields of a step's input that hold addresses, with a user and a password in them perhaps. */
const ADDRESSES = ['url', 'proxy'] as const

/** Adds the users and passwords of the addresses that a step calls, where they hold any. */
export function withSignIn(secrets: StepSecrets, action: Action, input: Json): StepSecrets {
  if (action.actsByFetch !== true || !isJsonObject(input)) return secrets
  const found = ADDRESSES.flatMap((field) => {
    const address = input[field]
    const url = typeof address === 'string' && address.includes('@') ? URL.parse(address.trim()) : null
    if (url === null) return []
    const { user, password, header } = takeSignIn(url)
    return header === null ? [] : signInSecrets(`sign-in of ${url.hostname}`, user, password)
  })
  return found.length === 0 ? secrets : secretsFor([...secrets.known, ...found])
}

/** A step's input as the journal shows it. */
export function journaledInput(secrets: StepSecrets, action: Action, input: Json): Json {
  const shown = maskValue(secrets.text, input)
  if (action.actsByFetch !== true || !isJsonObject(shown)) return shown
  const bare = ADDRESSES.flatMap((field) => {
    const address = shown[field]
    const without = typeof address === 'string' ? withoutSignIn(address) : address
    return without === undefined || without === address ? [] : [[field, without] as const]
  })
  return bare.length === 0 ? shown : { ...shown, ...Object.fromEntries(bare) }
}

/** Characters from which a password is a secret also where it stands without its user. */
const LONG_PASSWORD = 8

/** The secrets of a user's name and password. Base64 of both is a form of the former, see `createSecretMask`. */
export function signInSecrets(name: string, user: string, password: string): KnownSecret[] {
  const both = { name, value: `${user}:${password}` }
  const encoded = { name, value: Buffer.from(both.value, 'utf8').toString('base64') }
  return password.length < LONG_PASSWORD ? [both, encoded] : [both, encoded, { name, value: password }]
}

/** Bytes without secrets; the same ones where there is none in them. Large ones are looked through in parts. */
export async function maskBytes(mask: SecretMask, bytes: Uint8Array): Promise<Uint8Array> {
  const { pattern, longest } = mask
  if (pattern === null) return bytes
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const pieces: Uint8Array[] = []
  let kept = 0
  for (let from = 0; from < buffer.length; from += PART) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve))
    // One more on both sides, as short ones are told by what stands beside them.
    const start = Math.max(from - 1, 0)
    const text = buffer.toString('latin1', start, Math.min(from + PART + longest + 1, buffer.length))
    pattern.lastIndex = Math.max(kept, from) - start
    for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
      const at = start + found.index
      if (at >= from + PART) break
      pieces.push(buffer.subarray(kept, at), Buffer.from(mask.labelOf(found[0]), 'latin1'))
      kept = at + found[0].length
    }
  }
  return pieces.length === 0 ? bytes : Buffer.concat([...pieces, buffer.subarray(kept)])
}

/** Bytes that are looked through in one go; that takes a millisecond or two. */
const PART = 2_097_152
