import { open } from 'node:fs/promises'
import {
  decodeText,
  exceedsDepth,
  type Json,
  jsonSchema,
  keptNumbersNote,
  MAX_JSON_DEPTH,
  MOST_TEXT_BYTES,
  readJson,
  TextError,
  tooLarge,
} from '../../core/contract/values.ts'
import { printAside } from '../terminal.ts'
import { CommandError } from './context.ts'

/**
 * Reads what an option such as `--input` was given: JSON, or `@FILE` with JSON in it (`@-` for stdin). Says so where numbers of it stay
 * text.
 */
export async function readJsonOption(option: string, text: string): Promise<Json> {
  const source = text.startsWith('@') ? await readInputFile(text.slice(1)) : text
  try {
    const { value, kept } = readJson(source)
    // What is deeper could not even be sent.
    if (exceedsDepth(value, MAX_JSON_DEPTH)) throw new Error(`it nests deeper than ${MAX_JSON_DEPTH} levels`)
    if (kept !== null) printAside(`${option}: ${keptNumbersNote(kept)}`)
    return jsonSchema.parse(value)
  } catch (error) {
    throw new CommandError(`${option} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Milliseconds of silence, from a pipe or a terminal that was named as a file, before it is said that it is waited for. */
const PATIENCE_MS = 2_000

/** The text of a file, or of stdin for `-`, as `decodeText` reads it. Fails with a sentence for the terminal. */
export async function readInputFile(file: string): Promise<string> {
  if (file === '-') return readStdin('What came on stdin')
  // A pipe can already be waited for here: `open` returns when its other end is opened.
  const waiting = setTimeout(() => {
    printAside(`Waiting for ${file}: nothing more has come from it yet. Ctrl+C ends this.`)
  }, PATIENCE_MS)
  try {
    const handle = await open(file, 'r').catch(() => {
      throw new CommandError(`${file} cannot be read: check its path and permissions.`)
    })
    // Ends with the stream; what never ends, as a device may, is left when it is too much.
    return await readAll(handle.createReadStream(), file, () => waiting.refresh())
  } finally {
    clearTimeout(waiting)
  }
}

/** All that comes on stdin; `name` is what a person calls it. */
export function readStdin(name: string): Promise<string> {
  return readAll(process.stdin, name)
}

async function readAll(
  stream: AsyncIterable<unknown>,
  name: string,
  heard: () => void = () => undefined,
): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of stream) {
      // No encoding was set, so there are only bytes.
      const part = chunk as Buffer
      heard()
      bytes += part.length
      if (bytes > MOST_TEXT_BYTES) throw tooLarge(name)
      chunks.push(part)
    }
    return decodeText(Buffer.concat(chunks), name)
  } catch (error) {
    if (error instanceof TextError) throw new CommandError(error.message)
    throw new CommandError(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
