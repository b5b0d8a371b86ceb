import { classNames } from '../../ui/look/class-names.ts'
import type { FieldTextSwitch } from './use-field-text.ts'

/** What the switch shows and does. */
type TextSwitch = Pick<FieldTextSwitch, 'kind' | 'isText' | 'isUseful' | 'canGoBack' | 'toggle'>

const SEEN_IN = {
  field: 'group-focus-within/field:opacity-100 group-hover/field:opacity-100',
  // Of a field that holds fields, which have switches of their own.
  rows: 'group-focus-within/rows:opacity-100 group-hover/rows:opacity-100',
  cell: 'group-focus-within/cell:opacity-100 group-hover/cell:opacity-100',
} as const

/**
 * The switch between a field's control and its text: there for the keyboard always, and to be seen while the field is in use, or
 * the one `cell` of it that the switch is for.
 */
export function EditAsText({
  text,
  title,
  of = 'field',
}: {
  text: TextSwitch
  title: string
  of?: keyof typeof SEEN_IN
}) {
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
        'shrink-0 rounded-sm px-1 text-xs text-ink-faint hover:bg-hover hover:text-ink disabled:opacity-60',
        !text.isText && classNames('opacity-0 focus-visible:opacity-100', SEEN_IN[of]),
      )}
      onClick={text.toggle}
    >
      {text.isText ? back : 'Edit as text'}
      <span className="sr-only">: {title}</span>
    </button>
  )
}
