import { create } from 'zustand'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { toast } from '../ui/layers/toast.tsx'

/** Milliseconds in which a dismissal can be taken back, as the host keeps no way back. Shorter than its toast is shown. */
const UNDO_MS = 6_000

/** Dead letters that are off the list: dismissed, or about to be. Their ids never come again, so they stay. */
export const useDismissals = create<{ ids: ReadonlySet<number> }>(() => ({ ids: new Set() }))

/** What is still to be told to the host, each with what tells it at once. */
const outstanding = new Set<() => void>()

/** Takes a dead letter off the list at once, and tells the host when the time for undoing it is over. */
export function dismissLetter(id: number, zapName: string): void {
  hide([id])
  const timer = setTimeout(() => commit(), UNDO_MS)
  const settle = (): void => {
    clearTimeout(timer)
    outstanding.delete(commit)
    takeBack()
  }
  const commit = (): void => {
    settle()
    void tellHost([id])
  }
  outstanding.add(commit)
  const takeBack = toast({
    title: `Dismissed the dead letter of "${zapName}"`,
    detail: 'Its run stays among the runs.',
    action: {
      label: 'Undo',
      onClick: () => {
        settle()
        show([id])
      },
    },
  })
}

/** Takes dead letters off the list: those named, or every one there is. Returns whether the host did. */
export async function dismissAll(ids: readonly number[] | 'every'): Promise<boolean> {
  if (ids !== 'every') hide(ids)
  const dismissed = await tellHost(ids)
  if (dismissed === null) return false
  toast({ title: dismissed === 1 ? 'Dismissed 1 dead letter' : `Dismissed ${dismissed.toLocaleString()} dead letters` })
  return true
}

async function tellHost(ids: readonly number[] | 'every'): Promise<number | null> {
  try {
    return (await api.outbox.dismiss(ids === 'every' ? {} : { ids: [...ids] })).dismissed
  } catch (thrown) {
    if (ids !== 'every') show(ids)
    toast({ title: 'It could not be dismissed', detail: describeFailure(thrown).message, tone: 'error' })
    return null
  }
}

function hide(ids: readonly number[]): void {
  useDismissals.setState((state) => ({ ids: new Set([...state.ids, ...ids]) }))
}

function show(ids: readonly number[]): void {
  useDismissals.setState((state) => ({ ids: state.ids.difference(new Set(ids)) }))
}

// A person who dismisses and then closes the window meant it.
if (typeof window !== 'undefined') {
  window.addEventListener('pagehide', () => {
    for (const commit of outstanding) commit()
  })
}
