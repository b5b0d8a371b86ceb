import {
  CircleDot,
  CircleOff,
  CircleSlash2,
  ClipboardPaste,
  Copy,
  CopyPlus,
  Frame,
  Link2,
  ListTree,
  Maximize,
  Network,
  PanelRight,
  PencilLine,
  Play,
  Plus,
  Scissors,
  Search,
  SquareDashedMousePointer,
  StickyNote,
  Trash2,
} from 'lucide-react'
import { type MouseEvent, useState } from 'react'
import type { ActionId } from '../../commands/actions.ts'
import { keysOf, useBindings } from '../../commands/bindings.ts'
import { areDisabled } from '../../draft/operations/draft-operations.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { breakpointsOf } from '../../stores/breakpoints.ts'
import type { MenuItem } from '../../ui/layers/menu-items.tsx'
import type { ScreenPoint } from '../canvas-actions.ts'
import { type CanvasPlace, placeOf } from './canvas-place.ts'
import type { CanvasClipboard } from './use-canvas-clipboard.ts'

const NAMES = {
  step: 'What can be done with the step',
  selection: 'What can be done with the selected steps',
  edge: 'What can be done with the connection',
  annotation: 'What can be done with the note or frame',
  pane: 'What can be done with the zap',
} as const satisfies Record<CanvasPlace['kind'], string>

type Line = Exclude<MenuItem, 'separator'>

/** The menu of whatever is clicked with the right button: what keys do, with the keys. */
export function useCanvasMenu(act: {
  run(action: ActionId): void
  clipboard: CanvasClipboard
  addAt(at: ScreenPoint): void
  addNote(at: ScreenPoint): void
  addOnEdge(edgeId: string, at: ScreenPoint): void
  selectEdge(edgeId: string): void
}) {
  const store = useDraftStore()
  const connectors = useConnectors()
  const bindings = useBindings((state) => state.bindings)
  const [opened, setOpened] = useState<{ place: CanvasPlace; at: ScreenPoint }>({
    place: { kind: 'pane' },
    at: { x: 0, y: 0 },
  })

  const onContextMenu = (event: MouseEvent): void => {
    if (!(event.target instanceof Element)) return
    const { selected, select } = store.getState()
    const place = placeOf(event.target, selected)
    // Whatever the menu is about is what the keys would act on, too.
    if (place.kind === 'step') select([place.id])
    if (place.kind === 'annotation') select([], [place.id])
    if (place.kind === 'edge') {
      select([])
      act.selectEdge(place.id)
    }
    setOpened({ place, at: { x: event.clientX, y: event.clientY } })
  }

  const { place, at } = opened
  const isTrigger = (id: string): boolean => {
    const uses = store.getState().history.present.steps.find((step) => step.id === id)?.uses
    return connectors.get(uses ?? '')?.kind === 'trigger'
  }
  const items = (): readonly MenuItem[] => {
    const command = (label: string, action: ActionId, icon: NonNullable<Line['icon']>): Line => ({
      label,
      icon,
      shortcut: keysOf(action, bindings)[0],
      onSelect: () => act.run(action),
    })
    const remove: Line = { ...command('Delete', 'delete', Trash2), tone: 'danger' }
    const copies: readonly MenuItem[] = [
      { label: 'Copy', icon: Copy, shortcut: 'Mod+C', onSelect: act.clipboard.copy },
      { label: 'Cut', icon: Scissors, shortcut: 'Mod+X', onSelect: act.clipboard.cut },
      command('Duplicate', 'duplicate', CopyPlus),
    ]
    const state = store.getState()
    const chosen = state.history.present.steps.filter(({ id }) => state.selected.includes(id))
    const isMarked = chosen.some(({ id }) => breakpointsOf(state.host.id).includes(id))
    const breakpoint = command(
      isMarked ? 'Remove the breakpoint' : 'Set a breakpoint',
      'toggle-breakpoint',
      isMarked ? CircleOff : CircleDot,
    )
    const disable = areDisabled(chosen)
      ? command('Enable', 'toggle-disabled', Play)
      : command('Disable', 'toggle-disabled', CircleSlash2)
    switch (place.kind) {
      case 'step':
        return [
          command('Open', 'open', PanelRight),
          command('Rename', 'rename', PencilLine),
          command('Add a step after it', 'add', Plus),
          command('Connect to a step', 'connect', Link2),
          'separator',
          ...copies,
          disable,
          ...(isTrigger(place.id) ? [] : [breakpoint]),
          'separator',
          remove,
        ]
      case 'selection':
        return [...copies, disable, breakpoint, command('Put a frame around', 'frame', Frame), 'separator', remove]
      case 'annotation':
        return [command('Write', 'rename', PencilLine), 'separator', ...copies, 'separator', remove]
      case 'edge':
        return [
          { label: 'Put a step here', icon: Plus, onSelect: () => act.addOnEdge(place.id, at) },
          'separator',
          { ...remove, label: 'Delete the connection' },
        ]
      case 'pane':
        return [
          { ...command('Add a step', 'add', Plus), onSelect: () => act.addAt(at) },
          { ...command('Add a note', 'add-note', StickyNote), onSelect: () => act.addNote(at) },
          { label: 'Paste', icon: ClipboardPaste, shortcut: 'Mod+V', onSelect: () => void act.clipboard.paste() },
          'separator',
          command('Select all steps', 'select-all', SquareDashedMousePointer),
          command('Show the outline', 'outline', ListTree),
          command('Find in this zap', 'find', Search),
          'separator',
          command('Tidy up', 'tidy', Network),
          command('Fit everything', 'fit', Maximize),
        ]
    }
  }

  return { label: NAMES[place.kind], items: items(), onContextMenu }
}
