import type { Backups } from '../../core/contract/backup-values.ts'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { type Column, TABLE_ROW, Table } from '../ui/lists/table.tsx'
import { formatBytes } from '../ui/words/format-bytes.ts'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { restoreCommand } from './restore-command.ts'

const COLUMNS: readonly Column[] = [
  { title: 'Made', width: '116px' },
  { title: 'File' },
  { title: 'Size', width: '92px', align: 'end' },
  { title: 'Actions', width: '60px', isTitleHidden: true },
]

/** The backups that are there, the newest first, and how one of them is put back. */
export function BackupList({ backups, dataDir }: { backups: Backups; dataDir: string }) {
  const { files, folder } = backups
  const [newest] = files
  if (newest === undefined) {
    return (
      <p className="text-ink-soft">
        None is there yet.{' '}
        {backups.nextAt === null ? 'Make one now, or let one be made every day.' : 'The first is made soon.'}
      </p>
    )
  }
  return (
    <>
      <Table label="Backups" columns={COLUMNS}>
        {files.map(({ file, at, bytes }) => (
          <tr key={file} className={TABLE_ROW} style={{ height: 36 }}>
            <td className="text-ink-soft">
              <RelativeTime iso={at} />
            </td>
            <td className="truncate font-mono text-sm" title={file}>
              {nameIn(folder, file)}
            </td>
            <td className="text-right text-ink-soft tabular-nums">{formatBytes(bytes)}</td>
            <td className="pr-2! text-right">
              <CopyButton
                label={`Copy the command that restores ${nameIn(folder, file)}`}
                text={restoreCommand(file, dataDir)}
              />
            </td>
          </tr>
        ))}
      </Table>
      <section aria-labelledby="restore-title" className="flex flex-col gap-1">
        <h3 id="restore-title" className="text-sm font-medium text-ink-soft">
          To go back to a backup
        </h3>
        <p className="text-sm text-ink-faint">
          Stop Hookline, type this in a terminal, and start it again. What is there now is kept aside. Each row has the
          command for its own file.
        </p>
        <div className="flex items-center gap-2 rounded bg-sunken py-1 pr-1 pl-3">
          <code className="min-w-0 flex-1 font-mono text-sm break-all">{restoreCommand(newest.file, dataDir)}</code>
          <CopyButton
            label="Copy the command that restores the newest backup"
            text={restoreCommand(newest.file, dataDir)}
          />
        </div>
        <p className="text-sm text-ink-faint">
          A backup holds credentials as they are stored: encrypted. On another computer they have to be entered again.
        </p>
      </section>
    </>
  )
}

/** A file of a folder without the folder. */
function nameIn(folder: string, file: string): string {
  return file.startsWith(folder) ? file.slice(folder.length).replace(/^[\\/]+/, '') : file
}
