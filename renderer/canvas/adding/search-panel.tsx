import '../../ui/lists/command-list.css'
import { Command } from 'cmdk'
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import { looksLikeCurl } from '../../../core/domain/curl/command-text.ts'
import { useActiveOption } from '../../ui/lists/use-active-option.ts'
import type { ScreenPoint } from '../canvas-actions.ts'

const WIDTH = 400
const HEIGHT = 440
const MARGIN = 12

/** A list to choose from while typing, at a point of the window. The component that fills it filters it. */
export function SearchPanel(props: {
  readonly at: ScreenPoint
  readonly label: string
  readonly placeholder: string
  readonly none: string
  readonly search: string
  /** At the right of what is typed. */
  readonly note?: ReactNode
  /** Before what is typed. */
  readonly scope?: ReactNode
  /** Below the list. */
  readonly footer?: ReactNode
  onSearch(search: string): void
  /** Hears keys first; true for one that it has used. */
  onKey?(event: KeyboardEvent, chosen: string | null): boolean
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
  const top = Math.max(MARGIN, Math.min(props.at.y + 6, window.innerHeight - HEIGHT - MARGIN))
  return createPortal(
    <div
      ref={panel}
      role="dialog"
      aria-label={props.label}
      className="fixed z-50 overflow-hidden rounded-lg animate-pop bg-raised shadow-float"
      style={{ left, top, width: WIDTH, maxHeight: `min(${HEIGHT}px, calc(100vh - ${top + MARGIN}px))` }}
      onKeyDown={(event) => {
        const chosen =
          panel.current?.querySelector('[cmdk-item][aria-selected="true"]')?.getAttribute('data-value') ?? null
        const isUsed = props.onKey?.(event, chosen) ?? false
        if (!isUsed && event.key !== 'Escape' && event.key !== 'Tab') return
        event.preventDefault()
        event.stopPropagation()
        if (!isUsed) onClose()
      }}
    >
      {/* Filtered by ourselves: cmdk's own search also finds words whose letters are merely in order. */}
      <Command ref={command} label={props.label} loop shouldFilter={false} className="flex max-h-[inherit] flex-col">
        <div className="flex shrink-0 items-center gap-2 border-line border-b px-3">
          {props.scope}
          <Command.Input
            autoFocus
            value={props.search}
            onValueChange={props.onSearch}
            onPaste={(event) => {
              // With its line breaks, which the field itself would take out.
              const text = event.clipboardData.getData('text/plain')
              if (!looksLikeCurl(text)) return
              event.preventDefault()
              props.onSearch(text)
            }}
            placeholder={props.placeholder}
            className="min-w-0 flex-1 bg-transparent py-2.5 text-base text-ink outline-none"
          />
          {props.note}
        </div>
        <Command.List className="min-h-0 flex-1 overflow-y-auto p-1.5">
          <Command.Empty className="px-3 py-6 text-center text-sm text-ink-faint">{props.none}</Command.Empty>
          {props.children}
        </Command.List>
        {props.footer}
      </Command>
    </div>,
    document.body,
  )
}
