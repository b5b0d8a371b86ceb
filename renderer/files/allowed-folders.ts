import { create } from 'zustand'
import type { AllowedFolderView } from '../../core/contract/files.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { loadInfo } from '../stores/status.ts'
import { toast } from '../ui/toast.tsx'

/** The folders that steps may use; null until the host has told. */
export const useAllowedFolders = create<{ folders: readonly AllowedFolderView[] | null }>(() => ({ folders: null }))

async function take(answer: Promise<readonly AllowedFolderView[]>): Promise<void> {
  useAllowedFolders.setState({ folders: await answer })
  await loadInfo()
}

export async function loadAllowedFolders(): Promise<void> {
  useAllowedFolders.setState({ folders: await api.files.allowed() })
}

/** Lets steps use a folder from now on. False, and said in the corner, when that cannot be. */
export async function allowFolder(path: string): Promise<boolean> {
  try {
    await take(api.files.allow({ path }))
    toast({
      title: 'Steps may use this folder now',
      detail: path,
      tone: 'success',
      action: { label: 'Undo', onClick: () => void disallowFolder(path, false) },
    })
    return true
  } catch (thrown) {
    toast({ title: 'The folder was not allowed', detail: describeFailure(thrown).message, tone: 'error' })
    return false
  }
}

/** Takes that back; `says` whether the corner tells, with a way to undo it. */
export async function disallowFolder(path: string, says = true): Promise<void> {
  try {
    await take(api.files.disallow({ path }))
    if (!says) return
    toast({
      title: 'Steps may no longer use this folder',
      detail: path,
      action: { label: 'Undo', onClick: () => void allowFolder(path) },
    })
  } catch (thrown) {
    toast({ title: 'The folder is still allowed', detail: describeFailure(thrown).message, tone: 'error' })
  }
}
