import { CircleCheck } from 'lucide-react'

/** Says that a list is empty because all is well. */
export function AllClear({ children }: { children: string }) {
  return (
    <p className="flex items-center gap-1.5 text-ink-soft">
      <CircleCheck size={14} aria-hidden className="shrink-0 text-success" />
      {children}
    </p>
  )
}
