import { inflateSync } from 'node:zlib'
import { z } from 'zod'
import type { NewOperation } from '../../db/apps.ts'
import { signInSchema } from '../../domain/openapi/api.ts'
import { isJsonList, isJsonObject, type Json } from '../../domain/values/json.ts'

/** What `core/connectors/app/read-app.ts` says of a description. */
const headSchema = z.object({
  title: z.string(),
  version: z.string(),
  kind: z.string(),
  servers: z.array(z.string()),
  signIns: z.array(signInSchema),
  operations: z.int(),
  events: z.int(),
  polls: z.int(),
  problems: z.array(z.string()),
})
export type ApiHead = z.infer<typeof headSchema>

const operationSchema = z.object({
  key: z.string(),
  title: z.string(),
  method: z.string(),
  path: z.string(),
  operationId: z.string(),
  tag: z.string(),
  search: z.string(),
  isEvent: z.boolean(),
  canPoll: z.boolean(),
  isDeprecated: z.boolean(),
  fields: z.int().nullable(),
  raw: z.array(z.tuple([z.string(), z.string()])),
  needsJson: z.boolean(),
  body: z.string(),
})

/** One piece of what the thread says: the head, or rows. */
export const pieceSchema = z.union([
  z.object({ head: headSchema }),
  z.object({ operations: z.array(operationSchema) }),
  z.object({ parts: z.array(z.object({ ref: z.string(), body: z.string() })) }),
])

/** A row as it is stored. */
export function storedOperation(row: z.infer<typeof operationSchema>): NewOperation {
  const { key, title, method, path, operationId, tag, search, body, ...flags } = row
  return { key, title, method, path, operationId, tag, flags, body: storedBody(body), search: searchText(search) }
}

export const storedBody = (body: string): Uint8Array =>
  body.startsWith('z') ? Buffer.from(body.slice(1), 'base64') : Buffer.from(body, 'utf8')

/** The first byte of what zlib packs (RFC 1950). */
const ZLIB = 0x78

/** What a stored body says. */
export function readStored(body: Uint8Array): Json {
  return JSON.parse((body[0] === ZLIB ? inflateSync(body) : Buffer.from(body)).toString('utf8'))
}

/** A text as it is looked for: small letters without accents. */
export function searchText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** The refs in a value. */
export function refsIn(value: Json, found: Set<string> = new Set()): Set<string> {
  if (isJsonList(value)) for (const one of value) refsIn(one, found)
  else if (isJsonObject(value)) {
    if (typeof value.$ref === 'string') found.add(value.$ref)
    for (const one of Object.values(value)) refsIn(one, found)
  }
  return found
}
