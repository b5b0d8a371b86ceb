import { RadioGroup } from 'radix-ui'
import { type ReactNode, useId } from 'react'
import { classNames } from '../look/class-names.ts'

export type RadioOption<Value extends string = string> = {
  readonly value: Value
  readonly label: ReactNode
  /** What choosing it means. */
  readonly help?: ReactNode
  readonly disabled?: boolean
  /** At the right of it: how it is, or what mends it. */
  readonly aside?: ReactNode
}

/** One of a few choices that need a word of explanation. `labelledBy` is the id of what names the group. */
export function RadioList<Value extends string>({
  value,
  onChange,
  options,
  labelledBy,
  columns = false,
}: {
  value: Value
  onChange: (value: Value) => void
  options: readonly RadioOption<Value>[]
  labelledBy: string
  /** Beside each other, where there is room for it. */
  columns?: boolean
}) {
  const id = useId()
  return (
    <RadioGroup.Root
      aria-labelledby={labelledBy}
      value={value}
      onValueChange={(chosen) => {
        const option = options.find((one) => one.value === chosen)
        if (option !== undefined) onChange(option.value)
      }}
      className={classNames(
        'divide-line overflow-hidden rounded-lg border border-line-strong bg-surface',
        columns ? 'grid auto-cols-fr grid-flow-col divide-x' : 'divide-y',
      )}
    >
      {options.map((option) => (
        <div
          key={option.value}
          className={classNames(
            'flex items-center gap-2 transition-colors',
            option.disabled ? 'opacity-50' : 'hover:bg-hover has-data-[state=checked]:bg-accent-soft',
          )}
        >
          <label htmlFor={`${id}-${option.value}`} className="flex min-w-0 flex-1 items-start gap-2.5 px-3 py-2">
            <RadioGroup.Item
              id={`${id}-${option.value}`}
              value={option.value}
              disabled={option.disabled === true}
              aria-describedby={option.help === undefined ? undefined : `${id}-${option.value}-help`}
              className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-ink-faint bg-surface data-[state=checked]:border-accent"
            >
              <RadioGroup.Indicator className="size-2 rounded-full bg-accent" />
            </RadioGroup.Item>
            <span className="min-w-0">
              <span className="block font-medium text-ink">{option.label}</span>
              {option.help !== undefined && (
                <span id={`${id}-${option.value}-help`} className="block text-sm text-ink-soft">
                  {option.help}
                </span>
              )}
            </span>
          </label>
          {option.aside !== undefined && <div className="shrink-0 pr-3">{option.aside}</div>}
        </div>
      ))}
    </RadioGroup.Root>
  )
}
