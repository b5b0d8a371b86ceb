import { Map as MapIcon, Network, Redo2, Undo2 } from 'lucide-react'
import { memo } from 'react'
import { useShortcut } from '../../commands/bindings.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { IconButton } from '../../ui/controls/button.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { HistoryPopover } from './history-popover.tsx'
import { ZoomButtons } from './zoom-buttons.tsx'

/** The look of what floats over a canvas with buttons in it. */
export const TOOLBAR = 'flex items-center rounded-lg bg-raised p-0.5 shadow-float'

/** Undo, zoom and order, at the lower edge of the canvas. With the same callbacks it is not drawn again while steps are dragged. */
export const CanvasToolbar = memo(function CanvasToolbar(props: {
  minimap: boolean
  onMinimap(): void
  onTidy(): void
  onFit(): void
}) {
  const canUndo = useDraft((state) => state.history.past.length > 0)
  const canRedo = useDraft((state) => state.history.future.length > 0)
  const undo = useDraft((state) => state.undo)
  const redo = useDraft((state) => state.redo)
  return (
    <div role="toolbar" aria-label="Canvas" className={classNames(TOOLBAR, 'absolute bottom-3 left-3 z-10')}>
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
      <ZoomButtons
        keys={{ in: useShortcut('zoom-in'), out: useShortcut('zoom-out'), fit: useShortcut('fit') }}
        onFit={props.onFit}
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
