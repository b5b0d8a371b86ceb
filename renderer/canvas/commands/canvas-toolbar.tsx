import { Map as MapIcon } from 'lucide-react'
import { memo } from 'react'
import { useShortcut } from '../../commands/bindings.ts'
import type { Command } from '../../commands/command.ts'
import { ZAP_COMMANDS } from '../../draft/commands/commands.ts'
import type { OpenZap } from '../../draft/commands/open-zap.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { IconButton } from '../../ui/controls/button.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { HistoryPopover } from './history-popover.tsx'
import { ZoomButtons } from './zoom-buttons.tsx'

/** The look of what floats over a canvas with buttons in it. */
export const TOOLBAR = 'flex items-center rounded-lg bg-raised p-0.5 shadow-float'

/** Undo, zoom and order, at the lower edge of the canvas. With the same callbacks it is not drawn again while steps are dragged. */
export const CanvasToolbar = memo(function CanvasToolbar(props: {
  openZap(): OpenZap
  minimap: boolean
  onMinimap(): void
}) {
  const canUndo = useDraft((state) => state.history.past.length > 0)
  const canRedo = useDraft((state) => state.history.future.length > 0)
  const { openZap } = props
  return (
    <div role="toolbar" aria-label="Canvas" className={classNames(TOOLBAR, 'absolute bottom-3 left-3 z-10')}>
      <CommandButton command={ZAP_COMMANDS.undo} openZap={openZap} disabled={!canUndo} />
      <CommandButton command={ZAP_COMMANDS.redo} openZap={openZap} disabled={!canRedo} />
      <HistoryPopover />
      <Divider />
      <ZoomButtons
        keys={{
          in: useShortcut(ZAP_COMMANDS['zoom-in']),
          out: useShortcut(ZAP_COMMANDS['zoom-out']),
          fit: useShortcut(ZAP_COMMANDS.fit),
        }}
        onFit={() => openZap().canvas.fit()}
      />
      <Divider />
      <CommandButton command={ZAP_COMMANDS.tidy} openZap={openZap} />
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

function CommandButton({
  command,
  openZap,
  disabled = false,
}: {
  command: Command<OpenZap>
  openZap(): OpenZap
  disabled?: boolean
}) {
  const shortcut = useShortcut(command)
  if (command.icon === undefined) return null
  return (
    <IconButton
      icon={command.icon}
      label={command.title}
      shortcut={shortcut}
      tooltipSide="top"
      disabled={disabled}
      onClick={() => void command.run(openZap())}
    />
  )
}

function Divider() {
  return <span aria-hidden className="mx-1 h-4 w-px bg-line" />
}
