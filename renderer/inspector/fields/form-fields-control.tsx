import {
  ArrowDown,
  ArrowUp,
  AtSign,
  Calendar,
  CheckSquare,
  ChevronRight,
  CircleDot,
  Eye,
  GripVertical,
  Hash,
  ListChecks,
  type LucideIcon,
  Paperclip,
  Plus,
  TextInitial,
  Trash2,
  Type,
} from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { isJsonList, type Json, textOf } from '../../../core/domain/values/json.ts'
import { chordOf } from '../../commands/chord.ts'
import { fieldOfPath, type InputPath } from '../../draft/operations/input-path.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { useIsWide } from '../../stores/inspector-width.ts'
import { showPagePreview, usePagePreview } from '../../stores/page-preview.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { Field } from '../../ui/controls/field.tsx'
import { Input, Textarea } from '../../ui/controls/input.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { Switch } from '../../ui/controls/switch.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue, useStepForm } from '../form/form-context.ts'
import {
  FIELD_TYPES,
  type FieldRow,
  type FieldType,
  fieldOf,
  nameFor,
  rowOf,
  takesOptions,
  typeFor,
} from './form-field-rows.ts'
import { PagePreview } from './page-preview.tsx'
import { useWrittenText } from './use-written-text.ts'

const ICONS: Readonly<Record<FieldType, LucideIcon>> = {
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

/** What is offered first where there is no field yet. */
const FIRST_TYPES: readonly FieldType[] = ['text', 'email', 'number', 'date', 'choice', 'file']

/** The fields of a form, in order; one at a time is open. */
export function FormFieldsControl({ path, value }: ControlProps) {
  const id = useControlId(path)
  const setValue = useSetValue()
  const { stepId, isTrigger } = useStepForm()
  const isDraft = useDraft((state) => state.host.status === 'draft')
  const input = useDraft((state) => state.history.present.steps.find((one) => one.id === stepId)?.input)
  const isPreviewed = usePagePreview()
  const isWide = useIsWide()
  const problem = useProblemAt(path)
  const list = useRef<HTMLOListElement>(null)
  const fields: readonly Json[] = value !== undefined && isJsonList(value) ? value : []
  const rows = fields.map(rowOf)
  const [openAt, setOpenAt] = useState<number | null>(rows.length === 1 ? 0 : null)
  /** The row that is dragged, and that above which it would be dropped. */
  const [dragged, setDragged] = useState<{ readonly from: number; readonly to: number } | null>(null)
  const [said, setSaid] = useState('')

  const store = (next: readonly Json[]): void => setValue(path, [...next])
  const change = (index: number, row: FieldRow): void => store(fields.with(index, fieldOf(row)))

  function rename(index: number, row: FieldRow, label: string): void {
    const others = rows.flatMap(({ name }, at) => (at === index ? [] : [name]))
    // What later steps read is not renamed behind their back; in a form that was never published, none was sent.
    const follows = row.name === '' || (isDraft && row.name === nameFor(row.label, others))
    const isGuessed = row.type === typeFor(row.label)
    change(index, {
      ...row,
      label,
      ...(follows ? { name: nameFor(label, others) } : {}),
      ...(isGuessed ? { type: typeFor(label) } : {}),
    })
  }

  function add(type: FieldType = 'text'): void {
    const names = rows.map(({ name }) => name)
    const row = { name: nameFor('', names), label: '', type, required: true, options: [], help: '' } as const
    store([...fields, fieldOf(row)])
    setOpenAt(fields.length)
    focusIn(fields.length, 'input')
  }

  /** Puts a field to another place; the one that is open stays open. */
  function place(from: number, to: number): void {
    const moved = fields[from]
    if (moved === undefined || from === to || to < 0 || to >= fields.length) return
    store(fields.toSpliced(from, 1).toSpliced(to, 0, moved))
    if (openAt === from) setOpenAt(to)
    else if (openAt !== null)
      setOpenAt(openAt + (from < openAt && openAt <= to ? -1 : to <= openAt && openAt < from ? 1 : 0))
    setSaid(`${rows[from]?.label || 'New field'} is number ${to + 1} of ${fields.length} now.`)
  }

  function move(index: number, by: -1 | 1): void {
    place(index, index + by)
    focusIn(index + by, `[data-move="${by}"]:not(:disabled), [data-move]:not(:disabled)`)
  }

  function remove(index: number): void {
    store(fields.toSpliced(index, 1))
    setOpenAt(null)
    if (fields.length > 1) focusIn(Math.min(index, fields.length - 2), 'button[aria-expanded]')
  }

  function duplicate(index: number): void {
    const row = rows[index]
    if (row === undefined) return
    const names = rows.map(({ name }) => name)
    store(fields.toSpliced(index + 1, 0, fieldOf({ ...row, name: nameFor(row.label, names) })))
    setOpenAt(index + 1)
    focusIn(index + 1, 'input')
  }

  /** Keys of the head of a row. True for one that was used. */
  function onRowKey(event: KeyboardEvent, index: number): boolean {
    const chord = chordOf(event)
    const { altKey, key } = event
    if (altKey && (key === 'ArrowUp' || key === 'ArrowDown')) {
      const to = index + (key === 'ArrowUp' ? -1 : 1)
      place(index, to)
      focusIn(Math.max(0, Math.min(to, fields.length - 1)), 'button[aria-expanded]')
    } else if (chord === 'ArrowUp' || chord === 'ArrowDown') {
      focusIn(index + (chord === 'ArrowUp' ? -1 : 1), 'button[aria-expanded]')
    } else if (chord === 'Mod+D') duplicate(index)
    else if (chord === 'Delete') remove(index)
    else return false
    return true
  }

  /** Of a row that is drawn next. */
  function focusIn(index: number, selector: string): void {
    requestAnimationFrame(() => list.current?.children[index]?.querySelector<HTMLElement>(selector)?.focus())
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: the field's own label names this group
    <div id={id} role="group" aria-labelledby={`${id}-label`} className="flex flex-col gap-2">
      {rows.length > 0 && (
        <ol ref={list} className="flex flex-col divide-y divide-line rounded-lg border border-line bg-sunken">
          {rows.map((row, index) => (
            <FieldCard
              // biome-ignore lint/suspicious/noArrayIndexKey: a name may still be typed, so a field has only its place
              key={index}
              row={row}
              path={[...path, index]}
              isOpen={openAt === index}
              isFirst={index === 0}
              isLast={index === rows.length - 1}
              onToggle={() => setOpenAt(openAt === index ? null : index)}
              onChange={(next) => change(index, next)}
              onRename={(label) => rename(index, row, label)}
              onMove={(by) => move(index, by)}
              onRemove={() => remove(index)}
              onKey={(event) => onRowKey(event, index)}
              isAsked={!isTrigger}
              drop={
                dragged !== null && dragged.to === index && dragged.from !== index
                  ? dragged.from < index
                    ? 'below'
                    : 'above'
                  : null
              }
              onDrag={(is) => setDragged(is ? { from: index, to: index } : null)}
              onDragOver={() => setDragged(dragged && { ...dragged, to: index })}
              isDragging={dragged !== null}
              onDrop={() => {
                if (dragged !== null) place(dragged.from, index)
                setDragged(null)
              }}
            />
          ))}
        </ol>
      )}
      {rows.length === 0 && isTrigger && (
        <>
          {problem === null && <p className="text-sm text-ink-faint">A form needs one field.</p>}
          <div className="flex flex-wrap gap-1.5">
            {FIRST_TYPES.map((type) => (
              <Button key={type} size="sm" icon={ICONS[type]} onClick={() => add(type)}>
                {FIELD_TYPES.find(({ value }) => value === type)?.label}
              </Button>
            ))}
          </div>
        </>
      )}
      <div className="flex items-center gap-1">
        <Button size="sm" icon={Plus} onClick={() => add()}>
          Add a field
        </Button>
        {(isTrigger || rows.length > 0) && !isPreviewed && !isWide && (
          <Button size="sm" variant="ghost" icon={Eye} onClick={() => showPagePreview(true)}>
            Preview
          </Button>
        )}
      </div>
      <span aria-live="polite" className="sr-only">
        {said}
      </span>
      {(isTrigger || rows.length > 0) && isPreviewed && !isWide && input !== undefined && (
        <PagePreview
          input={input}
          asks={!isTrigger}
          openAt={openAt}
          onOpen={(index) => {
            setOpenAt(index)
            focusIn(index, 'button[aria-expanded]')
          }}
        />
      )}
    </div>
  )
}

function FieldCard(props: {
  row: FieldRow
  path: InputPath
  isOpen: boolean
  isFirst: boolean
  isLast: boolean
  onToggle(): void
  onChange(row: FieldRow): void
  onRename(label: string): void
  onMove(by: -1 | 1): void
  onRemove(): void
  /** A key on its head; true when it was used. */
  onKey(event: KeyboardEvent): boolean
  /** Whether a step asks it, which may fill it in at first. */
  isAsked: boolean
  /** Where the dragged row would come to lie. */
  drop: 'above' | 'below' | null
  isDragging: boolean
  onDrag(is: boolean): void
  onDragOver(): void
  onDrop(): void
}) {
  const { row, path, isOpen, onChange } = props
  const id = useControlId(path)
  const problem = useProblemAt(path, true)
  const Icon = ICONS[row.type]
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
      {isOpen && (
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
            <OptionsText
              id={`${id}-options`}
              options={row.options}
              onChange={(options) => onChange({ ...row, options })}
            />
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
              Later steps know it as{' '}
              <code className="rounded-sm bg-hover px-1 font-mono text-xs">fields.{row.name}</code>
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
      )}
    </li>
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
