import { z } from 'zod'
import { durationSchema, parseDuration } from '../../domain/time/duration.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { credentialRefSchema } from '../credential.ts'
import { defineAction } from '../define.ts'
import { ALGORITHMS, readToken, signToken, verifyToken } from './jwt.ts'

const objectSchema = z.record(z.string(), jsonSchema)
const onlyFor = (...uses: readonly ('sign' | 'verify')[]) => ({ showIf: { field: 'do', in: [...uses] } })

/** Signs tokens, and looks whether one is good (JSON Web Token, RFC 7519). */
export const cryptoJwt = defineAction({
  id: 'crypto.jwt',
  title: 'JSON Web Token',
  description: 'Makes a signed token, or looks whether one is good and what it says.',
  keywords: ['jwt', 'json web token', 'sign token', 'verify token', 'jws', 'claims', 'rs256', 'hs256', 'es256'],
  icon: 'key-round',
  category: 'data',
  summary: '{do} {algorithm}',
  effect: 'none',
  input: z
    .strictObject({
      do: z
        .enum(['sign', 'verify', 'decode'])
        .default('sign')
        .meta({
          title: 'What',
          ui: { labels: { sign: 'Make a token', verify: 'Check a token', decode: 'Read a token without a check' } },
        }),
      token: z
        .string()
        .optional()
        .meta({
          title: 'Token',
          ui: {
            widget: 'template',
            placeholder: '{{ hook.headers.authorization }}',
            showIf: { field: 'do', in: ['verify', 'decode'] },
          },
        }),
      payload: objectSchema.optional().meta({
        title: 'What it says',
        description: 'Its claims, such as iss, sub and aud.',
        ui: { placeholder: '{ "iss": "me", "sub": "{{ user.id }}" }', ...onlyFor('sign') },
      }),
      algorithm: z
        .enum(ALGORITHMS)
        .default('HS256')
        .meta({
          title: 'Algorithm',
          description: 'A token that names another one is not good.',
          ui: onlyFor('sign', 'verify'),
        }),
      secret: z
        .union([credentialRefSchema, z.string().min(1)])
        .optional()
        .meta({
          title: 'Secret or key',
          description: 'HS takes a secret; the others a key as PEM or JWK, to check also a list of them (JWKS).',
          ui: { widget: 'credential', types: ['secret'], ...onlyFor('sign', 'verify') },
        }),
      secretAs: z
        .enum(['text', 'hex', 'base64'])
        .default('text')
        .meta({
          title: 'The secret is written as',
          ui: { labels: { text: 'Text', hex: 'Hex', base64: 'Base64' }, advanced: true, ...onlyFor('sign', 'verify') },
        }),
      expiresIn: durationSchema
        .optional()
        .meta({ title: 'Good for', ui: { widget: 'duration', placeholder: '1h', ...onlyFor('sign') } }),
      header: objectSchema.optional().meta({
        title: 'Header',
        description: 'What stands beside typ and alg, such as kid.',
        ui: { placeholder: '{ "kid": "2026-11" }', advanced: true, ...onlyFor('sign') },
      }),
      issuer: z
        .string()
        .optional()
        .meta({ title: 'Issued by', ui: { advanced: true, ...onlyFor('verify') } }),
      audience: z
        .string()
        .optional()
        .meta({ title: 'Meant for', ui: { advanced: true, ...onlyFor('verify') } }),
      tolerance: durationSchema.default('1m').meta({
        title: 'Clocks may differ by',
        ui: { widget: 'duration', advanced: true, ...onlyFor('verify') },
      }),
    })
    .superRefine(({ do: what, token, secret }, issues) => {
      const needs = (field: string): void => {
        issues.addIssue({ code: 'custom', path: [field], message: 'is needed' })
      }
      if (what !== 'sign' && (token === undefined || token === '')) needs('token')
      if (what !== 'decode' && secret === undefined) needs('secret')
    }),
  output: z.object({ token: z.string(), header: jsonSchema, payload: jsonSchema }),
  sample: {
    token: 'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.…',
    header: { typ: 'JWT', alg: 'HS256' },
    payload: { sub: '42', iat: 1_764_493_200, exp: 1_764_496_800 },
  },
  async run({ input, credential, clock }) {
    const { do: what, algorithm, secret = '', secretAs, token = '' } = input
    const text = typeof secret === 'string' ? secret : (await credential(secret)).secret
    const key = { text, as: secretAs }
    const now = clock.now()
    if (what === 'sign') {
      const seconds = Math.floor(now / 1_000)
      const lasts = input.expiresIn === undefined ? undefined : (parseDuration(input.expiresIn) ?? 0)
      const payload = {
        iat: seconds,
        ...(lasts !== undefined && { exp: seconds + Math.floor(lasts / 1_000) }),
        ...input.payload,
      }
      const made = signToken(payload, input.header ?? {}, algorithm, key)
      return { output: { token: made, header: readToken(made).header, payload } }
    }
    const { issuer, audience, tolerance } = input
    const toleranceMs = parseDuration(tolerance) ?? 0
    const { header, payload } =
      what === 'decode' ? readToken(token) : verifyToken(token, { algorithm, issuer, audience, toleranceMs, now }, key)
    return { output: { token: token.trim().replace(/^Bearer /i, ''), header, payload } }
  },
})
