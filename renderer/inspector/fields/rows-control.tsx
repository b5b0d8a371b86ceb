import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { isJsonObject, type Json, type JsonObject } from '../../../core/domain/values/json.ts'
import { fieldOfPath, type InputPath } from '../../draft/operations/input-path.ts'
import { type FormField, isShown } from '../../steps/form-fields.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from '../form/form-context.ts'

/** Objects of one kind, in order: each a card with the fields of its schema, which `children` draws. */
export function RowsControl({
  field,
  path,
  value,
  children,
}: ControlProps & { children: (field: FormField, path: InputPath, value: Json | undefined) => ReactNode }) {
  const id = useControlId(path)
  const setValue = useSetValue(field)
  const own = useProblemAt(path)
  const written: readonly Json[] = Array.isArray(value) ? value : []
  // A list that needs an entry, or has one when nothing is said, offers it: it comes into being when it is first filled in.
  const isOffered = written.length === 0 && (field.required || Array.isArray(field.fallback))
  const rows = isOffered ? [firstRow(field)] : written
  const set = (next: readonly Json[]): void => setValue(path, next.length === 0 ? undefined : next)
  const move = (from: number, to: number): void => set(moved(written, from, to))
  return (
    // biome-ignore lint/a11y/useSemanticElements: the field's own label names this group
    <div id={id} role="group" aria-labelledby={`${id}-label`} className="flex flex-col gap-2">
      {rows.map((row, index) => {
        const at = [...path, index]
        const values = isJsonObject(row) ? row : {}
        return (
          // biome-ignore lint/a11y/useSemanticElements: several of these stand in one field
          <div
            key={fieldOfPath(at)}
            role="group"
            aria-label={`${field.title}: ${field.noun} ${index + 1}`}
            data-field={fieldOfPath(at)}
            className="flex items-start gap-1.5 rounded-lg border border-line bg-surface p-2.5"
          >
            <div className="grid min-w-0 flex-1 grid-cols-2 items-start gap-x-2 gap-y-2.5 [&>:first-child]:col-span-2">
              {field.fields
                .filter((child) => isShown(child, field.fields, values))
                .map((child) => children(child, [...at, child.name], values[child.name]))}
            </div>
            {rows.length > 1 && (
              <div className="flex flex-col">
                <IconButton
                  icon={X}
                  size="sm"
                  label={`Remove ${field.noun} ${index + 1}`}
                  onClick={() => set(written.toSpliced(index, 1))}
                />
                <IconButton
                  icon={ArrowUp}
                  size="sm"
                  label={`Move ${field.noun} ${index + 1} up`}
                  disabled={index === 0}
                  onClick={() => move(index, index - 1)}
                />
                <IconButton
                  icon={ArrowDown}
                  size="sm"
                  label={`Move ${field.noun} ${index + 1} down`}
                  disabled={index === rows.length - 1}
                  onClick={() => move(index, index + 1)}
                />
              </div>
            )}
            {rows.length === 1 && !field.required && !isOffered && (
              <IconButton icon={X} size="sm" label={`Remove ${field.noun} 1`} onClick={() => set([])} />
            )}
          </div>
        )
      })}
      {own !== null && <p className="text-sm text-error">{own}</p>}
      <div>
        <Button size="sm" icon={Plus} onClick={() => set([...(isOffered ? rows : written), firstRow(field)])}>
          {rows.length === 0 ? `Add a ${field.noun}` : `Add another ${field.noun}`}
        </Button>
      </div>
    </div>
  )
}

/** A new row: what must be chosen begins with its first choice. */
function firstRow({ fields }: FormField): JsonObject {
  return Object.fromEntries(
    fields.flatMap((child): [string, Json][] => {
      const first = child.required && child.control === 'select' ? child.options[0]?.value : undefined
      return first === undefined ? [] : [[child.name, first]]
    }),
  )
}

function moved(rows: readonly Json[], from: number, to: number): readonly Json[] {
  const row = rows[from]
  return row === undefined ? rows : rows.toSpliced(from, 1).toSpliced(to, 0, row)
}
