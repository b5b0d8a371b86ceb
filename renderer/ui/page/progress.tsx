/** How far a long job is. */
export function Progress({ value, total, label }: { value: number; total: number; label: string }) {
  const share = total === 0 ? 0 : Math.min(1, value / total)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={value}
      className="h-1.5 w-full overflow-hidden rounded-full bg-press"
    >
      <div
        className="h-full rounded-full bg-accent transition-[width] duration-150"
        style={{ width: `${share * 100}%` }}
      />
    </div>
  )
}
