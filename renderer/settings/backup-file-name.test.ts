import { expect, it } from 'vitest'
import { backupFileName } from './backup-file-name.ts'

const now = new Date(2026, 10, 4, 9, 5, 7)

it('names a backup by the local time', () => {
  expect(backupFileName('/home/ada/.hookline', now)).toBe('/home/ada/.hookline/hookline-backup-2026-11-04-090507.db')
})

it('keeps to the manner of Windows paths', () => {
  expect(backupFileName('C:\\Users\\Ada\\Hookline\\', now)).toBe(
    'C:\\Users\\Ada\\Hookline\\hookline-backup-2026-11-04-090507.db',
  )
})
