import { type KeyboardEvent, type RefObject, useCallback, useMemo, useRef, useState } from 'react'
import { groupBy } from '../../draft/graph/step-reach.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { stepTitle } from '../../steps/change-words.ts'
import { stepBadge } from '../../steps/step-badge.ts'
import { outputPorts } from '../../steps/step-ports.ts'
import type { CanvasHandle } from '../canvas-actions.ts'
import { badgeTone } from '../cards/step-badge-mark.tsx'
import { useOverlay } from '../use-overlay.ts'
import { OutlineRow } from './outline-row.tsx'
import { annotationRows, outlineRows, type OutlineRow as Row } from './outline-rows.ts'

/** The zap as a list to read and walk through: its steps in order, where they part and meet, and how they are; then frames and notes. */
export function Outline({ canvas }: { canvas: RefObject<CanvasHandle | null> }) {
  const zap = useDraft((state) => state.history.present)
  const { steps, edges } = zap
  const selected = useDraft((state) => state.selected)
  const marked = useDraft((state) => state.marked)
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
  const annotations = useMemo(() => annotationRows(zap), [zap])
  const problems = useMemo(() => Map.groupBy(overlay.problems, (problem) => problem.step), [overlay])
  const titles = useMemo(
    () => new Map(steps.map((step) => [step.id, stepTitle(step, connectors)])),
    [steps, connectors],
  )

  const ids = useMemo(
    () => [...rows.map((row) => row.step.id), ...annotations.map((row) => row.id)],
    [rows, annotations],
  )
  const levels = useMemo(() => [...rows.map((row) => row.level), ...annotations.map(() => 1)], [rows, annotations])
  const show = useCallback((id: string) => canvas.current?.show(id), [canvas])
  const focus = (index: number): void => {
    const id = ids[Math.max(0, Math.min(ids.length - 1, index))]
    if (id === undefined) return
    setReached(id)
    tree.current?.querySelector<HTMLElement>(`[data-outline="${CSS.escape(id)}"]`)?.focus()
  }
  const at = Math.max(0, ids.indexOf(reached ?? selected[0] ?? marked[0] ?? ''))
  const current = ids[at]

  const onKeyDown = (event: KeyboardEvent): void => {
    const level = levels[at] ?? 1
    const goal = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: ids.length - 1,
      // To the step that this way parts from, and into the first of the ways that part here.
      ArrowLeft: levels.findLastIndex((one, index) => index < at && one < level),
      ArrowRight: (levels[at + 1] ?? 0) > level ? at + 1 : at,
    }[event.key]
    if (goal !== undefined) focus(goal)
    else if ((event.key === 'Enter' || event.key === ' ') && current !== undefined) show(current)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  if (ids.length === 0) {
    return <p className="px-4 py-6 text-center text-sm text-ink-faint">The steps of the zap will be listed here.</p>
  }
  return (
    <div ref={tree} role="tree" aria-label="What the zap consists of" className="p-2" onKeyDown={onKeyDown}>
      {rows.map((row) => {
        const badge = stepBadge(row.step, problems.get(row.step.id) ?? [], overlay.runs.get(row.step.id))
        return (
          <OutlineRow
            key={row.step.id}
            id={row.step.id}
            kind="step"
            level={row.level}
            port={row.port}
            detail={alsoWords(row, titles)}
            title={titles.get(row.step.id) ?? row.step.id}
            icon={connectors.get(row.step.uses)?.icon}
            category={connectors.get(row.step.uses)?.category}
            badge={badge?.text ?? null}
            hasBreakpoint={overlay.breakpoints?.has(row.step.id) === true}
            tone={badge ? badgeTone(badge.kind) : ''}
            isSelected={selected.includes(row.step.id)}
            isReached={row.step.id === current}
            onShow={show}
            onReach={setReached}
          />
        )
      })}
      {annotations.map(({ id, kind, title, holds }) => (
        <OutlineRow
          key={id}
          id={id}
          kind={kind}
          level={1}
          port={null}
          title={title}
          detail={holds.length === 0 ? '' : `around ${holds.map((step) => titles.get(step) ?? step).join(', ')}`}
          badge={null}
          tone=""
          isSelected={marked.includes(id)}
          isReached={id === current}
          onShow={show}
          onReach={setReached}
        />
      ))}
    </div>
  )
}

function alsoWords(row: Row, titles: ReadonlyMap<string, string>): string {
  if (row.alsoFrom.length === 0) return ''
  return `also after ${row.alsoFrom.map((id) => titles.get(id) ?? id).join(', ')}`
}
