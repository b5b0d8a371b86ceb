import { createHash } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { type LargeValue, reference } from '../domain/values/large-value.ts'
import { createJsonReader } from './json-reader.ts'
import { type BodyReader, createBodyReader } from './parse-body.ts'

type KeepFiles = {
  keepBytes(content: Uint8Array): Promise<LargeValue>
  keepJson(text: string): Promise<LargeValue>
}

/** Keeps files in memory, and remembers them in order. */
export function keptFiles(): KeepFiles & { readonly files: Uint8Array[] } {
  const files: Uint8Array[] = []
  const keep = async (content: Uint8Array, type: LargeValue['type']): Promise<LargeValue> => {
    files.push(Uint8Array.from(content))
    return reference({ $blob: createHash('sha256').update(content).digest('hex'), bytes: content.length, type })
  }
  return {
    files,
    keepBytes: (content) => keep(content, 'bytes'),
    keepJson: (text) => keep(Buffer.from(text, 'utf8'), 'json'),
  }
}

/** A reader of bodies for one test. */
export function bodyReader(files: KeepFiles = keptFiles()): BodyReader {
  const json = createJsonReader(files.keepJson)
  onTestFinished(() => json.close())
  return createBodyReader({ keepBytes: files.keepBytes, json })
}
