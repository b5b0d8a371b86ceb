import type { RefObject } from 'react'
import { Palette } from '../canvas/adding/palette.tsx'
import { Outline } from '../canvas/outline/outline.tsx'
import type { CanvasHandle } from '../canvas/zap-canvas.tsx'
import { classNames } from '../ui/look/class-names.ts'

export type SideView = 'add' | 'outline'

const NAMES = { add: 'Add steps', outline: 'Outline' } as const

/** Left of the canvas: the steps that can be added, or the outline of those that are there. */
export function SidePanel(props: {
  canvas: RefObject<CanvasHandle | null>
  view: SideView
  onView(view: SideView): void
}) {
  return (
    <aside
      aria-label={props.view === 'add' ? 'Steps to add' : 'Outline of the zap'}
      className="flex w-56 shrink-0 flex-col border-r border-line bg-surface"
    >
      <fieldset className="m-3 mb-0 flex rounded bg-sunken p-0.5">
        <legend className="sr-only">What is shown beside the canvas</legend>
        {(['add', 'outline'] as const).map((view) => (
          <button
            key={view}
            type="button"
            aria-pressed={props.view === view}
            onClick={() => props.onView(view)}
            className={classNames(
              'h-6 flex-1 rounded-sm text-sm font-medium transition-colors',
              props.view === view ? 'bg-surface text-ink shadow-card' : 'text-ink-faint hover:text-ink',
            )}
          >
            {NAMES[view]}
          </button>
        ))}
      </fieldset>
      {props.view === 'add' ? (
        <Palette canvas={props.canvas} />
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <Outline canvas={props.canvas} />
        </div>
      )}
    </aside>
  )
}
