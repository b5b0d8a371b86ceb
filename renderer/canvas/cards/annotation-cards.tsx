import { type NodeProps, NodeResizer } from '@xyflow/react'
import { memo } from 'react'
import { LEAST_SIZE } from '../../draft/layout/nudge.ts'
import type { AnnotationId } from '../../draft/operations/annotations.ts'
import { classNames } from '../../ui/look/class-names.ts'
import { useCanvasActions } from '../canvas-actions.ts'
import type { FrameNode, NoteNode } from './annotation-nodes.ts'

/** A note: paper with text on it, that is written where it lies. */
export const NoteCard = memo(function NoteCard({ data, selected }: NodeProps<NoteNode>) {
  const actions = useCanvasActions()
  return (
    <>
      <Resizer id={data.id} shown={selected} />
      <div className={classNames('note-card', selected && 'outline-2 outline-accent')}>
        {actions?.writing === data.id ? (
          <textarea
            // biome-ignore lint/a11y/noAutofocus: who asked to write the note goes on by writing it
            autoFocus
            aria-label="Text of the note"
            className="nodrag nowheel nopan size-full resize-none bg-transparent p-2.5 text-base text-ink outline-none"
            value={data.text}
            maxLength={10_000}
            onChange={(event) => actions.write(data.id, event.target.value)}
            {...endOfWriting(actions.endWriting)}
          />
        ) : (
          <p className="size-full overflow-hidden p-2.5 text-base whitespace-pre-wrap text-ink">
            {data.text === '' ? <span className="text-ink-soft">Empty note</span> : data.text}
          </p>
        )}
      </div>
    </>
  )
})

/** A titled frame behind steps. It is taken hold of by its title. */
export const FrameCard = memo(function FrameCard({ data, selected }: NodeProps<FrameNode>) {
  const actions = useCanvasActions()
  return (
    <>
      <Resizer id={data.id} shown={selected} />
      <div className={classNames('frame-card', selected && 'border-accent!')}>
        {actions?.writing === data.id ? (
          <input
            // biome-ignore lint/a11y/noAutofocus: as with a note
            autoFocus
            aria-label="Title of the frame"
            className="nodrag nopan pointer-events-auto m-1.5 w-60 max-w-[calc(100%-12px)] rounded border border-ring bg-surface px-2 py-0.5 text-base font-semibold text-ink outline-none"
            value={data.title}
            maxLength={200}
            onChange={(event) => actions.write(data.id, event.target.value)}
            {...endOfWriting(actions.endWriting)}
          />
        ) : (
          <p className="frame-title">
            <span className="truncate">{data.title === '' ? 'Untitled' : data.title}</span>
          </p>
        )}
      </div>
    </>
  )
})

function Resizer({ id, shown }: { id: AnnotationId; shown: boolean }) {
  const actions = useCanvasActions()
  if (!actions) return null
  return (
    <NodeResizer
      isVisible={shown}
      minWidth={LEAST_SIZE.width}
      minHeight={LEAST_SIZE.height}
      onResize={(_, to) => actions.resize(id, to, false)}
      onResizeEnd={(_, to) => actions.resize(id, to, true)}
    />
  )
}

// Escape and leaving the field end the writing; in a title Enter does, too. The focus goes back to what was written.
function endOfWriting(end: () => void) {
  return {
    onBlur: end,
    onKeyDown: (event: React.KeyboardEvent<HTMLElement>) => {
      const isTitle = event.currentTarget.tagName === 'INPUT'
      if (event.key !== 'Escape' && !(event.key === 'Enter' && isTitle)) return
      event.preventDefault()
      event.stopPropagation()
      event.currentTarget.closest<HTMLElement>('.react-flow__node')?.focus()
    },
  }
}
