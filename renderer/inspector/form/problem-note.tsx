import { CircleAlert, CircleDot } from 'lucide-react'
import type { Problem } from '../../../core/domain/zap/problem.ts'
import { classNames } from '../../ui/look/class-names.ts'

/** What is still to be done about a step or zap as a whole; what concerns one field stands at that field. */
export function ProblemNote({ problem }: { problem: Problem }) {
  const isBroken = problem.severity === 'structure'
  const Icon = isBroken ? CircleAlert : CircleDot
  return (
    <p
      className={classNames(
        'flex items-start gap-2 rounded px-3 py-2 text-ink',
        isBroken ? 'bg-error-soft' : 'bg-waiting-soft',
      )}
    >
      <Icon
        size={15}
        aria-hidden
        className={classNames('mt-[3px] shrink-0', isBroken ? 'text-error' : 'text-waiting')}
      />
      <span className="min-w-0 break-words">{problem.message}</span>
    </p>
  )
}
