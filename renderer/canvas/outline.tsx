import { CornerDownRight } from 'lucide-react'
import { type KeyboardEvent, memo, type RefObject, useCallback, useMemo, useRef, useState } from 'react'
import type { Step } from '../../core/domain/zap-file.ts'
import { useDraft } from '../editor/draft-store.ts'
import { useConnectors } from '../stores/connectors.ts'
import { classNames } from '../ui/class-names.ts'
import { ConnectorIcon } from '../ui/connector-icon.tsx'
import { stepTitle } from '../versions/change-words.ts'
import { BreakpointDot } from './breakpoint-dot.tsx'
import { type OutlineRow, outlineRows } from './outline-rows.ts'
import { stepBadge } from './step-badge.ts'
import { badgeTone } from './step-badge-mark.tsx'
import { outputPorts } from './step-ports.ts'
import { groupBy } from './step-reach.ts'
import { useOverlay } from './use-overlay.ts'
import type { CanvasHandle } from './zap-canvas.tsx'

/** The zap as a list to read and walk through: its steps in order, where they part and meet, and how they are. */
export function Outline({ canvas }: { canvas: RefObject<CanvasHandle | null> }) {
  const { steps, edges } = useDraft((state) => state.history.present)
  const selected = useDraft((state) => state.selected)
  const connectors = useConnectors()
  const overlay = useOverlay()
  const tree = useRef<HTMLDivElement>(null)
  const [reached, setReached] = useState<string | null>(null)

  const rows = useMemo(() => {
    const outgoing = groupBy(edges, 'from')
    return outlineRows({ steps, edges }, (step) =>
      outputPorts(step, connectors.get(step.uses), outgoing.get(step.id) ?? []),
    )
  }, [steps, edges, connectors])
  const problems = useMemo(() => Map.groupBy(overlay.problems, (problem) => problem.step), [overlay])
  const titles = useMemo(
    () => new Map(steps.map((step) => [step.id, stepTitle(step, connectors)])),
    [steps, connectors],
  )

  const show = useCallback((id: string) => canvas.current?.show(id), [canvas])
  const focus = (index: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))]
    if (!row) return
    setReached(row.step.id)
    tree.current?.querySelector<HTMLElement>(`[data-outline="${CSS.escape(row.step.id)}"]`)?.focus()
  }
  const current = rows.find((row) => row.step.id === (reached ?? selected[0])) ?? rows[0]
  const at = current ? rows.indexOf(current) : 0

  const onKeyDown = (event: KeyboardEvent): void => {
    const level = current?.level ?? 1
    const goal = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
      // To the step that this way parts from, and into the first of the ways that part here.
      ArrowLeft: rows.findLastIndex((row, index) => index < at && row.level < level),
      ArrowRight: (rows[at + 1]?.level ?? 0) > level ? at + 1 : at,
    }[event.key]
    if (goal !== undefined) focus(goal)
    else if ((event.key === 'Enter' || event.key === ' ') && current) show(current.step.id)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  if (rows.length === 0) {
    return <p className="px-4 py-6 text-center text-sm text-ink-faint">The steps of the zap will be listed here.</p>
  }
  return (
    <div ref={tree} role="tree" aria-label="Steps of the zap" className="p-2" onKeyDown={onKeyDown}>
      {rows.map((row) => {
        const badge = stepBadge(row.step, problems.get(row.step.id) ?? [], overlay.runs.get(row.step.id))
        return (
          <Row
            key={row.step.id}
            step={row.step}
            level={row.level}
            port={row.port}
            also={alsoWords(row, titles)}
            title={titles.get(row.step.id) ?? row.step.id}
            icon={connectors.get(row.step.uses)?.icon}
            category={connectors.get(row.step.uses)?.category}
            badge={badge?.text ?? null}
            hasBreakpoint={overlay.breakpoints?.has(row.step.id) === true}
            tone={badge ? badgeTone(badge.kind) : ''}
            isSelected={selected.includes(row.step.id)}
            isReached={row === current}
            onShow={show}
            onReach={setReached}
          />
        )
      })}
    </div>
  )
}

type RowProps = {
  step: Step
  level: number
  port: string | null
  also: string
  title: string
  icon: string | undefined
  category: Parameters<typeof ConnectorIcon>[0]['category']
  badge: string | null
  hasBreakpoint: boolean
  tone: string
  isSelected: boolean
  isReached: boolean
  onShow(id: string): void
  onReach(id: string): void
}

// By itself, so that selecting one of a thousand draws two lines again; out of view, a line is not laid out at all.
const Row = memo(function Row(props: RowProps) {
  const { step, level, port, also, title, badge } = props
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around hears the keys of all its lines
    <div
      role="treeitem"
      data-outline={step.id}
      aria-level={level}
      aria-selected={props.isSelected}
      tabIndex={props.isReached ? 0 : -1}
      onClick={() => props.onShow(step.id)}
      onFocus={() => props.onReach(step.id)}
      style={{ paddingLeft: 4 + Math.min(level - 1, 6) * 12 }}
      className={classNames(
        'flex min-h-8 items-center gap-2 rounded pr-2 [contain-intrinsic-size:auto_32px] [content-visibility:auto] focus-visible:outline-offset-[-2px]',
        props.isSelected ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
    >
      <ConnectorIcon icon={props.icon} category={props.category} size={22} />
      <span className="min-w-0 flex-1 py-0.5 leading-4">
        {port !== null && <span className="block truncate text-xs text-ink-faint">{port} →</span>}
        <span className="block truncate text-ink">{title}</span>
        {also !== '' && (
          <span className="flex items-center gap-1 text-xs text-ink-faint" title={also}>
            <CornerDownRight size={10} aria-hidden className="shrink-0" />
            <span className="truncate">{also}</span>
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

function alsoWords(row: OutlineRow, titles: ReadonlyMap<string, string>): string {
  if (row.alsoFrom.length === 0) return ''
  return `also after ${row.alsoFrom.map((id) => titles.get(id) ?? id).join(', ')}`
}
