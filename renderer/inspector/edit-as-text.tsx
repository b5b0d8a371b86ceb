import { classNames } from '../ui/class-names.ts'
import type { FieldTextSwitch } from './use-field-text.ts'

/** The switch between a field's control and its text: there for the keyboard always, and to be seen while the field is in use. */
export function EditAsText({ text, title }: { text: FieldTextSwitch; title: string }) {
  if (text.kind === null || !text.isUseful) return null
  const back = text.kind === 'template' ? 'Show as pills' : 'Use the form'
  const isStuck = text.isText && !text.canGoBack
  return (
    <button
      type="button"
      data-edit-as
      disabled={isStuck}
      title={isStuck ? 'The form has no place for what is written here.' : undefined}
      className={classNames(
        'rounded-sm px-1 text-xs text-ink-faint hover:bg-hover hover:text-ink disabled:opacity-60',
        !text.isText &&
          'opacity-0 group-focus-within/field:opacity-100 group-hover/field:opacity-100 focus-visible:opacity-100',
      )}
      onClick={text.toggle}
    >
      {text.isText ? back : 'Edit as text'}
      <span className="sr-only">: {title}</span>
    </button>
  )
}
