import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { numberedName, plainRelativeName } from '../../domain/values/file-name.ts'
import { isJsonList, jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { fileValueSchema, keepFile, openSources, sampleFile, sourceTouch } from '../kit/file-value.ts'

/** Bytes that one archive takes up, before they are compressed. */
const MOST_BYTES = 524_288_000
const MOST_FILES = 10_000

/** Packs files into a ZIP archive (PKWARE's APPNOTE 6.3.10). */
export const zipPack = defineAction({
  id: 'zip.pack',
  title: 'Pack files (ZIP)',
  description: 'Packs files into a ZIP archive.',
  keywords: ['zip', 'compress', 'archive', 'make archive', 'compression'],
  icon: 'file-archive',
  category: 'file',
  summary: '{filename}',
  effect: 'none',
  timeoutMs: 600_000,
  takesLarge: true,
  touches: ({ files = null }) => (isJsonList(files) ? files : [files]).flatMap(sourceTouch),
  input: z.strictObject({
    files: jsonSchema.meta({
      title: 'Files',
      description: 'A file from an earlier step, a path, or a list of them.',
      ui: { widget: 'template', placeholder: '{{ hook.body.photo }}' },
    }),
    filename: z
      .string()
      .min(1)
      .max(255)
      .default('files.zip')
      .meta({ title: 'Name of the archive', ui: { widget: 'template' } }),
  }),
  output: z.object({ file: fileValueSchema }),
  sample: { file: sampleFile('files.zip', 8_192) },
  async run({ input, files, large, signal }) {
    const { ZipFile } = await import('yazl')
    const sources = await openSources({ files, large }, input.files, 'files')
    try {
      if (sources.length > MOST_FILES) throw tooLarge(`${sources.length} files`, `${MOST_FILES}`)
      const total = sources.reduce((sum, { bytes }) => sum + bytes, 0)
      if (total > MOST_BYTES) throw tooLarge(`${Math.ceil(total / 1_048_576)} MB`, `${MOST_BYTES / 1_048_576} MB`)
      const zip = new ZipFile()
      const used = new Set<string>()
      const packing = (async () => {
        for (const source of sources) {
          signal.throwIfAborted()
          zip.addBuffer(Buffer.from(await source.read()), freeName(plainRelativeName(source.filename), used))
        }
        zip.end()
      })()
      // What cannot be read ends the archive too, which would else wait for its end.
      packing.catch((error: unknown) => zip.emit('error', error))
      const failed = new Promise<never>((_, reject) => zip.once('error', reject))
      // The library types its output by an older interface than it is.
      const kept = keepFile(
        large,
        input.filename,
        zip.outputStream as unknown as AsyncIterable<Uint8Array>,
        'application/zip',
      )
      const file = await Promise.race([kept, failed])
      await packing
      return { output: { file } }
    } finally {
      await Promise.all(sources.map((source) => source.close()))
    }
  },
})

/** Two files of the same name are told apart. */
function freeName(name: string, used: Set<string>): string {
  const folder = name.slice(0, name.lastIndexOf('/') + 1)
  const own = name.slice(folder.length)
  let free = name
  for (let number = 2; used.has(free.toLowerCase()); number++) free = folder + numberedName(own, number)
  used.add(free.toLowerCase())
  return free
}

function tooLarge(what: string, most: string): StepError {
  return new StepError({
    code: 'too-large',
    message: `An archive takes ${most} at most, and there are ${what}: make several.`,
    retryable: false,
  })
}
