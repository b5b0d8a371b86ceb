import type { Backups } from '../../core/contract/backup-values.ts'
import type { SettingsOf } from '../../core/domain/settings/settings.ts'
import { api } from '../api/client.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { type Answer, cache, queries, useAnswer } from '../queries/queries.ts'
import { toast } from '../ui/layers/toast.tsx'
import { formatBytes } from '../ui/words/format-bytes.ts'

const BACKUPS = queries.backups.list.queryOptions()

/** The backups that are there and how they are made, live. */
export function useBackups(): Answer<Backups> {
  return useAnswer(BACKUPS)
}

/** Makes a backup now. Returns why not, when it could not be made. */
export async function makeBackup(): Promise<Failure | null> {
  try {
    const made = await api.backups.make()
    toast({ title: `Backed up, ${formatBytes(made.bytes)}`, detail: made.file, tone: 'success' })
    return null
  } catch (thrown) {
    return describeFailure(thrown)
  }
}

/** Changes how backups are made, and tells, with a way to undo it. */
export async function configureBackups(change: Partial<SettingsOf<'backups'>>, done: string): Promise<void> {
  const backups = cache.getQueryData(BACKUPS.queryKey)
  if (backups === undefined) return
  const before = backups.settings
  try {
    cache.setQueryData(BACKUPS.queryKey, await api.backups.configure({ ...before, ...change }))
    toast({
      title: done,
      tone: 'success',
      action: { label: 'Undo', onClick: () => void configureBackups(before, 'Backups are made as before') },
    })
  } catch (thrown) {
    toast({ title: 'Nothing was changed', detail: describeFailure(thrown).message, tone: 'error' })
  }
}
