import { useEffect, useRef, useState } from 'react'
import { classNames } from '../look/class-names.ts'

/**
 * A name that is edited where it stands. It changes when the field is left or with Enter, and Escape brings the old one back;
 * until then nothing outside knows, so that a name may be empty or end in a space while it is typed.
 */
export function NameInput({
  value,
  label,
  placeholder,
  onChange,
  clearable = false,
  className,
}: {
  value: string
  label: string
  placeholder?: string
  onChange(name: string): void
  /** Whether an empty name is a choice of its own (the placeholder then stands in). */
  clearable?: boolean
  className?: string
}) {
  const [typed, setTyped] = useState(value)
  // The card whose name it is, where F2 led here from the canvas: Enter leads back.
  const card = useRef<HTMLElement | null>(null)
  useEffect(() => setTyped(value), [value])
  return (
    <input
      aria-label={label}
      placeholder={placeholder}
      spellCheck={false}
      autoComplete="off"
      maxLength={200}
      value={typed}
      onFocus={(event) => {
        card.current = event.relatedTarget?.closest<HTMLElement>('.react-flow__node') ?? null
      }}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={() => {
        if (typed.trim() !== value) onChange(typed)
        setTyped(typed.trim() === '' && !clearable ? value : typed.trim())
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          // Or else the canvas, which has the focus next, would take the key for its own.
          event.preventDefault()
          event.currentTarget.blur()
          card.current?.focus()
        }
        if (event.key === 'Escape' && typed !== value) {
          event.stopPropagation()
          setTyped(value)
        }
      }}
      className={classNames(
        'min-w-0 truncate rounded border border-transparent bg-transparent px-1.5 text-ink hover:border-line-strong focus-visible:border-ring focus-visible:bg-surface',
        className,
      )}
    />
  )
}
