import { ChevronRight, Plus, X } from 'lucide-react'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { Json, JsonObject } from '../../../core/domain/values/json.ts'
import { fieldOfPath, type InputPath } from '../../draft/operations/input-path.ts'
import type { FormField } from '../../steps/form-fields.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { branchSize } from '../../ui/json/json-tree.ts'
import { classNames } from '../../ui/look/class-names.ts'
import { useOnceDrawn } from '../../ui/page/use-once-drawn.ts'
import { textOfValue, valueOfText } from '../data/value-text.ts'
import { useSetValue } from '../form/form-context.ts'
import { TemplateInput } from '../templates/template-input.tsx'
import { type BodyRow, bodyRows, moved, pathOfName, renamed, withRow } from './body-rows.ts'

/** An object as rows of names and values, which are templates. */
export function BodyTable({
  id,
  field,
  path,
  body,
}: {
  id: string
  field: FormField
  path: InputPath
  body: JsonObject
}) {
  const setValue = useSetValue(field)
  const onceDrawn = useOnceDrawn()
  const table = useRef<HTMLDivElement>(null)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  /** Where a row is added that has no name yet: the path of its object. */
  const [adding, setAdding] = useState<InputPath | null>(null)
  const rows = useMemo(() => bodyRows(body) ?? [], [body])
  const shown = rows.filter(
    ({ path: at }) => !at.some((_, end) => end > 0 && folded.has(fieldOfPath(at.slice(0, end)))),
  )
  const write = (next: JsonObject): void => setValue(path, Object.keys(next).length === 0 ? undefined : next)
  const focusValue = (at: InputPath): void => {
    onceDrawn(() => document.getElementById(valueId(id, at))?.focus())
  }
  const add = (parent: InputPath, name: string): boolean => {
    const at = pathOfName(body, parent, name)
    if (at === null) return false
    setAdding(null)
    write(withRow(body, at, ''))
    focusValue(at)
    return true
  }
  const addInside = (row: BodyRow): void => {
    if (!Array.isArray(row.value)) {
      setAdding(row.path)
      return
    }
    const at = [...row.path, row.value.length]
    write(withRow(body, at, ''))
    focusValue(at)
  }
  const remove = (at: InputPath): void => {
    write(withRow(body, at, undefined))
    table.current?.querySelector<HTMLElement>('[data-add-row]')?.focus()
  }
  const toggle = (at: InputPath): void => {
    setFolded((now) => {
      const next = new Set(now)
      if (!next.delete(fieldOfPath(at))) next.add(fieldOfPath(at))
      return next
    })
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: the field's own label names this group
    <div
      ref={table}
      id={id}
      role="group"
      aria-labelledby={`${id}-label`}
      className="flex flex-col overflow-hidden rounded border border-line-strong bg-surface"
    >
      {shown.map((row) => (
        <Row
          key={fieldOfPath(row.path)}
          id={id}
          title={field.title}
          row={row}
          path={path}
          isFolded={folded.has(fieldOfPath(row.path))}
          onFold={() => toggle(row.path)}
          onRename={(name) => {
            const next = renamed(body, row.path, name)
            if (next !== null && next !== body) write(next)
            return next !== null
          }}
          onValue={(value) => write(withRow(body, row.path, value))}
          onMove={(by) => write(moved(body, row.path, by))}
          onAddInside={() => addInside(row)}
          onRemove={() => remove(row.path)}
        />
      ))}
      {adding !== null && (
        <NewRow parent={adding} onAdd={(name) => add(adding, name)} onCancel={() => setAdding(null)} />
      )}
      <div className="flex items-center gap-2 px-1.5 py-1">
        <Button size="sm" variant="ghost" icon={Plus} data-add-row onClick={() => setAdding([])}>
          {rows.length === 0 ? 'Add a row' : 'Add another'}
        </Button>
        <span className="ml-auto pr-1.5 text-xs text-ink-faint">a name with a dot makes an object</span>
      </div>
    </div>
  )
}

const valueId = (id: string, path: InputPath): string => `${id}-row-${path.join('-')}`.replace(/[^\w-]/g, '_')

function Row(props: {
  id: string
  title: string
  row: BodyRow
  path: InputPath
  isFolded: boolean
  onFold(): void
  onRename(name: string): boolean
  onValue(value: Json): void
  onMove(by: 1 | -1): void
  onAddInside(): void
  onRemove(): void
}) {
  const { row, title } = props
  const label = row.path.join('.')
  const id = valueId(props.id, row.path)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line of a table that is a form
    <div
      role="group"
      aria-label={`${title}: ${label}`}
      data-field={fieldOfPath([...props.path, ...row.path])}
      className="group/row grid grid-cols-[minmax(88px,2fr)_minmax(0,5fr)_24px] items-start gap-x-1 border-b border-line px-1.5 py-1"
    >
      <div className="flex items-center" style={{ paddingLeft: row.depth * 12 }}>
        {row.inside !== null && (
          <button
            type="button"
            aria-label={`${props.isFolded ? 'Unfold' : 'Fold'} ${label}`}
            aria-expanded={!props.isFolded}
            onClick={props.onFold}
            className="flex size-5 shrink-0 items-center justify-center rounded-sm text-ink-faint hover:bg-hover"
          >
            <ChevronRight size={13} aria-hidden className={classNames(!props.isFolded && 'rotate-90')} />
          </button>
        )}
        {typeof row.name === 'string' ? (
          <NameField
            label={`${title}: name of ${label}`}
            name={row.name}
            onName={props.onRename}
            onKey={(event) => {
              const by = event.altKey ? (event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0) : 0
              if (by !== 0) props.onMove(by)
              else if (event.key === 'Backspace' && (event.ctrlKey || event.metaKey)) props.onRemove()
              else if (event.key === 'Enter') document.getElementById(id)?.focus()
              else return false
              return true
            }}
          />
        ) : (
          <span className="px-1.5 py-1.5 font-mono text-xs text-ink-faint">{row.name}</span>
        )}
      </div>
      {row.inside === null ? (
        <TemplateInput
          id={id}
          label={`${title}: value of ${label}`}
          placeholder="Value"
          value={textOfValue(row.value)}
          onChange={(text) => props.onValue(valueOfText(text, typeof row.value !== 'string') ?? '')}
        />
      ) : (
        <div className="flex min-h-8 items-center gap-1 text-sm text-ink-faint">
          {branchSize(row.value)}
          <IconButton icon={Plus} size="sm" label={`Add inside ${label}`} onClick={props.onAddInside} />
        </div>
      )}
      <IconButton icon={X} size="sm" className="mt-1" label={`Remove ${label}`} onClick={props.onRemove} />
    </div>
  )
}

/** A name that is written when it is left. One that cannot be stays in the field, marked, and what it named keeps its name. */
function NameField({
  label,
  name,
  onName,
  onKey,
}: {
  label: string
  name: string
  onName(name: string): boolean
  onKey(event: KeyboardEvent): boolean
}) {
  const [text, setText] = useState<string | null>(null)
  const [isWrong, setWrong] = useState(false)
  const commit = (): void => {
    const isTaken = text === null || onName(text)
    setWrong(!isTaken)
    if (isTaken) setText(null)
  }
  return (
    <input
      aria-label={label}
      aria-invalid={isWrong || undefined}
      title={isWrong ? 'There is such a name already, or it is none.' : undefined}
      spellCheck={false}
      autoComplete="off"
      value={text ?? name}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
        if (!onKey(event)) return
        event.preventDefault()
        event.stopPropagation()
      }}
      className={classNames(
        'h-8 w-full min-w-0 rounded-sm bg-transparent px-1.5 font-mono text-xs outline-none hover:bg-hover focus-visible:bg-hover focus-visible:ring-2 focus-visible:ring-ring',
        isWrong && 'text-error underline decoration-wavy',
      )}
    />
  )
}

/** A row that has no name yet. Nothing of it is kept before it has one. */
function NewRow({ parent, onAdd, onCancel }: { parent: InputPath; onAdd(name: string): boolean; onCancel(): void }) {
  const [isWrong, setWrong] = useState(false)
  const commit = (name: string): void => {
    if (name.trim() === '') onCancel()
    else setWrong(!onAdd(name))
  }
  return (
    <div className="border-b border-line px-1.5 py-1" style={{ paddingLeft: 6 + parent.length * 12 }}>
      <input
        // It was asked for, and is typed into at once.
        ref={focused}
        aria-label={parent.length === 0 ? 'Name of the new row' : `Name of the new row in ${parent.join('.')}`}
        aria-invalid={isWrong || undefined}
        placeholder="Name"
        spellCheck={false}
        autoComplete="off"
        onBlur={(event) => commit(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(event.currentTarget.value)
          else if (event.key === 'Escape') onCancel()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
        className={classNames(
          'h-8 w-40 rounded-sm bg-hover px-1.5 font-mono text-xs outline-none focus-visible:ring-2 focus-visible:ring-ring',
          isWrong && 'text-error underline decoration-wavy',
        )}
      />
    </div>
  )
}

const focused = (field: HTMLInputElement | null): void => field?.focus()
