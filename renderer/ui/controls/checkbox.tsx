import { Check, Minus } from 'lucide-react'
import { Checkbox as RadixCheckbox } from 'radix-ui'
import { useRef } from 'react'

/** Chosen or not, or `mixed` for some of many. `onChange` also says whether Shift was held, which extends a selection. */
export function Checkbox({
  checked,
  onChange,
  label,
}: {
  checked: boolean | 'mixed'
  onChange: (checked: boolean, extend: boolean) => void
  label: string
}) {
  const shift = useRef(false)
  return (
    <RadixCheckbox.Root
      aria-label={label}
      checked={checked === 'mixed' ? 'indeterminate' : checked}
      onClickCapture={(event) => {
        shift.current = event.shiftKey
      }}
      onCheckedChange={(next) => onChange(next === true, shift.current)}
      className="inline-flex size-4 items-center justify-center rounded-sm border border-ink-faint bg-surface align-middle text-accent-ink data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent"
    >
      <RadixCheckbox.Indicator>
        {checked === 'mixed' ? (
          <Minus size={12} strokeWidth={3} aria-hidden />
        ) : (
          <Check size={12} strokeWidth={3} aria-hidden />
        )}
      </RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  )
}
