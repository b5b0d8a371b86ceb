import { useEffect, useEffectEvent } from 'react'
import { chordOf } from '../../commands/chord.ts'

/**
 * Selecting runs by keyboard: Space for the run that has the focus (with Shift from the last one), Ctrl or ⌘ A for all that are
 * shown, Escape for none. Rows tell their run in `data-run-id`.
 */
export function useBulkKeys({
  isEmpty,
  onToggle,
  onAll,
  onNone,
}: {
  isEmpty: boolean
  onToggle: (id: string, extend: boolean) => void
  onAll: () => void
  onNone: () => void
}): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const { key, target } = event
    if (event.defaultPrevented || !(target instanceof HTMLElement) || isElsewhere(target)) return
    const row = target.dataset.rowLink === undefined ? null : target.closest<HTMLElement>('[data-run-id]')
    if (key === ' ' && row?.dataset.runId !== undefined) onToggle(row.dataset.runId, event.shiftKey)
    else if (chordOf(event) === 'Mod+A') onAll()
    else if (key === 'Escape' && !isEmpty) onNone()
    else return
    event.preventDefault()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

/** Fields, and what lies over the list, have these keys for themselves. */
function isElsewhere(target: HTMLElement): boolean {
  return (
    target.closest(
      'input, textarea, select, [contenteditable], [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]',
    ) !== null
  )
}
