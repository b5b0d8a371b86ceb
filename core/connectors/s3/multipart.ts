import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'

/** Bytes of a part, at least (S3 wants 5 MB of all but the last): a few milliseconds of signing. */
export const PART_BYTES = 8_388_608
/** Parts that S3 takes of one object, with some to spare. */
const MOST_PARTS = 9_900
/** Bytes of the largest object (AWS: “Amazon S3 multipart upload limits”). */
const LARGEST_BYTES = 5 * 1024 ** 4
/** How often a part is sent when the store does not take it for now. */
const TRIES = 3
const FIRST_PAUSE_MS = 250

/** The requests of an upload in parts. */
export type Multipart = {
  begin(contentType: string): Promise<string>
  /** Resolves to the mark by which the store knows the part. */
  part(uploadId: string, number: number, body: Uint8Array): Promise<string>
  end(uploadId: string, parts: readonly { readonly number: number; readonly mark: string }[]): Promise<{ etag: string }>
  abort(uploadId: string): Promise<void>
  /** Resolves after so many milliseconds. */
  pause(ms: number): Promise<void>
}

/**
 * Uploads what is too large for one request, part by part; only one part is held at a time. When it fails, what was uploaded is taken away
 * again: a store charges for parts of an object that never came to be.
 */
export async function uploadInParts(
  calls: Multipart,
  pieces: AsyncIterable<Uint8Array>,
  { bytes, contentType }: { readonly bytes: number; readonly contentType: string },
): Promise<{ etag: string; bytes: number }> {
  if (bytes > LARGEST_BYTES) {
    const message = `The file has ${Math.ceil(bytes / 1024 ** 4)} TB, and an object has 5 TB at most.`
    throw new StepError({ code: 'too-large', message, retryable: false })
  }
  const uploadId = await calls.begin(contentType)
  try {
    const parts: { number: number; mark: string }[] = []
    let total = 0
    for await (const body of partsOf(pieces, Math.max(PART_BYTES, Math.ceil(bytes / MOST_PARTS)))) {
      const number = parts.length + 1
      parts.push({ number, mark: await withTries(calls, () => calls.part(uploadId, number, body)) })
      total += body.length
    }
    const { etag } = await calls.end(uploadId, parts)
    return { etag, bytes: total }
  } catch (error) {
    // What went wrong counts, and not that it could not be tidied up.
    await calls.abort(uploadId).catch(() => undefined)
    throw error
  }
}

/** Makes a call up to three times where the store does not take it for now. */
export async function withTries<T>({ pause }: Pick<Multipart, 'pause'>, call: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await call()
    } catch (error) {
      if (tried >= TRIES || !(error instanceof StepError) || !error.details.retryable) throw error
      await pause(FIRST_PAUSE_MS * 2 ** (tried - 1))
    }
  }
}

/** Pieces of any size as parts of one size; the last may be smaller. */
export async function* partsOf(pieces: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let bytes = 0
  for await (const piece of pieces) {
    for (let rest = piece; rest.length > 0; ) {
      const taken = rest.subarray(0, size - bytes)
      held.push(taken)
      bytes += taken.length
      rest = rest.subarray(taken.length)
      if (bytes < size) continue
      yield Buffer.concat(held)
      held = []
      bytes = 0
    }
  }
  if (bytes > 0) yield Buffer.concat(held)
}

export const beginSchema = z.object({ InitiateMultipartUploadResult: z.looseObject({ UploadId: z.string().min(1) }) })
export const endSchema = z.object({ CompleteMultipartUploadResult: z.looseObject({ ETag: z.string().default('') }) })

/** What says which parts make the object. Marks are quoted as the store gave them. */
export function partsXml(parts: readonly { readonly number: number; readonly mark: string }[]): string {
  const text = (mark: string): string => mark.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  const lines = parts.map(
    ({ number, mark }) => `<Part><PartNumber>${number}</PartNumber><ETag>${text(mark)}</ETag></Part>`,
  )
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${lines.join('')}</CompleteMultipartUpload>`
}
