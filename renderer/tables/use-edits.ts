import { useCallback, useState } from 'react'
import type { TableEdit } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { toast } from '../ui/layers/toast.tsx'
import { patchRows, reloadRows } from './use-rows.ts'

/** Changes that can be undone. */
const MOST = 200

/** What was done to a table in this window, and how to take it back. */
export type Edits = {
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** Changes rows. Resolves with the numbers of those that were changed, or null when it failed, which was said then. */
  apply(edits: readonly TableEdit[]): Promise<readonly number[] | null>
  undo(): void
  redo(): void
}

type History = { readonly done: readonly (readonly TableEdit[])[]; readonly undone: readonly (readonly TableEdit[])[] }

/** Changes to the rows of a table, with a way back. The component that uses it belongs to one table. */
export function useEdits(id: number): Edits {
  const [history, setHistory] = useState<History>({ done: [], undone: [] })

  const send = useCallback(
    async (edits: readonly TableEdit[]) => {
      patchRows(id, edits)
      try {
        const answer = await api.tables.edit({ id, edits: [...edits] })
        await reloadRows(id)
        return answer
      } catch (error) {
        toast({ tone: 'error', title: 'The table could not be changed', detail: describeFailure(error).message })
        void reloadRows(id)
        return null
      }
    },
    [id],
  )

  const apply = useCallback(
    async (edits: readonly TableEdit[]) => {
      if (edits.length === 0) return []
      const answer = await send(edits)
      if (answer === null) return null
      setHistory(({ done }) => ({ done: [...done, answer.undo].slice(-MOST), undone: [] }))
      return answer.rows
    },
    [send],
  )

  const undo = useCallback(async () => {
    const last = history.done.at(-1)
    if (last === undefined) return
    setHistory(({ done, undone }) => ({ done: done.slice(0, -1), undone }))
    const answer = await send(last)
    if (answer !== null) setHistory(({ done, undone }) => ({ done, undone: [...undone, answer.undo] }))
  }, [history.done, send])

  const redo = useCallback(async () => {
    const last = history.undone.at(-1)
    if (last === undefined) return
    setHistory(({ done, undone }) => ({ done, undone: undone.slice(0, -1) }))
    const answer = await send(last)
    if (answer !== null) setHistory(({ done, undone }) => ({ done: [...done, answer.undo], undone }))
  }, [history.undone, send])

  return {
    canUndo: history.done.length > 0,
    canRedo: history.undone.length > 0,
    apply,
    undo: () => void undo(),
    redo: () => void redo(),
  }
}
