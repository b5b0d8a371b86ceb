import { ArrowRight } from 'lucide-react'
import { Link } from 'wouter'
import type { RunSummary } from '../../../core/contract/values.ts'
import { StatusBadge, statusWord } from '../../ui/look/status-badge.tsx'

/** Where the replay of a run led, and the way to it. It lies above the link of its row. */
export function ReplayEnd({ end }: { end: NonNullable<RunSummary['replayedAs']> }) {
  return (
    <Link
      href={`/runs/${end.id}`}
      title={end.id}
      aria-label={`${statusWord(end.status)}: open the replay`}
      className="group relative z-[1] inline-flex shrink-0 items-center gap-1 rounded-sm"
    >
      <ArrowRight size={13} aria-hidden className="text-ink-faint" />
      <span className="group-hover:underline">
        <StatusBadge status={end.status} plain />
      </span>
    </Link>
  )
}
