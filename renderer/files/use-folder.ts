import { ORPCError } from '@orpc/client'
import { useCallback, useEffect, useRef, useState } from 'react'
import {
  type FolderEntry,
  type FolderPage,
  type FolderReach,
  type RefusedFolder,
  refusedFolderSchema,
} from '../../core/contract/files.ts'
import { api } from '../api/client.ts'
import { describeFailure, type Failure } from '../api/failure.ts'

/** Why a folder is not shown; `refused` where that is because steps may not use it. */
export type FolderFailure = Failure & { readonly refused: RefusedFolder | null }

/** A folder of the host's computer as it is being looked at. */
export type Folder = {
  /** Null while nothing could be shown yet, or what was asked for cannot be. */
  readonly page: FolderPage | null
  /** What is known of the entries so far. */
  readonly entries: readonly FolderEntry[]
  readonly failure: FolderFailure | null
  /** Whether the host was asked and has not answered. */
  readonly isBusy: boolean
  /** Opens a folder; null for the places to begin at. */
  go(path: string | null): void
  /** Asks for entries that are not known yet, if there are any. */
  more(): void
  reload(): void
}

/** Looks into folders, beginning at `start`. Another filter is another question to the host, as there may be more than are known. */
export function useFolder(
  start: string | null,
  asked: { readonly reach: FolderReach; readonly files: boolean; readonly hidden: boolean; readonly filter: string },
): Folder {
  const { reach, files, hidden, filter } = asked
  const [at, setAt] = useState({ path: start, again: 0 })
  const [shown, setShown] = useState<Pick<Folder, 'page' | 'entries' | 'failure'>>({
    page: null,
    entries: [],
    failure: null,
  })
  const [isBusy, setBusy] = useState(true)
  /** Counts questions: an answer to an earlier one comes too late. */
  const question = useRef(0)
  const isAsking = useRef(false)
  const path = at.path

  const ask = useCallback(
    async (offset: number) => {
      question.current += 1
      const mine = question.current
      isAsking.current = true
      setBusy(true)
      try {
        const page = await api.files.list({ path, reach, files, hidden, filter, offset })
        if (mine !== question.current) return
        setShown(({ entries }) => ({
          page,
          entries: offset === 0 ? page.entries : [...entries, ...page.entries],
          failure: null,
        }))
      } catch (thrown) {
        if (mine !== question.current) return
        const failure = { ...describeFailure(thrown), refused: refusedBy(thrown) }
        setShown({ page: null, entries: [], failure })
      }
      isAsking.current = false
      setBusy(false)
    },
    [path, reach, files, hidden, filter],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: `at` changes also when the same folder is to be read again
  useEffect(() => {
    void ask(0)
    return () => {
      question.current += 1
    }
  }, [ask, at])

  const { page, entries } = shown
  return {
    ...shown,
    isBusy,
    go: (next) => setAt({ path: next, again: at.again }),
    more() {
      if (page !== null && entries.length < page.total && !isAsking.current) void ask(entries.length)
    },
    reload: () => setAt({ path, again: at.again + 1 }),
  }
}

function refusedBy(thrown: unknown): RefusedFolder | null {
  if (!(thrown instanceof ORPCError) || thrown.code !== 'NOT_ALLOWED') return null
  return refusedFolderSchema.safeParse(thrown.data).data ?? null
}
