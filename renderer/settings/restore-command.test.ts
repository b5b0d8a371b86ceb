import { expect, it } from 'vitest'
import { restoreCommand } from './restore-command.ts'

it('is typed as it stands where a path is plain', () => {
  expect(restoreCommand('/data/backups/a.db', '/data')).toBe('hookline restore /data/backups/a.db --data /data')
})

it('keeps a path one word, whatever is in it', () => {
  expect(restoreCommand("/My Disk/Ada's $HOME/a.db", '/data')).toBe(
    `hookline restore '/My Disk/Ada'\\''s $HOME/a.db' --data /data`,
  )
  expect(restoreCommand('D:\\My Disk\\a.db', 'C:\\Users\\Ada\\Hookline')).toBe(
    'hookline restore "D:\\My Disk\\a.db" --data C:\\Users\\Ada\\Hookline',
  )
})
