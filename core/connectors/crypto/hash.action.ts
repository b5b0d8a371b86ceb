import { createHash } from 'node:crypto'
import { z } from 'zod'
import { defineAction } from '../define.ts'
import { digestFields, digestOf } from './digest.ts'

/** The checksum of a text or a file. */
export const cryptoHash = defineAction({
  id: 'crypto.hash',
  title: 'Hash',
  description: 'Makes the checksum of a text or a file.',
  keywords: ['hash', 'checksum', 'sha256', 'md5', 'sha1', 'digest', 'fingerprint', 'crypto', 'generate hash'],
  icon: 'fingerprint',
  category: 'data',
  summary: '{algorithm}',
  effect: 'none',
  takesLarge: true,
  input: z.strictObject(digestFields),
  output: z.object({ text: z.string() }),
  sample: { text: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' },
  async run({ input, large }) {
    return { output: { text: await digestOf(createHash(input.algorithm), input, large) } }
  },
})
