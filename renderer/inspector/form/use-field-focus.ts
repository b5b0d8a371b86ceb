import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { useDraft, useDraftStore } from '../../draft/session/draft-store.ts'

const FOCUSABLE =
  'input, textarea, [contenteditable="true"], button:not([tabindex="-1"], [data-edit-as]), [role="combobox"], [tabindex="0"]'
/** Frames to wait for a form that is only being loaded. */
const PATIENCE = 120

/**
 * Brings the focus to the field that was asked for: a problem's, the name, or the first one. Fields are marked with
 * `data-field`; the one whose path goes furthest along the wanted path is taken. `show` is called first, to have the form there.
 */
export function useFieldFocus(stepId: string, show: () => void): RefObject<HTMLElement | null> {
  const panel = useRef<HTMLElement>(null)
  const focus = useDraft((state) => state.focus)
  const wanted = focus?.step === stepId ? focus : null
  const store = useDraftStore()
  const latestShow = useRef(show)
  latestShow.current = show

  useLayoutEffect(() => {
    // The form that had it is gone: keys that are pressed before the field has it are this one's.
    if (wanted && document.activeElement === document.body) panel.current?.focus({ preventScroll: true })
  }, [wanted])
  useEffect(() => {
    if (!wanted) return
    latestShow.current()
    let frame = 0
    const bring = (patience: number): void => {
      const field = panel.current ? findField(panel.current, wanted.field) : null
      if (!field?.querySelector(FOCUSABLE) && patience > 0) {
        frame = requestAnimationFrame(() => bring(patience - 1))
        return
      }
      store.getState().focusDone()
      const folded = field?.closest('details')
      if (folded) folded.open = true
      const control = field?.querySelector<HTMLElement>(FOCUSABLE)
      field?.scrollIntoView({ block: 'nearest' })
      control?.focus({ preventScroll: true })
      if (control instanceof HTMLInputElement && wanted.field === 'name') control.select()
    }
    // The form may only be there after the next paint.
    frame = requestAnimationFrame(() => bring(PATIENCE))
    return () => cancelAnimationFrame(frame)
  }, [wanted, store])
  return panel
}

function findField(panel: HTMLElement, wanted: string | null): HTMLElement | null {
  const fields = [...panel.querySelectorAll<HTMLElement>('[data-field]')]
  if (wanted === null) return fields.find((field) => field.dataset.field !== 'name') ?? null
  const fitting = fields.filter((field) => {
    const path = field.dataset.field ?? ''
    return path === wanted || wanted.startsWith(`${path}.`)
  })
  return (
    fitting.toSorted((a, b) => (b.dataset.field ?? '').length - (a.dataset.field ?? '').length)[0] ?? fields[0] ?? null
  )
}
