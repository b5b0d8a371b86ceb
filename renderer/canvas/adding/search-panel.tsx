import '../../ui/lists/command-list.css'
import { Command } from 'cmdk'
import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import { useActiveOption } from '../../ui/lists/use-active-option.ts'
import type { ScreenPoint } from '../canvas-actions.ts'

const WIDTH = 320
const HEIGHT = 380
const MARGIN = 12

/** A list to choose from while typing, at a point of the window. The component that fills it filters it. */
export function SearchPanel(props: {
  readonly at: ScreenPoint
  readonly label: string
  readonly placeholder: string
  readonly none: string
  readonly search: string
  onSearch(search: string): void
  onClose(): void
  readonly children: ReactNode
}) {
  const panel = useRef<HTMLDivElement>(null)
  const command = useActiveOption()
  const onClose = props.onClose
  useLayoutEffect(() => {
    const closeOutside = (event: PointerEvent): void => {
      if (event.target instanceof Node && !panel.current?.contains(event.target)) onClose()
    }
    document.addEventListener('pointerdown', closeOutside, true)
    return () => document.removeEventListener('pointerdown', closeOutside, true)
  }, [onClose])

  const left = Math.max(MARGIN, Math.min(props.at.x - WIDTH / 2, window.innerWidth - WIDTH - MARGIN))
  const top = Math.max(MARGIN, Math.min(props.at.y, window.innerHeight - HEIGHT - MARGIN))
  return createPortal(
    <div
      ref={panel}
      role="dialog"
      aria-label={props.label}
      className="fixed z-50 overflow-hidden rounded-lg animate-pop bg-raised shadow-float"
      style={{ left, top, width: WIDTH }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' || event.key === 'Tab') {
          event.preventDefault()
          event.stopPropagation()
          onClose()
        }
      }}
    >
      {/* Filtered by ourselves: cmdk's own search also finds words whose letters are merely in order. */}
      <Command ref={command} label={props.label} loop shouldFilter={false}>
        <Command.Input
          autoFocus
          value={props.search}
          onValueChange={props.onSearch}
          placeholder={props.placeholder}
          className="w-full border-line border-b bg-transparent px-3 py-2.5 text-base text-ink outline-none"
        />
        <Command.List className="max-h-80 overflow-y-auto p-1.5">
          <Command.Empty className="px-3 py-6 text-center text-sm text-ink-faint">{props.none}</Command.Empty>
          {props.children}
        </Command.List>
      </Command>
    </div>,
    document.body,
  )
}
