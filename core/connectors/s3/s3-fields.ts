import { z } from 'zod'
import type { ActionContext } from '../action-context.ts'
import { type CredentialRef, credentialRefSchema, enteredFields } from '../credential.ts'
import { s3Client } from './s3-client.ts'

export const accountField = credentialRefSchema.meta({
  title: 'Account',
  description: 'Amazon S3, or what speaks as it does.',
  ui: { widget: 'credential', types: ['s3'] },
})

export const bucketField = z
  .string()
  .max(255)
  .optional()
  .meta({
    title: 'Bucket',
    description: 'That of the account when empty.',
    ui: { widget: 'template', placeholder: 'reports' },
  })

export const keyField = z
  .string()
  .min(1, { error: 'needs a key, such as reports/may.csv' })
  .meta({
    title: 'Key',
    description: 'The name of the object, with its folders.',
    ui: { widget: 'template', placeholder: 'reports/may.csv' },
  })

type Context = Pick<
  ActionContext<{ readonly account: CredentialRef; readonly bucket?: string | undefined }>,
  'input' | 'credential' | 'http' | 'clock'
>

/** The store of a step. */
export async function storeOf({ input, credential, http, clock }: Context) {
  const entered = enteredFields((await credential(input.account)).secret) ?? {}
  return s3Client(entered, { http, clock }, input.bucket)
}
