import type { ReactNode, Ref } from 'react'
import { classNames } from '../ui/look/class-names.ts'

/** What scrolls by itself, also by the keyboard. */
export function ScrollArea({
  ref,
  label,
  className,
  children,
}: {
  ref: Ref<HTMLElement>
  label: string
  className?: string
  children: ReactNode
}) {
  return (
    <section
      ref={ref}
      aria-label={`${label}, scrollable`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
      tabIndex={0}
      className={classNames('max-h-[min(60vh,600px)] overflow-auto', className)}
    >
      {children}
    </section>
  )
}
