import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { type CredentialRef, credentialRefSchema } from '../credential.ts'
import { defineAction } from '../define.ts'
import { digestFields, digestOf } from './digest.ts'

/** Signs a text or a file with a secret (RFC 2104). */
export const cryptoHmac = defineAction({
  id: 'crypto.hmac',
  title: 'Sign with HMAC',
  description: 'Signs a text or a file with a secret.',
  keywords: ['hmac', 'signature', 'sign', 'sha256 hmac', 'webhook signature', 'crypto', 'secret'],
  icon: 'key-round',
  category: 'data',
  summary: '{algorithm}',
  effect: 'none',
  takesLarge: true,
  input: z.strictObject({
    data: digestFields.data,
    secret: z
      .union([credentialRefSchema, z.string().min(1)], { error: 'needs a secret' })
      .meta({ title: 'Secret', description: 'Kept apart from the zap.', ui: { widget: 'credential' } }),
    secretAs: z
      .enum(['text', 'hex', 'base64'])
      .default('text')
      .meta({
        title: 'The secret is written as',
        ui: { labels: { text: 'Text', hex: 'Hex', base64: 'Base64' }, advanced: true },
      }),
    algorithm: digestFields.algorithm,
    encoding: digestFields.encoding,
  }),
  output: z.object({ text: z.string() }),
  sample: { text: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843' },
  async run({ input, credential, large }) {
    const { algorithm, secret, secretAs } = input
    const text = typeof secret === 'string' ? secret : (await credential(secret)).secret
    return { output: { text: await digestOf(createHmac(algorithm, keyOf(text, secretAs, secret)), input, large) } }
  },
})

const FORMS = { hex: /^(?:[0-9a-f]{2})+$/i, base64: /^[A-Za-z0-9+/_-]+={0,2}$/ }

/** Node would read only the part of a key that fits. */
function keyOf(text: string, as: 'text' | 'hex' | 'base64', secret: CredentialRef | string): Buffer {
  if (as === 'text') return Buffer.from(text, 'utf8')
  const bare = text.trim()
  if (FORMS[as].test(bare)) return Buffer.from(bare, as)
  const name = typeof secret === 'string' ? 'The secret' : `The secret of the credential "${secret.$credential}"`
  throw new StepError({ code: 'bad-input', message: `${name} is not written as ${as}.`, retryable: false })
}
