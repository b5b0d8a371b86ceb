import { Switch as RadixSwitch } from 'radix-ui'
import { classNames } from '../look/class-names.ts'

/** On or off, at once. Give it `id` inside a Field, or `label` where it stands alone. */
export function Switch({
  checked,
  onChange,
  id,
  label,
  disabled = false,
  describedBy,
  className,
}: {
  checked: boolean
  onChange: (checked: boolean) => void
  id?: string
  label?: string
  disabled?: boolean
  describedBy?: string | undefined
  className?: string
}) {
  return (
    <RadixSwitch.Root
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
      className={classNames(
        'inline-flex align-middle h-[18px] w-8 shrink-0 items-center rounded-full border border-transparent bg-line-strong p-px transition-colors duration-150 disabled:opacity-50 data-[state=checked]:bg-accent',
        className,
      )}
    >
      <RadixSwitch.Thumb className="block size-3.5 rounded-full bg-surface shadow-card transition-transform duration-150 data-[state=checked]:translate-x-3.5 data-[state=checked]:bg-accent-ink" />
    </RadixSwitch.Root>
  )
}
