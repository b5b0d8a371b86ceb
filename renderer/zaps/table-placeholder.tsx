/** The outline of a table while its first rows are on their way. */
export function TablePlaceholder() {
  return (
    <div
      role="status"
      aria-label="Loading"
      className="overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      <div className="h-8 border-b border-line bg-sunken" />
      {[0.8, 0.55, 0.7].map((width) => (
        <div key={width} className="flex h-14 items-center gap-4 border-b border-line px-4 last:border-b-0">
          <div className="h-4 w-8 animate-pulse rounded-full bg-press" />
          <div className="h-3 animate-pulse rounded-sm bg-press" style={{ width: `${width * 40}%` }} />
        </div>
      ))}
    </div>
  )
}
