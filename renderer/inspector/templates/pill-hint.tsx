import { type RefObject, useState } from 'react'
import { createPortal } from 'react-dom'
import type { TemplateScope } from '../../../core/domain/templates/template.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import { type DataSource, shortValue } from '../data/data-tree.ts'
import { previewTemplate } from './template-preview.ts'
import { templateParts } from './template-text.ts'

const WIDTH = 300

/** The pill under the pointer: the number of its part, and where it is. */
export type HoveredPill = { readonly part: number; readonly rect: DOMRect }

/** Tells which of the marks under a field the pointer is over; they hear nothing themselves, as the field lies on them. */
export function useHoveredPill(marks: RefObject<HTMLElement | null>): {
  readonly pill: HoveredPill | null
  readonly onMove: (event: { clientX: number; clientY: number }) => void
  readonly onLeave: () => void
} {
  const [pill, setPill] = useState<HoveredPill | null>(null)
  const onMove = ({ clientX, clientY }: { clientX: number; clientY: number }): void => {
    for (const mark of marks.current?.querySelectorAll<HTMLElement>('[data-part]') ?? []) {
      for (const rect of mark.getClientRects()) {
        const isOver = clientX >= rect.left && clientX <= rect.right && clientY >= rect.top && clientY <= rect.bottom
        if (!isOver) continue
        const part = Number(mark.dataset.part)
        setPill((now) => (now?.part === part && now.rect.top === rect.top ? now : { part, rect }))
        return
      }
    }
    setPill(null)
  }
  return { pill, onMove, onLeave: () => setPill(null) }
}

/** Whose value a pill stands for, where it is in it, and what it is in the example. What it says stands in the picker as well. */
export function PillHint({
  pill,
  text,
  sources,
  scope,
}: {
  pill: HoveredPill
  text: string
  sources: readonly DataSource[]
  scope: TemplateScope
}) {
  const connectors = useConnectors()
  const part = templateParts(text)[pill.part]
  if (!part || part.expression === null) return null
  const root = /^[\w-]+/.exec(part.expression)?.[0] ?? ''
  const source = sources.find((one) => one.id === root)
  const manifest = connectors.get(source?.uses ?? '')
  const preview = previewTemplate(part.text, scope)
  return createPortal(
    <div
      aria-hidden
      data-pill-hint
      className="pointer-events-none fixed z-40 flex animate-fade flex-col gap-1 rounded-lg bg-raised p-2.5 text-sm shadow-float"
      style={{
        maxWidth: WIDTH,
        left: Math.max(8, Math.min(pill.rect.left, window.innerWidth - WIDTH - 8)),
        bottom: window.innerHeight - pill.rect.top + 6,
      }}
    >
      <span className="flex items-center gap-2 font-medium text-ink">
        {manifest && <ConnectorIcon icon={manifest.icon} category={manifest.category} size={18} />}
        <span className="truncate">{source?.name ?? root}</span>
      </span>
      <code className="font-mono text-xs break-words text-ink-soft">{part.expression}</code>
      <span className="line-clamp-3 font-mono text-xs break-words text-ink-faint">
        {preview.kind === 'value' && (shortValue(preview.value) || JSON.stringify(preview.value))}
        {preview.kind === 'problem' && 'not in the example'}
        {preview.kind === 'none' && 'no example yet'}
      </span>
    </div>,
    document.body,
  )
}
