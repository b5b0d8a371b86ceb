import { type ReactNode, type PointerEvent as ReactPointerEvent, type RefObject, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { StepPreset } from '../../draft/operations/insert-steps.ts'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import type { CanvasHandle, ScreenPoint } from '../canvas-actions.ts'

/** Pixels that the pointer moves before a press becomes a drag. */
const DRAG_THRESHOLD = 4

/** What a line of the palette does with the pointer. */
export type PaletteDrag = {
  begin(event: ReactPointerEvent, connector: ConnectorManifest, preset?: StepPreset): void
  /** Whether the click that is being handled ends a drag, and means nothing. */
  justDropped(): boolean
  readonly ghost: ReactNode
}

/** Dragging with pointer events rather than HTML's drag and drop: it works with touch, and the ghost is a real card. */
export function usePaletteDrag(canvas: RefObject<CanvasHandle | null>, onDropped: () => void): PaletteDrag {
  const [dragged, setDragged] = useState<{ connector: ConnectorManifest; at: ScreenPoint } | null>(null)
  const dropped = useRef(false)

  const begin: PaletteDrag['begin'] = (down, connector, preset) => {
    if (down.button !== 0) return
    const from = { x: down.clientX, y: down.clientY }
    let moving = false
    const move = (event: PointerEvent): void => {
      const at = { x: event.clientX, y: event.clientY }
      moving ||= Math.hypot(at.x - from.x, at.y - from.y) > DRAG_THRESHOLD
      if (!moving) return
      setDragged({ connector, at })
      canvas.current?.hover(at)
    }
    const end = (event: Event): void => {
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', end)
      window.removeEventListener('pointercancel', end)
      window.removeEventListener('keydown', cancel, true)
      setDragged(null)
      canvas.current?.hover(null)
      if (!moving) return
      // The click that follows the release must not add the step once more.
      dropped.current = true
      setTimeout(() => {
        dropped.current = false
      })
      if (event instanceof PointerEvent && event.type === 'pointerup') {
        const at = { x: event.clientX, y: event.clientY }
        if (canvas.current?.drop(connector, at, preset)) onDropped()
      }
    }
    const cancel = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') end(event)
    }
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', end)
    window.addEventListener('pointercancel', end)
    window.addEventListener('keydown', cancel, true)
  }

  const ghost =
    dragged &&
    createPortal(
      <div
        aria-hidden
        className="pointer-events-none fixed z-50 flex h-16 w-60 -translate-x-1/2 -translate-y-1/2 items-center gap-3 rounded-lg border border-accent bg-surface px-3 opacity-90 shadow-float"
        style={{ left: dragged.at.x, top: dragged.at.y }}
      >
        <ConnectorIcon icon={dragged.connector.icon} category={dragged.connector.category} size={40} />
        <span className="font-semibold text-ink">{dragged.connector.title}</span>
      </div>,
      document.body,
    )
  return { begin, ghost, justDropped: () => dropped.current }
}
