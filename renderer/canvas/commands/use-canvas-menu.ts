import { ClipboardPaste, Copy, Plus, Scissors } from 'lucide-react'
import { type MouseEvent, useMemo, useState } from 'react'
import { keysOf, useBindings } from '../../commands/bindings.ts'
import { type Command, faceOf } from '../../commands/command.ts'
import { ZAP_COMMANDS, type ZapCommandId } from '../../draft/commands/commands.ts'
import type { OpenZap } from '../../draft/commands/open-zap.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
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

/** The menu of what is clicked with the right button: what keys do, with the keys. */
export function useCanvasMenu(act: {
  openZap(): OpenZap
  clipboard: CanvasClipboard
  addAt(at: ScreenPoint): void
  addNote(at: ScreenPoint): void
  addOnEdge(edgeId: string, at: ScreenPoint): void
  selectEdge(edgeId: string): void
}) {
  const store = useDraftStore()
  const bindings = useBindings((state) => state.bindings)
  const [opened, setOpened] = useState<{ place: CanvasPlace; at: ScreenPoint }>({
    place: { kind: 'pane' },
    at: { x: 0, y: 0 },
  })

  const onContextMenu = (event: MouseEvent): void => {
    if (!(event.target instanceof Element)) return
    const { selected, select } = store.getState()
    const place = placeOf(event.target, selected)
    // The keys act on what the menu is about.
    if (place.kind === 'step') select([place.id])
    if (place.kind === 'annotation') select([], [place.id])
    if (place.kind === 'edge') {
      select([])
      act.selectEdge(place.id)
    }
    setOpened({ place, at: { x: event.clientX, y: event.clientY } })
  }

  const { place, at } = opened
  const items = (): readonly MenuItem[] => {
    const zap = act.openZap()
    /** A command as a line, by another name where the place asks for one. */
    const line = (id: ZapCommandId, label?: string): Line => {
      const command: Command<OpenZap> = ZAP_COMMANDS[id]
      const face = faceOf(command, zap)
      return {
        label: label ?? face.title,
        ...(face.icon && { icon: face.icon }),
        shortcut: keysOf(command, bindings)[0],
        disabled: command.isEnabled?.(zap) === false,
        onSelect: () => void command.run(act.openZap()),
      }
    }
    const remove: Line = { ...line('delete'), tone: 'danger' }
    const copies: readonly MenuItem[] = [
      { label: 'Copy', icon: Copy, shortcut: 'Mod+C', onSelect: act.clipboard.copy },
      { label: 'Cut', icon: Scissors, shortcut: 'Mod+X', onSelect: act.clipboard.cut },
      line('duplicate'),
    ]
    const [disable, breakpoint] = [line('toggle-disabled'), line('toggle-breakpoint')]
    switch (place.kind) {
      case 'step':
        return [
          line('open', 'Open'),
          line('rename', 'Rename'),
          line('add', 'Add a step after it'),
          line('connect', 'Connect to a step'),
          'separator',
          ...copies,
          disable,
          ...(zap.isTrigger(place.id) ? [] : [breakpoint]),
          'separator',
          remove,
        ]
      case 'selection':
        return [...copies, disable, breakpoint, line('frame', 'Put a frame around'), 'separator', remove]
      case 'annotation':
        return [line('rename', 'Write'), 'separator', ...copies, 'separator', remove]
      case 'edge':
        return [
          { label: 'Put a step here', icon: Plus, onSelect: () => act.addOnEdge(place.id, at) },
          'separator',
          { ...remove, label: 'Delete the connection' },
        ]
      case 'pane':
        return [
          { ...line('add', 'Add a step'), onSelect: () => act.addAt(at) },
          { ...line('add-note'), onSelect: () => act.addNote(at) },
          { label: 'Paste', icon: ClipboardPaste, shortcut: 'Mod+V', onSelect: () => void act.clipboard.paste() },
          'separator',
          line('select-all'),
          line('outline', 'Show the outline'),
          line('find'),
          'separator',
          line('tidy'),
          line('fit'),
        ]
    }
  }

  // Made when the menu opens, and not with each frame of a drag.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it is about decides, and the keys
  const lines = useMemo(items, [opened, bindings])
  return { label: NAMES[place.kind], items: lines, onContextMenu }
}
