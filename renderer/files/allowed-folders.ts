import { create } from 'zustand'
import type { AllowedFolderView } from '../../core/contract/files.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { type Answer, cache, queries, useAnswer } from '../queries/queries.ts'
import { toast } from '../ui/layers/toast.tsx'

const ALLOWED = queries.files.allowed.queryOptions()

/** The folders that steps may use, live. */
export function useAllowedFolders(): Answer<readonly AllowedFolderView[]> {
  return useAnswer(ALLOWED)
}

async function take(answer: ReturnType<typeof api.files.allow>): Promise<void> {
  cache.setQueryData(ALLOWED.queryKey, await answer)
  await cache.invalidateQueries({ queryKey: queries.system.info.key() })
}

/** A folder that opens more than files, while the person is asked whether it is meant. */
export const useRiskyFolder = create<{
  asked: { readonly path: string; readonly why: string; answer(isSure: boolean): void } | null
}>(() => ({ asked: null }))

function askWhetherSure(path: string, why: string): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (isSure: boolean): void => {
      useRiskyFolder.setState({ asked: null })
      resolve(isSure)
    }
    useRiskyFolder.setState({ asked: { path, why, answer } })
  })
}

/** Lets steps use a folder from now on, once the person who wants it knows what it opens. False, and said in the corner, when that cannot be. */
export async function allowFolder(path: string, sure = false): Promise<boolean> {
  try {
    await take(api.files.allow({ path, sure }))
    toast({
      title: 'Steps may use this folder now',
      detail: path,
      tone: 'success',
      action: { label: 'Undo', onClick: () => void disallowFolder(path, false) },
    })
    return true
  } catch (thrown) {
    const { code, message } = describeFailure(thrown)
    if (code === 'RISKY_FOLDER') return (await askWhetherSure(path, message)) && allowFolder(path, true)
    toast({ title: 'The folder was not allowed', detail: message, tone: 'error' })
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
