import { type RefObject, useLayoutEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import type { DataSource } from './data-tree.ts'
import { DataTreeList } from './data-tree-list.tsx'

const WIDTH = 320
const HEIGHT = 420
const GAP = 10

/** The data of earlier steps beside the field that has the focus. */
export function DataPicker(props: {
  readonly id: string
  readonly anchor: RefObject<HTMLElement | null>
  readonly sources: readonly DataSource[]
  onInsert(path: string): void
  onClose(): void
}) {
  const place = usePlaceBeside(props.anchor)
  if (!place) return null
  return createPortal(
    <section
      data-data-picker
      aria-label="Data of earlier steps"
      className="fixed z-30 flex animate-fade flex-col rounded-lg bg-raised shadow-float"
      style={{ left: place.left, top: place.top, width: WIDTH, maxHeight: place.height }}
    >
      <DataTreeList id={props.id} sources={props.sources} onInsert={props.onInsert} onClose={props.onClose} />
    </section>,
    document.body,
  )
}

/** Left of the inspector at the height of the field; the canvas has room, and the form stays visible. */
function usePlaceBeside(
  anchor: RefObject<HTMLElement | null>,
): { readonly left: number; readonly top: number; readonly height: number } | null {
  const [place, setPlace] = useState<{ left: number; top: number; height: number } | null>(null)
  useLayoutEffect(() => {
    const measure = (): void => {
      const field = anchor.current?.getBoundingClientRect()
      if (!field) return
      const side = anchor.current?.closest('[data-inspector]')?.getBoundingClientRect().left ?? field.left
      const height = Math.min(HEIGHT, window.innerHeight - 2 * GAP)
      const top = Math.max(GAP, Math.min(field.top, window.innerHeight - height - 5 * GAP))
      setPlace({ left: Math.max(GAP, side - WIDTH - GAP), top, height })
    }
    measure()
    // Scrolling of the form moves the field; `true` hears of scrolling in any element.
    window.addEventListener('scroll', measure, true)
    window.addEventListener('resize', measure)
    return () => {
      window.removeEventListener('scroll', measure, true)
      window.removeEventListener('resize', measure)
    }
  }, [anchor])
  return place
}
