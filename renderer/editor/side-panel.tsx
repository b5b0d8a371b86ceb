import { ListTree, Search } from 'lucide-react'
import { type RefObject, useRef } from 'react'
import { flushSync } from 'react-dom'
import { Palette } from '../canvas/adding/palette.tsx'
import type { CanvasHandle } from '../canvas/canvas-actions.ts'
import { Outline } from '../canvas/outline/outline.tsx'
import { IconButton } from '../ui/controls/button.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { useMedia } from '../ui/look/use-media.ts'

export type SideView = 'add' | 'outline'

const NAMES = { add: 'Add steps', outline: 'Outline' } as const
const ICONS = { add: Search, outline: ListTree } as const
const VIEWS = ['add', 'outline'] as const

/** From here on there is room for it beside the canvas and the form of a step. */
const HAS_ROOM = '(min-width: 1100px)'

type SidePanelProps = {
  canvas: RefObject<CanvasHandle | null>
  view: SideView
  onView(view: SideView): void
  /** Where there is no room for it: whether it lies over the canvas. */
  isOpen: boolean
  onOpen(isOpen: boolean): void
}

/** Left of the canvas: the steps that can be added, or the outline of those that are there. In a narrow window it is a strip that unfolds over the canvas. */
export function SidePanel(props: SidePanelProps) {
  return useMedia(HAS_ROOM) ? <Panel {...props} /> : <FoldedPanel {...props} />
}

function FoldedPanel(props: SidePanelProps) {
  const strip = useRef<HTMLElement>(null)
  const { view, isOpen, onOpen, onView } = props
  const fold = (): void => {
    flushSync(() => onOpen(false))
    strip.current?.querySelector<HTMLElement>(`[data-unfolds="${view}"]`)?.focus()
  }
  return (
    <div className="relative z-20 flex">
      <nav
        ref={strip}
        aria-label="Beside the canvas"
        className="flex w-11 shrink-0 flex-col items-center gap-1 border-r border-line bg-surface py-3"
      >
        {VIEWS.map((one) => (
          <IconButton
            key={one}
            icon={ICONS[one]}
            label={NAMES[one]}
            tooltipSide="right"
            data-unfolds={one}
            aria-expanded={isOpen && view === one}
            onClick={() => {
              onView(one)
              onOpen(!isOpen || view !== one)
            }}
          />
        ))}
      </nav>
      {isOpen && (
        // biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of what it holds
        <div
          className="absolute inset-y-0 left-full flex animate-fade shadow-float"
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            fold()
          }}
        >
          <Panel {...props} takesFocus />
        </div>
      )}
    </div>
  )
}

function Panel({ canvas, view, onView, onOpen, takesFocus = false }: SidePanelProps & { takesFocus?: boolean }) {
  return (
    <aside
      ref={takesFocus ? focusSearch : undefined}
      aria-label={view === 'add' ? 'Steps to add' : 'Outline of the zap'}
      className="flex w-67 shrink-0 flex-col border-r border-line bg-surface"
    >
      <fieldset className="m-3 mb-0 flex rounded bg-sunken p-0.5">
        <legend className="sr-only">What is shown beside the canvas</legend>
        {VIEWS.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={view === one}
            onClick={() => onView(one)}
            className={classNames(
              'h-6 flex-1 rounded-sm text-sm font-medium transition-colors',
              view === one ? 'bg-surface text-ink shadow-card' : 'text-ink-faint hover:text-ink',
            )}
          >
            {NAMES[one]}
          </button>
        ))}
      </fieldset>
      {view === 'add' ? (
        <Palette canvas={canvas} onAdded={() => onOpen(false)} />
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <Outline canvas={canvas} />
        </div>
      )}
    </aside>
  )
}

function focusSearch(panel: HTMLElement | null): void {
  panel?.querySelector<HTMLElement>('input[type="search"]')?.focus()
}
