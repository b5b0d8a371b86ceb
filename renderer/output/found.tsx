/** How much a search found. */
export function Found({ count }: { count: number }) {
  return (
    <p role="status" className="pb-1.5 text-sm text-ink-faint">
      {count === 0 ? 'Nothing found.' : `${count.toLocaleString()} found`}
    </p>
  )
}
