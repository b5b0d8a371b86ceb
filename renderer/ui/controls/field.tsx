import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

/** Ids of a field's help and error, for `aria-describedby` of its control. */
export function describedBy(htmlFor: string, parts: { help?: unknown; error?: unknown }): string | undefined {
  const ids = [parts.error && `${htmlFor}-error`, parts.help && `${htmlFor}-help`].filter(Boolean)
  return ids.length > 0 ? ids.join(' ') : undefined
}

/** A control with its label above and its help or error below. `htmlFor` is the control's id. */
export function Field({
  label,
  htmlFor,
  help,
  error,
  required = false,
  action,
  children,
}: {
  label: ReactNode
  htmlFor: string
  help?: ReactNode
  error?: ReactNode
  required?: boolean
  /** Small control at the end of the label's line. */
  action?: ReactNode
  children: ReactNode
}) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex min-h-5 items-center justify-between gap-2">
        <label htmlFor={htmlFor} id={`${htmlFor}-label`} className="text-sm font-medium text-ink-soft">
          {label}
          {required && (
            <span className="text-error" aria-hidden>
              {' '}
              *
            </span>
          )}
        </label>
        {action}
      </div>
      {children}
      {error !== undefined && error !== null && error !== '' && (
        <p id={`${htmlFor}-error`} className="flex items-start gap-1 text-sm text-error">
          <CircleAlert size={13} aria-hidden className="mt-[3px] shrink-0" />
          <span className="min-w-0 break-words">{error}</span>
        </p>
      )}
      {help !== undefined && help !== null && help !== '' && (
        <p id={`${htmlFor}-help`} className="text-sm text-ink-faint">
          {help}
        </p>
      )}
    </div>
  )
}
