import { z } from 'zod'
import { type Slice, sliceSchema } from '../../domain/openapi/api.ts'
import { hostTouches } from '../../domain/trust/touches.ts'
import { isJsonObject, type Json, jsonSchema } from '../../domain/values/json.ts'
import type { Step } from '../../domain/zap/zap-file.ts'
import { credentialRefSchema } from '../credential.ts'
import { isBlank } from '../kit/unfinished.ts'

/** The fields that a step of an imported API has, whichever operation it is of. */
export const appFields = {
  app: z
    .string()
    .min(1, { error: 'needs an app' })
    .max(100)
    .meta({ title: 'App', ui: { widget: 'hidden' } }),
  operation: z
    .string()
    .min(1, { error: 'needs an operation' })
    .max(3_000)
    .meta({ title: 'Operation', description: 'Method and path, or its id.', ui: { widget: 'hidden' } }),
  credential: credentialRefSchema.optional().meta({
    title: 'Credential',
    description: 'Signs you in; it is kept apart from the zap.',
    ui: { widget: 'credential' },
  }),
  address: z
    .string()
    .optional()
    .meta({
      title: 'Address',
      description: 'Instead of the address of the app. Requests go nowhere else.',
      ui: { widget: 'template', placeholder: 'https://api.example.com/v1', advanced: true },
    }),
  input: z
    .record(z.string(), jsonSchema)
    .default({})
    .meta({ title: 'Input', description: 'What the operation takes, by name.', ui: { widget: 'hidden' } }),
  slice: sliceSchema.optional().meta({
    title: 'Description',
    description: 'What the app says of the operation, as the zap carries it.',
    ui: { widget: 'hidden' },
  }),
}

/** The field that a zap carries for its step: it is put there when the draft is saved. */
export const CARRIED = ['slice'] as const

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string }

/** What of a step's input is missing, as far as the description of its operation says it. */
export function unfinishedOperation(given: Step['input']): readonly Issue[] {
  const slice = sliceOf(given.slice)
  if (slice === null) {
    if (typeof given.app !== 'string' || typeof given.operation !== 'string' || isBlank(given.app)) return []
    return [
      { path: ['operation'], message: `is none that the app "${given.app}" has: add the app, or choose another one` },
    ]
  }
  const values = isJsonObject(given.input) ? given.input : {}
  const missing = slice.fields
    .filter(({ required, constant, fallback }) => required && constant === undefined && fallback === undefined)
    .filter(({ name }) => isMissing(values[name]))
    .map(({ name }): Issue => ({ path: ['input', name], message: 'needs a value' }))
  const address = addressOf(given, slice)
  if (address === '' || (!address.includes('{{') && URL.parse(address) === null))
    return [
      ...missing,
      { path: ['address'], message: 'must be the whole address of the API, such as https://api.example.com/v1' },
    ]
  return missing
}

const isMissing = (value: Json | undefined): boolean => value === undefined || value === '' || isBlank(value)

/** The slice of an input as it is written; null where it is missing or no such thing. */
export function sliceOf(value: Json | undefined): Slice | null {
  return sliceSchema.safeParse(value).data ?? null
}

/** The address that requests go to: the step's own, or the app's. */
export function addressOf({ address }: { readonly address?: unknown }, slice: Slice): string {
  return (typeof address === 'string' && address.trim() !== '' ? address : slice.address).trim()
}

/** The host that a step turns to. */
export function operationTouches(given: Step['input']) {
  const slice = sliceOf(given.slice)
  if (slice === null) return []
  const reads = slice.method === 'GET' || slice.method === 'HEAD' || slice.method === 'OPTIONS'
  return hostTouches(addressOf(given, slice), reads ? 'reads' : 'writes')
}
