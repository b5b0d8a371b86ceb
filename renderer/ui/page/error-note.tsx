import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { CopyButton } from '../controls/copy-button.tsx'
import { ToldText } from '../words/told-text.tsx'

/** What went wrong, where, and what to do about it; the rest is one click away on the clipboard. */
export function ErrorNote({
  title,
  where,
  remedy,
  details,
  action,
  children,
}: {
  /** What happened, as a sentence. */
  title: string
  /** The step, field or path. */
  where?: string
  remedy?: ReactNode
  /** What "Copy details" copies, when there is more to know. */
  details?: string
  action?: ReactNode
  children?: ReactNode
}) {
  return (
    <div role="alert" className="flex gap-2.5 rounded border border-error/30 bg-error-soft px-3 py-2.5">
      <TriangleAlert size={15} aria-hidden className="mt-[3px] shrink-0 text-error" />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words text-ink">
          <ToldText>{title}</ToldText>
        </p>
        {where !== undefined && <p className="font-mono text-sm break-all text-ink-soft">{where}</p>}
        {remedy !== undefined && <p className="text-ink-soft">{remedy}</p>}
        {children}
        {(details !== undefined || action !== undefined) && (
          <div className="mt-1.5 -ml-2 flex gap-1">
            {action}
            {details !== undefined && <CopyButton words text={details} label="Copy details" />}
          </div>
        )}
      </div>
    </div>
  )
}
