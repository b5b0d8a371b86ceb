import { CornerDownRight, Frame, StickyNote } from 'lucide-react'
import { memo } from 'react'
import { classNames } from '../../ui/look/class-names.ts'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import { BreakpointDot } from '../cards/breakpoint-dot.tsx'

type OutlineRowProps = {
  /** Of the step, note or frame, as on the canvas. */
  id: string
  kind: 'step' | 'note' | 'frame'
  level: number
  port: string | null
  title: string
  /** What else there is to say about it. */
  detail: string
  icon?: string | undefined
  category?: Parameters<typeof ConnectorIcon>[0]['category']
  badge: string | null
  hasBreakpoint?: boolean
  tone: string
  isSelected: boolean
  isReached: boolean
  onShow(id: string): void
  onReach(id: string): void
}

// By itself, so that selecting one of a thousand draws two lines again; out of view, a line is not laid out at all.
export const OutlineRow = memo(function OutlineRow(props: OutlineRowProps) {
  const { id, kind, level, port, detail, title, badge } = props
  const Mark = kind === 'note' ? StickyNote : Frame
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around hears the keys of all its lines
    <div
      role="treeitem"
      data-outline={id}
      aria-level={level}
      aria-selected={props.isSelected}
      tabIndex={props.isReached ? 0 : -1}
      onClick={() => props.onShow(id)}
      onFocus={() => props.onReach(id)}
      style={{ paddingLeft: 4 + Math.min(level - 1, 6) * 12 }}
      className={classNames(
        'flex min-h-8 items-center gap-2 rounded pr-2 [contain-intrinsic-size:auto_32px] [content-visibility:auto] focus-visible:outline-offset-[-2px]',
        props.isSelected ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
    >
      {kind === 'step' ? (
        <ConnectorIcon icon={props.icon} category={props.category} size={22} />
      ) : (
        <span className="flex size-5.5 shrink-0 items-center justify-center text-ink-faint">
          <Mark size={14} aria-hidden />
        </span>
      )}
      <span className="min-w-0 flex-1 py-0.5 leading-4">
        {port !== null && <span className="block truncate text-xs text-ink-faint">{port} →</span>}
        <span className="block truncate text-ink">
          {kind !== 'step' && <span className="sr-only">{kind === 'note' ? 'Note: ' : 'Frame: '}</span>}
          {title}
        </span>
        {detail !== '' && (
          <span className="flex items-center gap-1 text-xs text-ink-faint" title={detail}>
            {kind === 'step' && <CornerDownRight size={10} aria-hidden className="shrink-0" />}
            <span className="truncate">{detail}</span>
          </span>
        )}
      </span>
      {props.hasBreakpoint && <BreakpointDot />}
      {badge !== null && (
        <span className={classNames('shrink-0 rounded-full border px-1.5 text-xs leading-4 font-medium', props.tone)}>
          {badge}
        </span>
      )}
    </div>
  )
})
