import { Input } from '../../ui/controls/input.tsx'
import { isBackwards, type OwnRange } from './run-filter.ts'

/** The ends of a range of time, by this computer's calendar and clock; either may be left open. */
export function RunTimeFields({ range, onChange }: { range: OwnRange; onChange: (range: OwnRange) => void }) {
  const { from, to } = range
  const wrong = isBackwards(range)
  return (
    <>
      <MomentField label="From" value={from} onChange={(next) => onChange(rangeOf(next, to))} />
      <span aria-hidden className="text-ink-faint">
        –
      </span>
      <MomentField label="To" value={to} isWrong={wrong} onChange={(next) => onChange(rangeOf(from, next))} />
      {wrong && (
        <span id="run-time-wrong" role="alert" className="sr-only">
          Ends before it begins.
        </span>
      )}
    </>
  )
}

function rangeOf(from: string | undefined, to: string | undefined): OwnRange {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}

function MomentField({
  label,
  value,
  isWrong = false,
  onChange,
}: {
  label: string
  value: string | undefined
  isWrong?: boolean
  onChange: (value: string | undefined) => void
}) {
  return (
    <Input
      type="datetime-local"
      aria-label={label}
      aria-invalid={isWrong || undefined}
      aria-describedby={isWrong ? 'run-time-wrong' : undefined}
      max="9999-12-31T23:59"
      className="w-auto! shrink-0"
      value={value ?? ''}
      // Empty also while only a part of it is filled in.
      onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? undefined : currentTarget.value)}
    />
  )
}
