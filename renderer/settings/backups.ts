import { useEffect } from 'react'
import { create } from 'zustand'
import type { Backups } from '../../core/contract/backup-values.ts'
import type { BackupSettings } from '../../core/domain/backup-settings.ts'
import { api } from '../api/client.ts'
import { onAppEvent, onResumed } from '../api/events.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { throttle } from '../stores/throttle.ts'
import { toast } from '../ui/layers/toast.tsx'
import { formatBytes } from '../ui/words/format-bytes.ts'

/** The backups that are there and how they are made; null until the host has told. */
export const useBackups = create<{ backups: Backups | null; failure: Failure | null }>(() => ({
  backups: null,
  failure: null,
}))

/** Reads the backups, and reads them again at every change for as long as somebody looks. */
export function useWatchedBackups(): void {
  useEffect(() => {
    let gone = false
    const load = throttle(250, () => {
      if (gone) return
      api.backups.list().then(
        (backups) => useBackups.setState({ backups, failure: null }),
        (thrown: unknown) => useBackups.setState({ failure: describeFailure(thrown) }),
      )
    })
    load()
    const stopEvents = onAppEvent((event) => {
      if (event.type === 'backups') load()
    })
    const stopResumed = onResumed(load)
    return () => {
      gone = true
      stopEvents()
      stopResumed()
    }
  }, [])
}

/** Makes a backup now. Gives why not, when it could not be made. */
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
export async function configureBackups(change: Partial<BackupSettings>, done: string): Promise<void> {
  const { backups } = useBackups.getState()
  if (backups === null) return
  const before = backups.settings
  try {
    useBackups.setState({ backups: await api.backups.configure({ ...before, ...change }) })
    toast({
      title: done,
      tone: 'success',
      action: { label: 'Undo', onClick: () => void configureBackups(before, 'Backups are made as before') },
    })
  } catch (thrown) {
    toast({ title: 'Nothing was changed', detail: describeFailure(thrown).message, tone: 'error' })
  }
}
