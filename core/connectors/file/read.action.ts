import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { fileTouch } from '../../domain/trust/touches.ts'
import { decodeText, MOST_TEXT_BYTES } from '../../domain/values/decode-text.ts'
import { type Json, jsonSchema } from '../../domain/values/json.ts'
import type { LargeValues, OpenFile } from '../action-context.ts'
import { defineAction } from '../define.ts'
import { fileValueSchema, keepFile } from '../kit/file-value.ts'
import { IN_ALLOWED, pathField } from './fields.ts'

/** What a file is read as. */
type ReadAs = 'text' | 'json' | 'lines' | 'file'

/** Reads a file inside an allowed folder. */
export const fileRead = defineAction({
  id: 'file.read',
  title: 'Read file',
  description: 'Reads a file as text, JSON, lines, or whole, for a step that takes files.',
  keywords: [
    'read',
    'open file',
    'load file',
    'file in',
    'read binary file',
    'get file',
    'get contents of file',
    'attachment',
  ],
  icon: 'file-text',
  category: 'file',
  summary: '{path}',
  effect: 'none',
  touches: ({ path }) => fileTouch(path, 'reads'),
  input: z.strictObject({
    path: pathField('File', IN_ALLOWED, 'orders.csv'),
    as: z
      .enum(['auto', 'text', 'json', 'lines', 'file'])
      .default('auto')
      .meta({
        title: 'Read it as',
        description: 'By itself, text and JSON are read, and anything else is handed on as a file.',
        ui: {
          labels: {
            auto: 'What it is',
            text: 'Text',
            json: 'JSON',
            lines: 'A list of its lines',
            file: 'A file, whole',
          },
        },
      }),
  }),
  output: z.object({
    path: z.string(),
    name: z.string(),
    bytes: z.int(),
    modifiedAt: z.string(),
    /** Its text, value or lines. */
    content: jsonSchema.optional(),
    file: fileValueSchema.optional(),
  }),
  sample: {
    path: '/home/ada/orders.txt',
    name: 'orders.txt',
    bytes: 42,
    modifiedAt: '2026-11-24T09:30:00.000Z',
    content: 'Ada paid 75 €\nGrace paid 12 €\n',
  },
  async run({ input, files, large }) {
    const opened = await files.open(input.path)
    try {
      const { path, name, bytes, modifiedAt } = opened.info
      return { output: { path, name, bytes, modifiedAt, ...(await contentOf(opened, input.as, large)) } }
    } finally {
      await opened.close()
    }
  },
})

async function contentOf(opened: OpenFile, as: ReadAs | 'auto', large: LargeValues) {
  const { info } = opened
  const asFile = async () => ({ file: await keepFile(large, info.name, opened.stream()) })
  if (as === 'file' || (as === 'auto' && info.bytes > MOST_TEXT_BYTES)) return asFile()
  if (info.bytes > MOST_TEXT_BYTES) {
    const message = `${info.path} has ${Math.ceil(info.bytes / 1_048_576)} MB; as text or JSON a file of ${MOST_TEXT_BYTES / 1_048_576} MB is read at most: read it as a file.`
    throw new StepError({ code: 'too-large', message, retryable: false })
  }
  const pieces: Uint8Array[] = []
  for await (const piece of opened.stream()) pieces.push(piece)
  const content = Buffer.concat(pieces)
  // A NUL is in no text that a person writes, but in UTF-16, which begins with a mark.
  const isBinary =
    content.includes(0) &&
    !(content[0] === 0xff && content[1] === 0xfe) &&
    !(content[0] === 0xfe && content[1] === 0xff)
  if (as === 'auto' && isBinary) return keepAgain()
  let text: string
  try {
    text = decodeText(content, info.path)
  } catch (error) {
    if (as === 'auto') return keepAgain()
    const message = error instanceof Error ? error.message : String(error)
    throw new StepError(
      { code: 'bad-input', message: `${message} Or read it as a file.`, retryable: false },
      { cause: error },
    )
  }
  if (as === 'lines') return { content: text === '' ? [] : text.replace(/(?:\r\n|\n|\r)$/, '').split(/\r\n|\n|\r/) }
  if (as === 'text' || (as === 'auto' && info.extension !== 'json')) return { content: text }
  return { content: await readJson(text, info.path, as, large) }

  /** The stream was read already. */
  async function keepAgain() {
    return { file: await keepFile(large, info.name, content) }
  }
}

/** The value of JSON text; in a file that only might be JSON, text that is none stays text. */
async function readJson(text: string, path: string, as: ReadAs | 'auto', large: LargeValues): Promise<Json> {
  const read = await large.readJson(text)
  if (read.kind === 'json') return read.value
  if (as === 'auto') return text
  const message = `${path} is not valid JSON: correct it, or read it as text.`
  throw new StepError({ code: 'bad-input', message, retryable: false })
}
