import { Check, TriangleAlert } from 'lucide-react'
import type { Json } from '../../core/domain/values/json.ts'
import { classNames } from '../ui/look/class-names.ts'
import { type Column, shownCell } from './cell-values.ts'
import { ChoiceDot } from './choice-dot.tsx'

/** What a cell shows: numbers at the right, a choice with its dot, yes as a tick. */
export function CellContent({ column, value }: { column: Column; value: Json | undefined }) {
  const { text, isWrong } = shownCell(column, value)
  if (text === '') return null
  if (column.type === 'boolean' && !isWrong) {
    return (
      <span className="mx-auto flex text-success">
        <Check size={15} aria-hidden />
        <span className="sr-only">Yes</span>
      </span>
    )
  }
  return (
    <span
      className={classNames(
        'flex min-w-0 flex-1 items-center gap-1.5',
        column.type === 'number' && !isWrong && 'justify-end tabular-nums',
      )}
    >
      {column.type === 'choice' && <ChoiceDot column={column} choice={text} />}
      {isWrong && column.type !== 'json' && (
        <TriangleAlert size={13} className="shrink-0 text-waiting" aria-label={`Not a ${column.type}`} />
      )}
      <span
        className={classNames('truncate', column.isKey && 'font-medium', column.type === 'json' && 'font-mono text-sm')}
      >
        {text}
      </span>
    </span>
  )
}
