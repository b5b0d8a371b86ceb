import type { Stats } from 'ssh2'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { defineAction } from '../define.ts'
import { fileValueSchema, keepFile, sampleFile } from '../kit/file-value.ts'
import { accountField, asked, pathField, remoteFile, remoteFileSchema, sftpError, withSftp } from './sftp-session.ts'

/** Bytes of a file that is fetched. It goes from the server onto the disk, and is never in memory. */
const MOST_BYTES = 2_147_483_648

/** Fetches a file of another computer. */
export const sftpGet = defineAction({
  id: 'sftp.get',
  title: 'Get a file by SFTP',
  description: 'Gets a file from another computer, for later steps.',
  keywords: ['sftp', 'ftp', 'download', 'scp', 'remote file', 'get file'],
  icon: 'folder-down',
  category: 'file',
  summary: '{path}',
  effect: 'none',
  timeoutMs: 600_000,
  input: z.strictObject({
    account: accountField,
    path: pathField('File', '/srv/reports/may.csv', 'Absolute, or from the user’s home.'),
  }),
  output: remoteFileSchema.omit({ isFolder: true, extension: true }).extend({ file: fileValueSchema }),
  sample: {
    path: '/srv/reports/may.csv',
    name: 'may.csv',
    bytes: 1_234,
    modifiedAt: '2026-11-26T09:30:00.000Z',
    file: sampleFile('may.csv', 1_234),
  },
  async run(ctx) {
    const path = ctx.input.path.trim()
    const output = await withSftp(ctx, async (sftp) => {
      const stats = await asked<Stats>(path, (done) => sftp.stat(path, done))
      const { isFolder, extension: _, ...facts } = remoteFile(path, stats)
      if (isFolder) {
        const message = `${path} is a folder on the server: name a file in it, which “List files by SFTP” finds.`
        throw new StepError({ code: 'is-folder', message, retryable: false })
      }
      if (stats.size > MOST_BYTES) {
        const message = `${path} has more than ${MOST_BYTES / 1_073_741_824} GB, which is more than a run keeps.`
        throw new StepError({ code: 'too-large', message, retryable: false })
      }
      try {
        const file = await keepFile(ctx.large, facts.name, sftp.createReadStream(path))
        return { ...facts, bytes: file.bytes, file }
      } catch (error) {
        throw sftpError(path, error)
      }
    })
    return { output }
  },
})
