import { Search } from 'lucide-react'
import { type PointerEvent as ReactPointerEvent, useMemo, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { recentConnectors } from '../../stores/recent-steps.ts'
import { Input } from '../../ui/controls/input.tsx'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import { Spinner } from '../../ui/page/spinner.tsx'
import type { ScreenPoint } from '../canvas-actions.ts'
import type { CanvasHandle } from '../zap-canvas.tsx'
import { connectorGroups } from './connector-groups.ts'

/** Pixels that the pointer moves before a press becomes a drag. */
const DRAG_THRESHOLD = 4

/** Every connector, to be clicked or dragged onto the canvas. */
export function Palette({ canvas }: { canvas: React.RefObject<CanvasHandle | null> }) {
  const connectors = useConnectors()
  const [search, setSearch] = useState('')
  // As they were when the editor was opened: a list that grows with every click would slip away below the pointer.
  const [recent] = useState(recentConnectors)
  const groups = useMemo(() => connectorGroups(connectors.values(), search, recent), [connectors, search, recent])
  const drag = usePaletteDrag(canvas)
  const first = groups[0]?.connectors[0]
  return (
    <>
      <div className="relative p-3 pb-2">
        <Search size={14} aria-hidden className="absolute top-5 left-5.5 text-ink-faint" />
        <Input
          type="search"
          aria-label="Search steps"
          placeholder="Search steps"
          className="pl-8"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && first) canvas.current?.add(first)
            if (event.key === 'Escape') setSearch('')
          }}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        {connectors.size === 0 && (
          <p className="p-3">
            <Spinner label="Loading…" />
          </p>
        )}
        {connectors.size > 0 && groups.length === 0 && (
          <p className="px-2 py-6 text-center text-sm text-ink-faint">No step is called “{search}”.</p>
        )}
        {groups.map((group) => (
          <div key={group.title}>
            <h2 className="px-2 pt-3 pb-1 text-xs font-medium text-ink-faint">{group.title}</h2>
            <ul>
              {group.connectors.map((connector) => (
                <li
                  key={connector.id}
                  title={connector.description}
                  className="relative grid grid-cols-[28px_minmax(0,1fr)] items-start gap-x-2.5 rounded px-2 py-1.5 transition-colors select-none hover:bg-hover has-active:bg-press"
                >
                  <ConnectorIcon icon={connector.icon} category={connector.category} size={28} className="row-span-2" />
                  {/* The button is named by the title alone, and its click area is the whole line. */}
                  <button
                    type="button"
                    className="touch-none text-left leading-4 font-medium text-ink after:absolute after:inset-0 after:rounded"
                    onPointerDown={(event) => drag.begin(event, connector)}
                    onClick={() => {
                      if (!drag.justDropped()) canvas.current?.add(connector)
                    }}
                  >
                    {connector.title}
                  </button>
                  <span className="line-clamp-3 text-xs leading-3.5 text-ink-faint">{connector.description}</span>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      {drag.ghost}
    </>
  )
}

/** Dragging with pointer events rather than HTML's drag and drop: it works with touch, and the ghost is a real card. */
function usePaletteDrag(canvas: React.RefObject<CanvasHandle | null>) {
  const [dragged, setDragged] = useState<{ connector: ConnectorManifest; at: ScreenPoint } | null>(null)
  const dropped = useRef(false)

  const begin = (down: ReactPointerEvent, connector: ConnectorManifest): void => {
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
        canvas.current?.drop(connector, { x: event.clientX, y: event.clientY })
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
