import { Link } from 'wouter'
import { ToldText } from '../words/told-text.tsx'

/** The link of a table's row. It reaches over the whole row, and the arrow keys walk from one to the next. */
export function RowLink({ href, label, children }: { href: string; label: string; children: string }) {
  return (
    <Link
      href={href}
      data-row-link
      aria-label={label}
      className="min-w-0 truncate font-medium text-ink outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
    >
      <ToldText>{children}</ToldText>
    </Link>
  )
}
