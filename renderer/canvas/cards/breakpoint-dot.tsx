import { classNames } from '../../ui/look/class-names.ts'

/** The red dot of a step before which tests stop. */
export function BreakpointDot({ className }: { className?: string }) {
  return (
    <span
      role="img"
      aria-label="Breakpoint"
      title="Tests stop before this step"
      data-breakpoint
      className={classNames('size-3.5 shrink-0 rounded-full border-2 border-surface bg-danger-fill', className)}
    />
  )
}
