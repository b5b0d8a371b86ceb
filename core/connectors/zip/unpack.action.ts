import type { Entry, ZipFile } from 'yauzl'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { withoutTrailing } from '../../domain/templates/trailing.ts'
import { fileTouch } from '../../domain/trust/touches.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import type { ActionContext } from '../action-context.ts'
import { defineAction } from '../define.ts'
import { contentTypeOf } from '../kit/content-type.ts'
import { fileValueSchema, keepFile, openSource, sampleFile, sourceTouch, withSource } from '../kit/file-value.ts'

/** What one archive may hold: beyond it is a bomb, or more than a zap should carry. */
const MOST = { files: 10_000, bytes: 1_073_741_824, ratio: 200, ratioFrom: 10_485_760 } as const

const unpackedSchema = z.object({
  filename: z.string(),
  contentType: z.string(),
  bytes: z.int(),
  /** Where it was written to, if it was. */
  path: z.string().optional(),
  content: fileValueSchema.shape.content.optional(),
})
type Unpacked = z.output<typeof unpackedSchema>

/** Unpacks a ZIP archive (PKWARE's APPNOTE 6.3.10): stored and deflated files, without a password. */
export const zipUnpack = defineAction({
  id: 'zip.unpack',
  title: 'Unpack archive (ZIP)',
  description: 'Unpacks a ZIP archive, as files for the steps behind it or into a folder.',
  keywords: ['unzip', 'extract', 'decompress', 'extract archive', 'compression', 'zip'],
  icon: 'package-open',
  category: 'file',
  summary: '{from}',
  // Unpacked again into a folder, the files are the same.
  effect: ({ folder }) => (folder === undefined ? 'none' : 'idempotent'),
  takesLarge: true,
  timeoutMs: 600_000,
  touches: ({ from, folder }) => [
    ...sourceTouch(from),
    ...(typeof folder === 'string' && folder.trim() !== '' ? fileTouch(`${folder}/*`, 'writes') : []),
  ],
  input: z.strictObject({
    from: jsonSchema.meta({
      title: 'Archive',
      description: 'A file from an earlier step, or the path of one.',
      ui: { widget: 'file-path', placeholder: 'photos.zip' },
    }),
    folder: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .meta({
        title: 'Into the folder',
        description: 'Without one, the files are handed on to the next steps.',
        ui: { widget: 'folder-path' },
      }),
  }),
  output: z.object({
    files: z.array(unpackedSchema),
    /** What was left out, and why. */
    skipped: z.array(z.object({ filename: z.string(), why: z.string() })).optional(),
  }),
  sample: { files: [sampleFile('photos/ada.jpg', 4_096)] },
  run: ({ input, files, large, signal }) =>
    withSource(openSource({ files, large }, input.from, 'from'), async (source) => {
      const { fromBufferPromise } = await import('yauzl')
      const content = Buffer.from(await source.read())
      const zip = await fromBufferPromise(content, {
        lazyEntries: true,
        decodeStrings: true,
        validateEntrySizes: true,
      }).catch((error: unknown) => {
        throw noArchive(error)
      })
      const unpacked: Unpacked[] = []
      const skipped: { filename: string; why: string }[] = []
      if (zip.entryCount > MOST.files)
        throw tooLarge(`${zip.entryCount} files in it, and ${MOST.files} are taken at most`)
      const wanted: Entry[] = []
      let bytes = 0
      try {
        // All that it lists is looked at before anything is written; more than that cannot come out.
        for await (const entry of zip.eachEntry()) {
          signal.throwIfAborted()
          if (entry.fileName.endsWith('/')) continue
          const why = whyNot(entry)
          if (why !== null) {
            skipped.push({ filename: entry.fileName, why })
            continue
          }
          bytes += entry.uncompressedSize
          checkSize(entry, bytes)
          wanted.push(entry)
        }
        for (const entry of wanted) {
          signal.throwIfAborted()
          unpacked.push(await unpack(zip, entry, input.folder, { files, large }))
        }
      } catch (error) {
        throw error instanceof StepError || signal.aborted ? error : noArchive(error)
      }
      return { output: { files: unpacked, ...(skipped.length === 0 ? {} : { skipped }) } }
    }),
})

async function unpack(
  zip: ZipFile,
  entry: Entry,
  folder: string | undefined,
  { files, large }: Pick<ActionContext<unknown>, 'files' | 'large'>,
): Promise<Unpacked> {
  const stream = await zip.openReadStreamPromise(entry)
  // It may break off before it is read; who reads it hears of that.
  stream.on('error', () => undefined)
  const contentType = contentTypeOf(entry.fileName)
  if (folder === undefined) return keepFile(large, entry.fileName, stream, contentType)
  const { path, bytes } = await files.write(`${withoutTrailing(folder, '\\/')}/${entry.fileName}`, stream, 'replace')
  return { filename: entry.fileName, contentType, bytes, path }
}

/** The library refuses names that lead out of the archive's folder. */
function whyNot(entry: Entry): string | null {
  if (entry.isEncrypted()) return 'It has a password.'
  if (!entry.canDecodeFileData()) return 'It is compressed in a way that is not known.'
  const mode = (entry.externalFileAttributes >>> 16) & 0o170_000
  return mode === 0o120_000 ? 'It is a link.' : null
}

function checkSize({ fileName, uncompressedSize, compressedSize }: Entry, bytes: number): void {
  if (bytes > MOST.bytes) throw tooLarge(`more than ${MOST.bytes / 1_073_741_824} GB of files in it`)
  if (uncompressedSize > MOST.ratioFrom && uncompressedSize > compressedSize * MOST.ratio)
    throw tooLarge(`"${fileName.slice(0, 200)}" in it, which would grow more than ${MOST.ratio} times`)
}

function tooLarge(what: string): StepError {
  const message = `The archive has ${what}: unpack it by another program if you trust it.`
  return new StepError({ code: 'too-large', message, retryable: false })
}

function noArchive(cause: unknown): StepError {
  const why = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause)
  return new StepError(
    { code: 'bad-input', message: `The ZIP archive cannot be read: ${why}.`, retryable: false },
    { cause },
  )
}
