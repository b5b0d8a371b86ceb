/** How many there are of what stands before it. */
export function Count({ children }: { children: number }) {
  return (
    <span className="rounded-full bg-hover px-1.5 text-xs leading-4 text-ink-faint tabular-nums">
      {children.toLocaleString()}
    </span>
  )
}
