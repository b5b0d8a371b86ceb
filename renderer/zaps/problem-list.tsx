import { CircleAlert } from 'lucide-react'
import type { Problem } from '../../core/domain/zap/problem.ts'

/** What keeps a zap from running, one line each: the sentence, and where. */
export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  return (
    <ul className="flex flex-col gap-1.5">
      {problems.map((problem) => (
        <li key={JSON.stringify(problem)} className="flex items-start gap-2 rounded bg-error-soft px-3 py-2">
          <CircleAlert size={14} aria-hidden className="mt-[3px] shrink-0 text-error" />
          <div className="min-w-0">
            <p className="break-words">{problem.message}</p>
            {(problem.step !== null || problem.field !== null) && (
              <p className="font-mono text-xs break-all text-ink-soft">
                {[problem.step, problem.field].filter((part) => part !== null).join(' › ')}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}
