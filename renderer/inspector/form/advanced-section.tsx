import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** What is seldom needed, folded away; open by itself while something inside is wrong. */
export function AdvancedSection({ title, forced, children }: { title: string; forced: boolean; children: ReactNode }) {
  return (
    <details className="group -mx-4 border-t border-line" {...(forced && { open: true })}>
      <summary className="flex cursor-default list-none items-center gap-1.5 px-4 py-3 font-medium text-ink-soft select-none hover:text-ink">
        <ChevronRight size={14} aria-hidden className="transition-transform group-open:rotate-90" />
        {title}
      </summary>
      <div className="flex flex-col gap-4 px-4 pb-4">{children}</div>
    </details>
  )
}
