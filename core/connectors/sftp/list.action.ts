import type { FileEntryWithStats } from 'ssh2'
import { z } from 'zod'
import { matchesWildcard } from '../../domain/trust/permissions.ts'
import { defineAction } from '../define.ts'
import { listOutput } from '../kit/rows.ts'
import { accountField, asked, pathField, remoteFile, withSftp } from './sftp-session.ts'

/** Lists a folder of another computer. */
export const sftpList = defineAction({
  id: 'sftp.list',
  title: 'List files by SFTP',
  description: 'Lists the files and folders in a folder of another computer.',
  keywords: ['sftp', 'ftp', 'list folder', 'remote files', 'directory'],
  icon: 'folder-search',
  category: 'file',
  summary: '{folder}',
  effect: 'none',
  input: z.strictObject({
    account: accountField,
    folder: pathField('Folder', '/srv/reports', 'Absolute, or from the user’s home.').default('.'),
    glob: z
      .string()
      .max(1_000)
      .default('*')
      .meta({ title: 'Names', description: '* stands for any text, as in *.csv.', ui: { placeholder: '*.csv' } }),
  }),
  output: z.object({ files: listOutput, count: z.int() }),
  sample: {
    files: [
      {
        path: '/srv/reports/may.csv',
        name: 'may.csv',
        extension: 'csv',
        bytes: 1_234,
        modifiedAt: '2026-11-26T09:30:00.000Z',
        isFolder: false,
      },
    ],
    count: 1,
  },
  async run(ctx) {
    const { glob } = ctx.input
    const wanted = ctx.input.folder.trim()
    const files = await withSftp(ctx, async (sftp) => {
      const folder = await asked<string>(wanted, (done) => sftp.realpath(wanted, done))
      const found = await asked<FileEntryWithStats[]>(wanted, (done) => sftp.readdir(folder, done))
      const inside = folder === '/' ? '' : folder
      return found
        .filter(
          ({ filename }) => filename !== '.' && filename !== '..' && matchesWildcard(glob.trim() || '*', filename),
        )
        .map(({ filename, attrs }) => remoteFile(`${inside}/${filename}`, attrs))
        .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    })
    return { output: { files, count: files.length } }
  },
})
