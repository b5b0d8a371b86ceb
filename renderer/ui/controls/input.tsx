import type { ComponentProps } from 'react'
import { classNames } from '../look/class-names.ts'

/** What every control that takes text looks like: text fields, selects, the template editor. */
export const CONTROL =
  'w-full min-w-0 rounded border border-line-strong bg-surface text-base text-ink transition-colors duration-100 hover:border-ink-faint focus-visible:border-ring focus-visible:outline-offset-0 aria-invalid:border-error disabled:opacity-50 disabled:hover:border-line-strong'

export function Input({ className, type = 'text', ...rest }: ComponentProps<'input'>) {
  return (
    <input
      spellCheck={false}
      autoComplete="off"
      {...rest}
      type={type}
      className={classNames(CONTROL, 'h-8 px-2.5', className)}
    />
  )
}

/** `mono` for JSON, code and other text whose columns matter. */
export function Textarea({ className, mono = false, ...rest }: ComponentProps<'textarea'> & { mono?: boolean }) {
  return (
    <textarea
      spellCheck={false}
      {...rest}
      className={classNames(CONTROL, 'min-h-16 px-2.5 py-1.5', mono && 'font-mono text-sm', className)}
    />
  )
}
