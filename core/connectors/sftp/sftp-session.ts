import type { SFTPWrapper } from 'ssh2'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { credentialRefSchema } from '../credential.ts'
import { withoutNul } from '../kit/program-output.ts'
import { withStepsSsh } from '../ssh/ssh-session.ts'

export const accountField = credentialRefSchema.meta({
  title: 'Account',
  description: 'The computer, which is reached by SSH.',
  ui: { widget: 'credential', types: ['ssh'] },
})

/** A path on the other computer. */
export const pathField = (title: string, placeholder: string, description?: string) =>
  withoutNul
    .max(4_096)
    .refine((path) => path.trim() !== '', { error: 'needs a path' })
    .meta({ title, ...(description !== undefined && { description }), ui: { widget: 'template', placeholder } })

/** Files on the other computer, for as long as `work` takes. */
export function withSftp<Result>(
  ctx: Parameters<typeof withStepsSsh>[0],
  work: (sftp: SFTPWrapper) => Promise<Result>,
): Promise<Result> {
  return withStepsSsh(
    ctx,
    (client) =>
      new Promise<Result>((resolve, reject) => {
        client.sftp((error, sftp) => {
          if (error !== undefined) {
            const message = `The server has no files to be reached by SFTP: ${error.message}.`
            reject(new StepError({ code: 'no-sftp', message, retryable: false }, { cause: error }))
          } else work(sftp).then(resolve, reject)
        })
      }),
  )
}

/** One request of SFTP, as a promise. What the server refuses is a {@link StepError} about `path`. */
export function asked<Value>(
  path: string,
  ask: (done: (error?: Error | null, value?: Value) => void) => void,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    ask((error, value) => {
      if (error) reject(sftpError(path, error))
      else resolve(value as Value) // without an error there is one
    })
  })
}

/** What the server says of a path, for a person. Numbers are those of draft-ietf-secsh-filexfer-02. */
export function sftpError(path: string, error: unknown): StepError {
  if (error instanceof StepError) return error
  const { code, message = String(error) } = Object(error) as { code?: number | string; message?: string }
  const [word, sentence] =
    code === 2
      ? ['no-file', `There is no ${path} on the server.`]
      : code === 3
        ? ['forbidden', `The user of the credential may not touch ${path} on the server.`]
        : [
            'sftp',
            `${path}: the server says “${message.slice(0, 300)}”. Look whether its folder is there, is writable and has room.`,
          ]
  return new StepError({ code: word, message: sentence, retryable: false }, { cause: error })
}

/** A file or folder on the other computer, as a listing shows it. */
export const remoteFileSchema = z.object({
  path: z.string(),
  name: z.string(),
  extension: z.string(),
  bytes: z.number(),
  modifiedAt: z.string(),
  isFolder: z.boolean(),
})

export function remoteFile(
  path: string,
  stats: { readonly size: number; readonly mtime: number; readonly mode: number },
) {
  const name = path.split('/').at(-1) ?? path
  const dot = name.lastIndexOf('.')
  // S_IFMT and S_IFDIR of POSIX.
  const isFolder = (stats.mode & 0o170000) === 0o040000
  return {
    path,
    name,
    extension: isFolder || dot <= 0 ? '' : name.slice(dot + 1).toLowerCase(),
    bytes: isFolder ? 0 : stats.size,
    modifiedAt: new Date(stats.mtime * 1000).toISOString(),
    isFolder,
  }
}
