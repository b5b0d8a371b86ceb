import { setImmediate as turn } from 'node:timers/promises'
import type { LargeValue } from '../domain/values/large-value.ts'

/** More parts than these make the body a file as a whole: no form has so many, but an attack might. */
const LIMITS = { fields: 1_000, files: 100, parts: 1_100, fieldSize: 1_048_576, fieldNameSize: 200, headerPairs: 50 }
/** Bytes that are read in one go. */
const SLICE = 65_536

/** A part's content: text of a field, or a file. */
export type Part = string | { readonly filename: string; readonly contentType: string; readonly content: Buffer }

/** A file of a form as the zap sees it. */
export type FormFile = {
  readonly filename: string
  readonly contentType: string
  readonly bytes: number
  readonly content: LargeValue
}

/**
 * The parts of a form with files, in order. Rejects with an `Error` that says why when the body ends in the middle of one, has too many, or is not
 * multipart at all; what comes behind the fault is not read.
 */
export async function readParts(
  raw: Uint8Array,
  contentType: string,
): Promise<(readonly [name: string, part: Part])[]> {
  // Only when a form with files comes: most hosts never see one, and need not hold its reader in memory.
  const { Busboy } = await import('@fastify/busboy')
  const parts: (readonly [string, Part])[] = []
  const ended = Promise.withResolvers<void>()
  let failure: Error | undefined
  const fail = (error: Error): void => {
    failure ??= error
    ended.reject(error)
  }
  ended.promise.catch(() => undefined) // It may fail before it is waited for.
  // Throws at once when the content type names no boundary.
  const reader = new Busboy({ headers: { 'content-type': contentType }, limits: LIMITS })
  reader.on('field', (name, value, isNameCut, isValueCut) => {
    if (isNameCut || isValueCut) fail(new Error(`the field "${name}" is too long`))
    else parts.push([name, value])
  })
  reader.on('file', (name, stream, filename, _encoding, type) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('error', fail)
    stream.on('end', () => {
      parts.push([name, { filename: filename ?? '', contentType: type, content: Buffer.concat(chunks) }])
    })
  })
  for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
    reader.on(limit, () => fail(new Error('it has too many parts')))
  }
  reader.on('error', fail)
  reader.on('finish', ended.resolve)
  for (let at = 0; at < raw.length && failure === undefined; at += SLICE) {
    reader.write(Buffer.from(raw.buffer, raw.byteOffset + at, Math.min(SLICE, raw.length - at)))
    if (raw.length > SLICE) await turn()
  }
  if (failure === undefined) reader.end()
  await ended.promise
  return parts
}
