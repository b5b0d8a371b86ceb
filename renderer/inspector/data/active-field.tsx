import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from 'react'
import type { DataSource } from './data-tree.ts'

/** The field that was used last, into which a value of the wide form's input goes. */
export type ActiveField = { readonly sources: readonly DataSource[]; insert(path: string): void }

/** What a field tells the form of itself: that it is used, and that it is gone. */
type FieldBoard = { use(field: ActiveField): void; leave(field: ActiveField): void }

const BoardContext = createContext<FieldBoard | null>(null)
const ActiveContext = createContext<ActiveField | null>(null)

/** Knows which field is used, where the input of the step stands beside its form. Without that, fields show it themselves. */
export function ActiveFields({ hasInput, children }: { hasInput: boolean; children: ReactNode }) {
  const [active, setActive] = useState<ActiveField | null>(null)
  const board = useMemo(
    (): FieldBoard => ({
      use: (field) => setActive(field),
      leave: (field) => setActive((now) => (now === field ? null : now)),
    }),
    [],
  )
  return (
    <BoardContext value={hasInput ? board : null}>
      <ActiveContext value={active}>{children}</ActiveContext>
    </BoardContext>
  )
}

/** Where a field says that it is used; null where it shows the data of earlier steps itself. */
export function useFieldBoard(): FieldBoard | null {
  return use(BoardContext)
}

export function useActiveField(): ActiveField | null {
  return use(ActiveContext)
}

/** Tells the wide form that this field is the one that its input goes to, and when it is gone. */
export function useAnnounced(
  board: FieldBoard | null,
  insert: (path: string) => void,
  sources: readonly DataSource[],
): () => void {
  const latest = useRef(insert)
  latest.current = insert
  const field = useMemo((): ActiveField => ({ sources, insert: (path) => latest.current(path) }), [sources])
  const used = useRef<ActiveField>(null)
  useEffect(
    () => () => {
      if (used.current !== null) board?.leave(used.current)
    },
    [board],
  )
  return () => {
    used.current = field
    board?.use(field)
  }
}
