import { type DataPart, MAX_DATA_BYTES } from '../../domain/runs/sandbox.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Json } from '../../domain/values/json.ts'
import type { LargeValue } from '../../domain/values/large-value.ts'
import type { LargeValues } from '../action-context.ts'
import { partsOf } from './heavy-pieces.ts'

const AS = { json: 'json', value: 'json', text: 'text', bytes: 'base64' } as const

/**
 * The JSON text of a value in pieces, with the content of large values in their places: JSON as such, text as text, and anything else in
 * base64. Throws a {@link StepError} `too-large` for more than a sandbox is given.
 */
export async function jsonParts(value: Json, large: Pick<LargeValues, 'read'>): Promise<DataPart[]> {
  const parts: DataPart[] = []
  let bytes = 0
  for (const piece of partsOf(value)) {
    const part = typeof piece === 'string' ? piece : { bytes: await read(piece), as: AS[piece.type] }
    bytes += typeof part === 'string' ? part.length : part.bytes.length
    if (bytes > MAX_DATA_BYTES) throw tooLarge(bytes)
    parts.push(part)
  }
  return parts

  async function read(piece: LargeValue): Promise<Uint8Array> {
    if (bytes + piece.bytes > MAX_DATA_BYTES) throw tooLarge(bytes + piece.bytes)
    return large.read(piece)
  }
}

function tooLarge(bytes: number): StepError {
  const size = (count: number): string => `${(count / 1_048_576).toFixed(0)} MB`
  const message = `The step is given ${size(bytes)} of data, and can work on ${size(MAX_DATA_BYTES)}: give it a part of it.`
  return new StepError({ code: 'too-large', message, retryable: false })
}
