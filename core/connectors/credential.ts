import { z } from 'zod'

/** A reference to a credential, as zap files carry it. */
export const credentialRefSchema = z.strictObject({ $credential: z.string().min(1) })
export type CredentialRef = z.infer<typeof credentialRefSchema>

/** A credential's secret in the clear, only ever in memory. `basic` is `user:password`, `header` is `Name: value`. */
export type Credential = { readonly type: 'secret' | 'bearer' | 'basic' | 'header'; readonly secret: string }
