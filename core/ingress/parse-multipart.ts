import type { Json } from '../domain/json.ts'
import type { KeepBytes, ParsedBody } from './parse-body.ts'
import { addPair, objectOf } from './parse-form.ts'

/** More parts than these make the body a file as a whole: no form has so many, but an attack might. */
const LIMITS = { fields: 1_000, files: 100, parts: 1_100, fieldSize: 1_048_576, fieldNameSize: 200, headerPairs: 50 }

type Part = string | { readonly filename: string; readonly contentType: string; readonly content: Buffer }

/**
 * Reads a form with files: fields as text, files as `{ filename, contentType, bytes, content }` with the content kept beside the database.
 * What is not whole, or not multipart at all, is kept as one file, with a note.
 */
export async function parseMultipart(raw: Uint8Array, contentType: string, keepBytes: KeepBytes): Promise<ParsedBody> {
  let parts: [string, Part][]
  try {
    parts = await readParts(raw, contentType)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const note = `The form could not be read, so it is kept as a file: ${why}`
    return { body: await keepBytes(raw), note, isFile: true }
  }
  const pairs = new Map<string, Json | Json[]>()
  for (const [name, part] of parts)
    addPair<Json>(pairs, name, typeof part === 'string' ? part : await kept(part, keepBytes))
  return { body: objectOf(pairs), note: null }
}

async function kept(part: Exclude<Part, string>, keepBytes: KeepBytes): Promise<Json> {
  const { filename, contentType, content } = part
  return { filename, contentType, bytes: content.length, content: await keepBytes(content) }
}

/** The parts in order. Rejects when the body ends in the middle of one, or has too many. */
async function readParts(raw: Uint8Array, contentType: string): Promise<[string, Part][]> {
  // Only when a form with files comes: most hosts never see one, and need not hold its reader in memory.
  const { Busboy } = await import('@fastify/busboy')
  return new Promise((resolve, reject) => {
    const parts: [string, Part][] = []
    // Throws at once when the content type names no boundary.
    const reader = new Busboy({ headers: { 'content-type': contentType }, limits: LIMITS })
    reader.on('field', (name, value, isNameCut, isValueCut) => {
      if (isNameCut || isValueCut) reject(new Error(`the field "${name}" is too long`))
      else parts.push([name, value])
    })
    reader.on('file', (name, stream, filename, _encoding, type) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('error', reject)
      stream.on('end', () => {
        parts.push([name, { filename: filename ?? '', contentType: type, content: Buffer.concat(chunks) }])
      })
    })
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
      reader.on(limit, () => reject(new Error('it has too many parts')))
    }
    reader.on('error', reject)
    reader.on('finish', () => resolve(parts))
    reader.end(raw)
  })
}
