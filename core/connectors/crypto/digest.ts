import type { Hash, Hmac } from 'node:crypto'
import { z } from 'zod'
import { type Json, jsonSchema } from '../../domain/values/json.ts'
import type { LargeValues } from '../action-context.ts'
import { bytesOf } from '../kit/file-value.ts'

/** What is hashed or signed, and how. `md5` and `sha1` are for what asks for them: neither withstands an attack. */
export const digestFields = {
  data: jsonSchema.meta({
    title: 'Text or file',
    ui: { widget: 'template-long', placeholder: '{{ hook.body }}' },
  }),
  algorithm: z
    .enum(['sha256', 'sha384', 'sha512', 'sha1', 'md5'])
    .default('sha256')
    .meta({
      title: 'Algorithm',
      ui: {
        labels: {
          sha256: 'SHA-256',
          sha384: 'SHA-384',
          sha512: 'SHA-512',
          sha1: 'SHA-1 (old)',
          md5: 'MD5 (old)',
        },
      },
    }),
  encoding: z
    .enum(['hex', 'base64', 'base64url'])
    .default('hex')
    .meta({ title: 'Written as', ui: { labels: { hex: 'Hex', base64: 'Base64', base64url: 'Base64 for addresses' } } }),
}

/** Bytes that are hashed in one go; that takes some milliseconds. */
const PART = 2_097_152

/** Puts all of a value into a hash, and lets everything else have its turn meanwhile. */
export async function digestOf(
  hash: Hash | Hmac,
  { data, encoding }: { data: Json; encoding: 'hex' | 'base64' | 'base64url' },
  large: LargeValues,
): Promise<string> {
  const bytes = await bytesOf(large, data)
  for (let at = 0; at < bytes.length; at += PART) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve))
    hash.update(bytes.subarray(at, at + PART))
  }
  return hash.digest(encoding)
}
