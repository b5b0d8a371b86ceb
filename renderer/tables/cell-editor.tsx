import { Plus } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import type { Json } from '../../core/domain/values/json.ts'
import { classNames } from '../ui/look/class-names.ts'
import { type Column, textOfCell, valueOfText } from './cell-values.ts'
import { ChoiceDot } from './choice-dot.tsx'

/** Where the focus goes when a cell is done. */
export type After = 'down' | 'up' | 'right' | 'left' | 'stay'

/** A cell that is being edited, in its place. Enter keeps and goes down, Tab keeps and goes right, Escape puts back. */
export function CellEditor({
  column,
  value,
  typed,
  onKeep,
  onBack,
  onAddChoice,
}: {
  column: Column
  value: Json | undefined
  /** The key with which it was begun, in place of what was there; null to go on with that. */
  typed: string | null
  onKeep: (value: Json, after: After) => void
  onBack: () => void
  onAddChoice: (choice: string) => void
}) {
  const [text, setText] = useState(typed ?? textOfCell(value))
  const [problem, setProblem] = useState<string | null>(null)
  const [active, setActive] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const isDone = useRef(false)
  const id = useId()
  useEffect(() => {
    input.current?.focus()
    if (typed === null) input.current?.select()
  }, [typed])

  const wanted = text.trim().toLowerCase()
  const choices =
    column.type === 'choice'
      ? column.choices.filter((choice) => text === textOfCell(value) || choice.toLowerCase().includes(wanted))
      : []
  const isNew = column.type === 'choice' && wanted !== '' && !column.choices.some((one) => one.toLowerCase() === wanted)

  const keep = (after: After, chosen?: string): void => {
    const read = valueOfText(column, chosen ?? text)
    if (!read.ok) {
      setProblem(read.problem)
      return
    }
    isDone.current = true
    onKeep(read.value, after)
  }
  const optionId = (at: number): string => `${id}-${at}`
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys belong to the field in it
    <div
      className="absolute inset-0 z-10"
      onKeyDown={(event) => {
        event.stopPropagation()
        const isList = choices.length > 0
        if (event.key === 'Escape') {
          isDone.current = true
          onBack()
        } else if (event.key === 'Enter' && !event.ctrlKey) {
          event.preventDefault()
          keep(event.shiftKey ? 'up' : 'down', isList ? choices[Math.min(active, choices.length - 1)] : undefined)
        } else if (event.key === 'Tab') {
          event.preventDefault()
          keep(
            event.shiftKey ? 'left' : 'right',
            isList && wanted !== '' ? choices[Math.min(active, choices.length - 1)] : undefined,
          )
        } else if (isList && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
          event.preventDefault()
          setActive((now) => (now + (event.key === 'ArrowDown' ? 1 : choices.length - 1)) % choices.length)
        }
      }}
    >
      <input
        ref={input}
        value={text}
        aria-label={column.name}
        aria-invalid={problem !== null || undefined}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        {...(column.type === 'choice' && {
          role: 'combobox',
          'aria-expanded': choices.length > 0,
          'aria-controls': `${id}-list`,
          'aria-autocomplete': 'list' as const,
          ...(choices.length > 0 && { 'aria-activedescendant': optionId(Math.min(active, choices.length - 1)) }),
        })}
        spellCheck={false}
        autoComplete="off"
        className={classNames(
          'h-full w-full bg-surface px-2.5 text-base text-ink outline-2 -outline-offset-2',
          problem === null ? 'outline-accent' : 'outline-error',
          column.type === 'number' && 'text-right tabular-nums',
        )}
        onChange={(event) => {
          setText(event.target.value)
          setProblem(null)
          setActive(0)
        }}
        onBlur={() => {
          if (!isDone.current) keep('stay')
        }}
      />
      {problem !== null && (
        <p
          id={`${id}-problem`}
          role="alert"
          className="absolute top-full left-0 z-30 mt-0.5 w-max max-w-72 rounded border border-line bg-raised px-2 py-1 text-sm text-error shadow-float"
        >
          {problem}
        </p>
      )}
      {column.type === 'choice' && (choices.length > 0 || isNew) && (
        <div className="absolute top-full left-0 z-30 mt-1 max-h-60 w-max min-w-full overflow-y-auto rounded-lg bg-raised p-1 shadow-float">
          <div role="listbox" id={`${id}-list`} aria-label={`Choices of ${column.name}`}>
            {choices.map((choice, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field in front of the list walks it
              <div
                key={choice}
                id={optionId(index)}
                role="option"
                aria-selected={index === active}
                tabIndex={-1}
                className={classNames(
                  'flex h-7 cursor-default items-center gap-2 rounded-sm px-2 text-base',
                  index === active && 'bg-hover',
                )}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => keep('down', choice)}
              >
                <ChoiceDot column={column} choice={choice} /> {choice}
              </div>
            ))}
          </div>
          {isNew && (
            <button
              type="button"
              tabIndex={-1}
              className="flex h-7 w-full items-center gap-2 rounded-sm px-2 text-base text-ink-soft hover:bg-hover"
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => {
                onAddChoice(text.trim())
                keep('down', text.trim())
              }}
            >
              <Plus size={14} aria-hidden className="text-ink-faint" /> Add the choice “{text.trim()}”
            </button>
          )}
        </div>
      )}
    </div>
  )
}
