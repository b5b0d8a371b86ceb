import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

/** What a list says when it has nothing, and the next step from there. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon?: LucideIcon
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="flex flex-col items-center justify-center gap-1 px-6 py-16 text-center">
      {Icon && (
        <span className="mb-3 flex size-11 items-center justify-center rounded-lg border border-line bg-surface text-ink-faint shadow-card">
          <Icon size={20} aria-hidden strokeWidth={1.75} />
        </span>
      )}
      <h2 className="text-lg font-semibold">{title}</h2>
      {children !== undefined && <div className="max-w-96 text-base text-ink-soft">{children}</div>}
      {action !== undefined && <div className="mt-4 flex gap-2">{action}</div>}
    </div>
  )
}
