import { Check, ChevronDown } from 'lucide-react'
import { Select as RadixSelect } from 'radix-ui'
import { type ReactNode, useRef } from 'react'
import { useOwnLandmark } from '../layers/use-own-landmark.ts'
import { classNames } from '../look/class-names.ts'
import { CONTROL } from './input.tsx'

export type SelectOption<Value extends string = string> = {
  readonly value: Value
  readonly label: string
  /** Before the label. */
  readonly icon?: ReactNode
}

// Radix keeps the empty string for "nothing chosen"; options may well have it as their value ("any status").
const EMPTY = '\u0000'

/** One choice of a short list. Give it `id` inside a Field, or `label` where it stands alone. */
export function Select<Value extends string>({
  value,
  onChange,
  options,
  id,
  label,
  placeholder = 'Choose…',
  size = 'md',
  disabled = false,
  invalid = false,
  describedBy,
  className,
}: {
  value: Value | undefined
  onChange: (value: Value) => void
  options: readonly SelectOption<Value>[]
  id?: string
  label?: string
  placeholder?: string
  size?: 'sm' | 'md'
  disabled?: boolean
  invalid?: boolean
  describedBy?: string | undefined
  className?: string
}) {
  const trigger = useRef<HTMLButtonElement>(null)
  const { container, onOpenChange } = useOwnLandmark(trigger)
  return (
    <RadixSelect.Root
      onOpenChange={onOpenChange}
      {...(value === undefined ? { value: '' } : { value: value === '' ? EMPTY : value })}
      onValueChange={(chosen) => {
        const option = options.find((one) => (one.value === '' ? EMPTY : one.value) === chosen)
        if (option !== undefined) onChange(option.value)
      }}
      disabled={disabled}
    >
      <RadixSelect.Trigger
        ref={trigger}
        id={id}
        aria-label={label}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        className={classNames(
          CONTROL,
          'inline-flex items-center justify-between gap-1.5 text-left data-placeholder:text-ink-faint',
          size === 'sm' ? 'h-6 px-2 text-sm' : 'h-8 px-2.5',
          className,
        )}
      >
        <span className="min-w-0 truncate">
          <RadixSelect.Value placeholder={placeholder} />
        </span>
        <RadixSelect.Icon>
          <ChevronDown size={14} aria-hidden className="text-ink-faint" />
        </RadixSelect.Icon>
      </RadixSelect.Trigger>
      <RadixSelect.Portal container={container}>
        <RadixSelect.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) animate-pop overflow-hidden rounded-lg bg-raised p-1 shadow-float"
        >
          <RadixSelect.Viewport>
            {options.map((option) => (
              <RadixSelect.Item
                key={option.value}
                value={option.value === '' ? EMPTY : option.value}
                className="flex h-7 items-center gap-2 rounded-sm pr-2 pl-1.5 text-base outline-none select-none data-highlighted:bg-hover"
              >
                <span className="flex size-4 shrink-0 items-center justify-center">
                  <RadixSelect.ItemIndicator>
                    <Check size={14} aria-hidden className="text-accent" />
                  </RadixSelect.ItemIndicator>
                </span>
                <RadixSelect.ItemText>
                  <span className="inline-flex items-center gap-2">
                    {option.icon}
                    {option.label}
                  </span>
                </RadixSelect.ItemText>
              </RadixSelect.Item>
            ))}
          </RadixSelect.Viewport>
        </RadixSelect.Content>
      </RadixSelect.Portal>
    </RadixSelect.Root>
  )
}
