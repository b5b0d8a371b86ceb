import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { SFTPWrapper, Stats } from 'ssh2'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { filesTouched, openSource, type Source, withSource } from '../kit/file-value.ts'
import { accountField, asked, pathField, sftpError, withSftp } from './sftp-session.ts'

/** Puts a file onto another computer. Others see the old file or the whole new one. */
export const sftpPut = defineAction({
  id: 'sftp.put',
  title: 'Put a file by SFTP',
  description: 'Puts a file onto another computer.',
  keywords: ['sftp', 'ftp', 'upload', 'scp', 'remote file', 'send file'],
  icon: 'folder-up',
  category: 'file',
  summary: '{path}',
  // Put twice, the same file is there.
  effect: ({ ifExists }) => (ifExists === 'replace' ? 'idempotent' : 'unsafe'),
  takesLarge: true,
  timeoutMs: 600_000,
  touches: ({ from }) => filesTouched(from),
  input: z.strictObject({
    account: accountField,
    from: jsonSchema.meta({
      title: 'File',
      description: 'A file of an earlier step, or the path of one here.',
      ui: { widget: 'file-path', mustExist: true },
    }),
    path: pathField(
      'Where to',
      '/srv/reports/',
      'Absolute, or from the user’s home. Ending in /, the file goes into that folder. Folders on the way are made.',
    ),
    ifExists: z
      .enum(['replace', 'fail'])
      .default('replace')
      .meta({ title: 'If it is there already', ui: { labels: { replace: 'Replace it', fail: 'The step fails' } } }),
  }),
  output: z.object({ path: z.string(), bytes: z.int() }),
  sample: { path: '/srv/reports/may.csv', bytes: 1_234 },
  async run(ctx) {
    const { input, idempotencyKey } = ctx
    const output = await withSource(openSource(ctx, input.from, 'from'), (source) =>
      withSftp(ctx, async (sftp) => {
        const wanted = input.path.trim()
        const path =
          wanted.endsWith('/') || (await isFolder(sftp, wanted))
            ? `${withoutSlashes(wanted)}/${source.filename}`
            : wanted
        if (input.ifExists === 'fail' && (await exists(sftp, path))) {
          const message = `${path} is there already on the server: choose another name, or “Replace it”.`
          throw new StepError({ code: 'file-exists', message, retryable: false })
        }
        await makeFolders(sftp, path.slice(0, path.lastIndexOf('/')))
        return { path, bytes: await writeWhole(sftp, source, path, idempotencyKey) }
      }),
    )
    return { output }
  },
})

function withoutSlashes(path: string): string {
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end--
  return path.slice(0, end)
}

const statsOf = (sftp: SFTPWrapper, path: string): Promise<Stats | null> =>
  asked<Stats>(path, (done) => sftp.stat(path, done)).catch((error: unknown) => {
    if (error instanceof StepError && error.details.code === 'no-file') return null
    throw error
  })

const exists = async (sftp: SFTPWrapper, path: string): Promise<boolean> => (await statsOf(sftp, path)) !== null
const isFolder = async (sftp: SFTPWrapper, path: string): Promise<boolean> =>
  (await statsOf(sftp, path))?.isDirectory() === true

async function makeFolders(sftp: SFTPWrapper, folder: string): Promise<void> {
  if (folder === '' || folder === '.' || (await exists(sftp, folder))) return
  await makeFolders(sftp, folder.slice(0, Math.max(folder.lastIndexOf('/'), 0)))
  await asked<void>(folder, (done) => sftp.mkdir(folder, done)).catch(async (error: unknown) => {
    // Another one was quicker.
    if (!(await isFolder(sftp, folder))) throw error
  })
}

/** Writes beside the place, and puts it there when it is whole. A step that is repeated writes over what it had begun. */
async function writeWhole(sftp: SFTPWrapper, source: Source, path: string, key: string): Promise<number> {
  const mark = createHash('sha256').update(key).digest('hex').slice(0, 12)
  const beside = `${path}.hookline-${mark}`
  let bytes = 0
  async function* counted(): AsyncIterable<Uint8Array> {
    for await (const piece of source.stream()) {
      bytes += piece.length
      yield piece
    }
  }
  try {
    await pipeline(Readable.from(counted()), sftp.createWriteStream(beside, { flags: 'w', mode: 0o644 }))
    await asked<void>(path, (done) => sftp.ext_openssh_rename(beside, path, done)).catch(() =>
      renamePlainly(sftp, beside, path),
    )
    return bytes
  } catch (error) {
    await asked<void>(beside, (done) => sftp.unlink(beside, done)).catch(() => undefined)
    throw sftpError(path, error)
  }
}

/** For servers whose rename does not replace. */
async function renamePlainly(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  await asked<void>(to, (done) => sftp.unlink(to, done)).catch(() => undefined)
  await asked<void>(to, (done) => sftp.rename(from, to, done))
}
