import {
  ArrowDown,
  ArrowUp,
  AtSign,
  Calendar,
  CheckSquare,
  ChevronRight,
  CircleDot,
  GripVertical,
  Hash,
  ListChecks,
  type LucideIcon,
  Paperclip,
  TextInitial,
  Trash2,
  Type,
} from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { textOf } from '../../../core/domain/values/json.ts'
import { fieldOfPath, type InputPath } from '../../draft/operations/input-path.ts'
import { IconButton } from '../../ui/controls/button.tsx'
import { Field } from '../../ui/controls/field.tsx'
import { Input, Textarea } from '../../ui/controls/input.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { Switch } from '../../ui/controls/switch.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { useControlId, useProblemAt } from '../form/form-context.ts'
import { FIELD_TYPES, type FieldRow, type FieldType, takesOptions } from './form-field-rows.ts'
import { useWrittenText } from './use-written-text.ts'

export const FIELD_ICONS: Readonly<Record<FieldType, LucideIcon>> = {
  text: Type,
  long: TextInitial,
  email: AtSign,
  number: Hash,
  date: Calendar,
  choice: CircleDot,
  choices: ListChecks,
  checkbox: CheckSquare,
  file: Paperclip,
}

type CardProps = {
  readonly row: FieldRow
  readonly path: InputPath
  readonly isOpen: boolean
  readonly isFirst: boolean
  readonly isLast: boolean
  onToggle(): void
  onChange(row: FieldRow): void
  onRename(label: string): void
  onMove(by: -1 | 1): void
  onRemove(): void
  /** A key on its head; true when it was used. */
  onKey(event: KeyboardEvent): boolean
  /** Whether a step asks it, which may fill it in at first. */
  readonly isAsked: boolean
  /** Where the dragged row would come to lie. */
  readonly drop: 'above' | 'below' | null
  readonly isDragging: boolean
  onDrag(is: boolean): void
  onDragOver(): void
  onDrop(): void
}

/** A field of a form: its head, which can be dragged and moved by keys, and its own form where it is open. */
export function FormFieldCard(props: CardProps) {
  const { row, path, isOpen } = props
  const id = useControlId(path)
  const problem = useProblemAt(path, true)
  const Icon = FIELD_ICONS[row.type]
  const title = row.label === '' ? 'New field' : row.label
  return (
    <li
      data-field={fieldOfPath(path)}
      aria-label={`Field ${title}`}
      onDragOver={(event) => {
        if (!props.isDragging) return
        event.preventDefault()
        props.onDragOver()
      }}
      onDrop={(event) => {
        event.preventDefault()
        props.onDrop()
      }}
      className={classNames(
        'relative',
        props.drop === 'above' && 'shadow-[0_-2px_0_0_var(--color-accent)]',
        props.drop === 'below' && 'shadow-[0_2px_0_0_var(--color-accent)]',
      )}
    >
      <span
        draggable
        aria-hidden
        data-handle
        title="Drag to another place (Alt+↑, Alt+↓)"
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = 'move'
          event.dataTransfer.setData('text/plain', title)
          props.onDrag(true)
        }}
        onDragEnd={() => props.onDrag(false)}
        className="absolute top-0 left-0 z-10 flex h-8 w-6 cursor-grab items-center justify-center text-ink-faint"
      >
        <GripVertical size={13} />
      </span>
      <button
        type="button"
        onKeyDown={(event) => {
          if (props.onKey(event)) event.preventDefault()
        }}
        aria-expanded={isOpen}
        aria-controls={`${id}-open`}
        onClick={props.onToggle}
        className="flex w-full items-center gap-2 rounded-lg py-1.5 pr-2.5 pl-6 text-left hover:bg-hover"
      >
        <Icon size={14} aria-hidden className={problem === null ? 'shrink-0 text-ink-faint' : 'shrink-0 text-error'} />
        <span className="min-w-0 flex-1 truncate font-medium">
          {title}
          {row.required && (
            <span className="text-error" title="Must be answered">
              {' '}
              *
            </span>
          )}
        </span>
        <span className="shrink-0 text-sm text-ink-soft">
          {FIELD_TYPES.find(({ value }) => value === row.type)?.label}
        </span>
        <ChevronRight
          size={14}
          aria-hidden
          className={isOpen ? 'shrink-0 rotate-90 transition-transform' : 'shrink-0 transition-transform'}
        />
      </button>
      {isOpen && <FieldForm {...props} title={title} problem={problem} />}
    </li>
  )
}

function FieldForm(props: CardProps & { readonly title: string; readonly problem: string | null }) {
  const { row, path, onChange, title, problem } = props
  const id = useControlId(path)
  return (
    <div id={`${id}-open`} className="flex flex-col gap-2.5 px-2.5 pt-1 pb-2.5">
      <Field label="Label" htmlFor={`${id}-label`} required error={problem}>
        <Input
          id={`${id}-label`}
          value={row.label}
          placeholder="Order number"
          aria-invalid={problem !== null || undefined}
          aria-describedby={problem === null ? undefined : `${id}-label-error`}
          onChange={(event) => props.onRename(event.currentTarget.value)}
        />
      </Field>
      <div className="flex items-center gap-3">
        <Select<FieldType>
          label={`Type of ${title}`}
          value={row.type}
          options={FIELD_TYPES}
          onChange={(type) => onChange({ ...row, type })}
        />
        <label className="flex shrink-0 items-center gap-2 text-sm text-ink-soft" htmlFor={`${id}-required`}>
          Must be answered
          <Switch
            id={`${id}-required`}
            checked={row.required}
            onChange={(required) => onChange({ ...row, required })}
          />
        </label>
      </div>
      {takesOptions(row.type) && (
        <OptionsText id={`${id}-options`} options={row.options} onChange={(options) => onChange({ ...row, options })} />
      )}
      <Field label="Help" htmlFor={`${id}-help`}>
        <Input
          id={`${id}-help`}
          value={row.help}
          placeholder="As on the invoice, such as A-1017"
          onChange={(event) => onChange({ ...row, help: event.currentTarget.value })}
        />
      </Field>
      {props.isAsked && row.type !== 'file' && (
        <Field label="Stands in it at first" htmlFor={`${id}-value`}>
          <Input
            id={`${id}-value`}
            value={row.value === undefined ? '' : textOf(row.value)}
            placeholder="{{ hook.body.amount }}"
            onChange={(event) => {
              const { value: _before, ...rest } = row
              const text = event.currentTarget.value
              onChange(text === '' ? rest : { ...rest, value: text })
            }}
          />
        </Field>
      )}
      <div className="flex items-center gap-1">
        <p className="min-w-0 flex-1 truncate text-sm text-ink-faint">
          Later steps know it as <code className="rounded-sm bg-hover px-1 font-mono text-xs">fields.{row.name}</code>
        </p>
        <IconButton
          icon={ArrowUp}
          size="sm"
          data-move="-1"
          label={`Move ${title} up`}
          disabled={props.isFirst}
          onClick={() => props.onMove(-1)}
        />
        <IconButton
          icon={ArrowDown}
          size="sm"
          data-move="1"
          label={`Move ${title} down`}
          disabled={props.isLast}
          onClick={() => props.onMove(1)}
        />
        <IconButton icon={Trash2} size="sm" label={`Remove ${title}`} onClick={props.onRemove} />
      </div>
    </div>
  )
}

/** Choices, one a line, as they are typed or pasted. */
function OptionsText({
  id,
  options,
  onChange,
}: {
  id: string
  options: readonly string[]
  onChange(options: readonly string[]): void
}) {
  const { text, write } = useWrittenText(options.join('\n'))
  return (
    <Field label="Choices" htmlFor={id} required help="One a line.">
      <Textarea
        id={id}
        rows={4}
        value={text}
        placeholder={'It arrived broken\nWrong item'}
        aria-describedby={`${id}-help`}
        onChange={(event) => {
          const next = event.currentTarget.value
          const lines = next
            .split('\n')
            .map((line) => line.trim())
            .filter((line) => line !== '')
          write(next, lines.join('\n'))
          onChange(lines)
        }}
      />
    </Field>
  )
}
