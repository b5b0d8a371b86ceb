import { z } from 'zod'
import { type Json, type JsonObject, jsonSchema } from '../values/json.ts'

/** The description of an API, as far as Hookline uses it: OpenAPI 2.0 to 3.2 as one shape. Schemas in it refer to parts by {@link partOf}. */
export type Api = {
  readonly title: string
  /** The version of the API, not that of the description. */
  readonly version: string
  /** Of what kind the document is: `OpenAPI 3.0.3`. */
  readonly kind: string
  /** Addresses that it suggests, as they are written: they may be relative. */
  readonly servers: readonly string[]
  readonly signIns: readonly SignIn[]
  readonly operations: readonly Operation[]
  readonly events: readonly ApiEvent[]
  /** Schemas that others refer to, by their refs. */
  readonly parts: ReadonlyMap<string, JsonObject>
  /** What is wrong with the document as a whole, in sentences. */
  readonly problems: readonly string[]
}

/** A way to sign in that a description names. */
export const signInSchema = z.object({
  id: z.string(),
  type: z.enum(['basic', 'bearer', 'header', 'query', 'cookie', 'oauth2', 'other']),
  /** Of the header, parameter or cookie of a key. */
  name: z.string(),
  description: z.string(),
  /** Of OAuth2: where one signs in, as the description has it, so that an address may be relative to that of the API. Empty where it says nothing. */
  oauth: z
    .object({
      authorizeUrl: z.string(),
      tokenUrl: z.string(),
      deviceUrl: z.string(),
      /** With blanks between them. */
      scopes: z.string(),
    })
    .optional(),
})
export type SignIn = z.infer<typeof signInSchema>

/** Where a value of an operation's input goes. */
export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie'

export type Parameter = {
  readonly name: string
  readonly in: ParameterPlace
  readonly required: boolean
  readonly description: string
  readonly schema: JsonObject
  readonly style: ParameterStyle
  readonly explode: boolean
  /** Characters that have a meaning in addresses are left as they are. */
  readonly reserved: boolean
  /** It is sent as JSON. */
  readonly isJson: boolean
}

/** How a field of a form is written. */
export type FieldEncoding = {
  readonly style: ParameterStyle
  readonly explode: boolean
  readonly contentType?: string
}

const styleSchema = z.enum([
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'tabDelimited',
  'pipeDelimited',
  'deepObject',
])
export type ParameterStyle = z.infer<typeof styleSchema>

export type RequestBody = {
  /** As it is sent: `application/json`. */
  readonly type: string
  readonly required: boolean
  readonly description: string
  readonly schema: JsonObject
  /** How fields of a form are written, where it is said. */
  readonly encoding: Readonly<Record<string, FieldEncoding>>
}

/** What an operation answers when it went well; null schema where that is not said. */
export type ApiAnswer = {
  readonly schema: JsonObject | null
  readonly example: Json | undefined
  readonly isStream: boolean
}

export type Operation = {
  /** Its method and path, with the names of what stands in the path left out: it stays the same when those are renamed. */
  readonly key: string
  readonly method: string
  readonly path: string
  readonly id: string
  readonly title: string
  readonly description: string
  readonly tag: string
  readonly isDeprecated: boolean
  readonly parameters: readonly Parameter[]
  readonly body: RequestBody | null
  readonly answer: ApiAnswer
  /** Addresses of its own, where it has some. */
  readonly servers: readonly string[]
  /** The ways to sign in that it takes; empty for none. */
  readonly signIns: readonly string[]
  /** The header by which it knows a repeat, where it declares one. */
  readonly keyHeader: string | null
  /** Where the list is in its answer, and what tells the items apart, for one that lists things. */
  readonly list: { readonly path: string; readonly key: string } | null
}

/** Something that the API tells by calling an address. */
export type ApiEvent = {
  readonly key: string
  readonly title: string
  readonly description: string
  readonly tag: string
  readonly method: string
  readonly schema: JsonObject | null
  readonly example: Json | undefined
}

/** What a request needs of a field's schema: of which type its value is, down to where it is anything. */
export type Shape = {
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'list' | 'object' | 'file' | 'any'
  readonly items?: Shape | undefined
  readonly fields?: Readonly<Record<string, Shape>> | undefined
}

const shapeSchema: z.ZodType<Shape> = z.lazy(() =>
  z.strictObject({
    type: z.enum(['string', 'number', 'integer', 'boolean', 'list', 'object', 'file', 'any']),
    items: shapeSchema.optional(),
    fields: z.record(z.string(), shapeSchema).optional(),
  }),
)

/** A field of an operation's input, and where its value goes. */
const sliceFieldSchema = z.strictObject({
  /** What the input calls it; `key` is what the API does. */
  name: z.string().max(300),
  key: z.string().max(300),
  in: z.enum(['path', 'query', 'header', 'cookie', 'body']),
  required: z.boolean(),
  shape: shapeSchema,
  style: styleSchema,
  explode: z.boolean(),
  reserved: z.boolean().optional(),
  isJson: z.boolean().optional(),
  /** Of a part of a form that is no file, where it is said. */
  contentType: z.string().max(200).optional(),
  /** What is sent where nothing is filled in, because nothing else can be. */
  constant: jsonSchema.optional(),
  /** What is sent of a field that is needed where nothing is filled in. */
  fallback: jsonSchema.optional(),
})
export type SliceField = z.infer<typeof sliceFieldSchema>

/**
 * All that a step needs to know of its operation to do it: a published zap carries it, so that what runs stays the same when the app is updated or
 * removed.
 */
export const sliceSchema = z.strictObject({
  operation: z.string().max(3_000),
  title: z.string().max(300),
  /** Of the app. */
  app: z.string().max(300),
  address: z.string().max(2_000),
  method: z.string().regex(/^[A-Z]{1,20}$/),
  path: z.string().max(3_000),
  fields: z.array(sliceFieldSchema).max(1_000),
  /** The content type of the body, and whether the input's field `body` is all of it. */
  body: z.strictObject({ type: z.string().max(200), isWhole: z.boolean() }).nullable(),
  keyHeader: z.string().max(200).nullable(),
  list: z.strictObject({ path: z.string().max(500), key: z.string().max(300) }).nullable(),
})
export type Slice = z.infer<typeof sliceSchema>
