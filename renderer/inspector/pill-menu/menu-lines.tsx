import { Check } from 'lucide-react'
import { useId, useState } from 'react'
import { Button } from '../../ui/controls/button.tsx'
import { Input } from '../../ui/controls/input.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { splitExpression } from '../templates/expression.ts'
import type { Change } from './value-changes.ts'

/** A change with its result on the example; one that asks for something does so below itself. */
export function ChangeLine({
  change: { label, filters, ask },
  isMade,
  resultOf: resultWith,
  onTake,
}: {
  change: Change
  isMade: boolean
  resultOf(filters: readonly string[]): string | null
  onTake(filters: readonly string[]): void
}) {
  const id = useId()
  const [isAsking, setAsking] = useState(false)
  const [answer, setAnswer] = useState(ask?.start ?? '')
  const asked = isAsking && ask ? ask.filtersOf(answer) : filters
  const result = asked === null ? null : resultWith(asked)
  return (
    <li>
      <button
        type="button"
        data-line
        aria-pressed={isMade}
        aria-expanded={ask ? isAsking : undefined}
        onClick={() => (ask ? setAsking(!isAsking) : onTake(filters))}
        className={classNames(
          'flex h-7 w-full items-center gap-2 rounded-sm px-2 text-left hover:bg-hover',
          isMade && 'bg-hover',
        )}
      >
        <Check size={14} aria-hidden className={classNames('shrink-0 text-accent', !isMade && 'invisible')} />
        <span className="shrink-0">{label}</span>
        <span
          className={classNames(
            'ml-auto min-w-0 truncate font-mono text-xs',
            result === null ? 'text-ink-faint' : 'text-ink-soft',
          )}
        >
          {result ?? '–'}
        </span>
      </button>
      {isAsking && ask && (
        <form
          className="flex items-center gap-2 py-1 pr-2 pl-8"
          onSubmit={(event) => {
            event.preventDefault()
            if (asked !== null) onTake(asked)
          }}
        >
          <label htmlFor={id} className="shrink-0 text-sm text-ink-soft">
            {ask.label}
          </label>
          <Input
            id={id}
            autoFocus
            className="h-7!"
            value={answer}
            aria-invalid={asked === null}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setAnswer(event.target.value)}
          />
          <Button size="sm" type="submit" disabled={asked === null}>
            Take
          </Button>
        </form>
      )}
    </li>
  )
}

/** The filters as they stand in the template, to be written by hand. */
export function FilterLine({
  filters,
  zone,
  onWrite,
}: {
  filters: readonly string[]
  zone: string | null
  onWrite(filters: readonly string[]): void
}) {
  const [text, setText] = useState(filters.join(' | '))
  return (
    <form
      className="flex items-center gap-2 border-t border-line px-3 py-1.5 font-mono text-xs text-ink-soft"
      onSubmit={(event) => {
        event.preventDefault()
        onWrite(splitExpression(`x | ${text}`).filters)
      }}
    >
      <span aria-hidden>|</span>
      <input
        aria-label="Filters as they are written"
        spellCheck={false}
        autoComplete="off"
        placeholder="no change"
        className="min-w-0 flex-1 bg-transparent py-1 outline-none focus-visible:underline"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {zone !== null && <span className="shrink-0 font-sans text-ink-faint">{zone}</span>}
    </form>
  )
}
