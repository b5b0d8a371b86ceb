import { Lightbulb } from 'lucide-react'
import type { PathFix } from './nearest-path.ts'

/** Offers the path that was probably meant in place of one that is not there. */
export function PathSuggestion({ fix, onTake }: { fix: PathFix; onTake: () => void }) {
  return (
    <p className="mt-1 flex items-start gap-1.5 text-sm text-ink-soft">
      <Lightbulb size={13} aria-hidden className="mt-[3px] shrink-0" />
      <span className="min-w-0 break-words">
        Did you mean{' '}
        <button
          type="button"
          onClick={onTake}
          title={`Put it in the place of ${fix.missing}`}
          className="rounded-sm font-mono text-xs font-medium text-accent underline underline-offset-2 hover:text-accent-strong"
        >
          {fix.instead}
        </button>
        ?
      </span>
    </p>
  )
}
