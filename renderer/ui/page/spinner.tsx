import { LoaderCircle } from 'lucide-react'

/** Something is under way. With a `label` it is announced; without, the control around it must say so. */
export function Spinner({ size = 14, label }: { size?: number; label?: string }) {
  const icon = <LoaderCircle size={size} aria-hidden className="animate-spin" />
  if (label === undefined) return icon
  return (
    <span role="status" className="inline-flex items-center gap-2 text-ink-faint">
      {icon}
      {label}
    </span>
  )
}

/** A whole screen that is on its way. */
export function Opening() {
  return (
    <main className="flex min-w-0 flex-1 items-center justify-center">
      <Spinner label="Opening…" />
    </main>
  )
}
