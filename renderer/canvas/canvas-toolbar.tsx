import { useReactFlow, useStore } from '@xyflow/react'
import { Map as MapIcon, Maximize, Minus, Network, Plus, Redo2, Undo2 } from 'lucide-react'
import { memo } from 'react'
import { useDraft } from '../editor/draft-store.ts'
import { HistoryPopover } from '../editor/history-popover.tsx'
import { useShortcut } from '../shortcuts/bindings.ts'
import { IconButton } from '../ui/button.tsx'

/** Undo, zoom and order, at the lower edge of the canvas. With the same callbacks it is not drawn again while steps are dragged. */
export const CanvasToolbar = memo(function CanvasToolbar(props: {
  minimap: boolean
  onMinimap(): void
  onTidy(): void
  onFit(): void
}) {
  const flow = useReactFlow()
  const canUndo = useDraft((state) => state.history.past.length > 0)
  const canRedo = useDraft((state) => state.history.future.length > 0)
  const undo = useDraft((state) => state.undo)
  const redo = useDraft((state) => state.redo)
  return (
    <div
      role="toolbar"
      aria-label="Canvas"
      className="absolute bottom-3 left-3 z-10 flex items-center rounded-lg bg-raised p-0.5 shadow-float"
    >
      <IconButton
        icon={Undo2}
        label="Undo"
        shortcut={useShortcut('undo')}
        tooltipSide="top"
        disabled={!canUndo}
        onClick={undo}
      />
      <IconButton
        icon={Redo2}
        label="Redo"
        shortcut={useShortcut('redo')}
        tooltipSide="top"
        disabled={!canRedo}
        onClick={redo}
      />
      <HistoryPopover />
      <Divider />
      <IconButton
        icon={Minus}
        label="Zoom out"
        shortcut={useShortcut('zoom-out')}
        tooltipSide="top"
        onClick={() => void flow.zoomOut({ duration: 120 })}
      />
      <ZoomButton />
      <IconButton
        icon={Plus}
        label="Zoom in"
        shortcut={useShortcut('zoom-in')}
        tooltipSide="top"
        onClick={() => void flow.zoomIn({ duration: 120 })}
      />
      <IconButton
        icon={Maximize}
        label="Fit everything"
        shortcut={useShortcut('fit')}
        tooltipSide="top"
        onClick={props.onFit}
      />
      <Divider />
      <IconButton
        icon={Network}
        label="Tidy up"
        shortcut={useShortcut('tidy')}
        tooltipSide="top"
        onClick={props.onTidy}
      />
      <IconButton
        icon={MapIcon}
        label={props.minimap ? 'Hide the map' : 'Show the map'}
        tooltipSide="top"
        aria-pressed={props.minimap}
        className={props.minimap ? 'bg-press' : ''}
        onClick={props.onMinimap}
      />
    </div>
  )
})

function Divider() {
  return <span aria-hidden className="mx-1 h-4 w-px bg-line" />
}

// By itself, so that zooming draws it again and not the whole toolbar.
function ZoomButton() {
  const flow = useReactFlow()
  const zoom = useStore((state) => Math.round(state.transform[2] * 100))
  return (
    <button
      type="button"
      aria-label={`Zoom is ${zoom} %. Show at 100 %`}
      className="h-8 w-11 rounded text-sm text-ink-soft hover:bg-hover"
      onClick={() => void flow.zoomTo(1, { duration: 120 })}
    >
      {zoom} %
    </button>
  )
}
