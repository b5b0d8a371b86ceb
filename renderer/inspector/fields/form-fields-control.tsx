import { Eye, Plus } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { isJsonList, type Json } from '../../../core/domain/values/json.ts'
import { chordOf } from '../../commands/chord.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { useIsWide } from '../../stores/inspector-width.ts'
import { showPagePreview, usePagePreview } from '../../stores/page-preview.ts'
import { Button } from '../../ui/controls/button.tsx'
import { useOnceDrawn } from '../../ui/page/use-once-drawn.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue, useStepForm } from '../form/form-context.ts'
import { FIELD_ICONS, FormFieldCard } from './form-field-card.tsx'
import { FIELD_TYPES, type FieldRow, type FieldType, fieldOf, nameFor, rowOf, typeFor } from './form-field-rows.ts'
import { PagePreview } from './page-preview.tsx'

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
  const onceDrawn = useOnceDrawn()
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
    onceDrawn(() => list.current?.children[index]?.querySelector<HTMLElement>(selector)?.focus())
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: the field's own label names this group
    <div id={id} role="group" aria-labelledby={`${id}-label`} className="flex flex-col gap-2">
      {rows.length > 0 && (
        <ol ref={list} className="flex flex-col divide-y divide-line rounded-lg border border-line bg-sunken">
          {rows.map((row, index) => (
            <FormFieldCard
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
              <Button key={type} size="sm" icon={FIELD_ICONS[type]} onClick={() => add(type)}>
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
