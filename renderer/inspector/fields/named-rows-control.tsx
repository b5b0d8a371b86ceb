import { Plus, X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { isJsonObject, type Json, type JsonObject } from '../../../core/domain/values/json.ts'
import { fieldOfPath, type InputPath } from '../../draft/operations/input-path.ts'
import { type FormField, isShown } from '../../steps/form-fields.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { useOnceDrawn } from '../../ui/page/use-once-drawn.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from '../form/form-context.ts'
import { ParsedInput } from './parsed-input.tsx'

/** Objects of one kind, each by a name of its own: a card with that and the fields of its schema, which `children` draws. */
export function NamedRowsControl({
  field,
  path,
  value,
  children,
}: ControlProps & { children: (field: FormField, path: InputPath, value: Json | undefined) => ReactNode }) {
  const id = useControlId(path)
  const setValue = useSetValue(field)
  const onceDrawn = useOnceDrawn()
  const group = useRef<HTMLDivElement>(null)
  const own = useProblemAt(path)
  const rows = isJsonObject(value) ? Object.entries(value) : []
  const taken = new Set(rows.map(([name]) => name))
  const set = (next: readonly (readonly [string, Json])[]): void =>
    setValue(path, next.length === 0 ? undefined : Object.fromEntries(next))
  const add = (): void => {
    let number = rows.length + 1
    while (taken.has(`${field.noun}${number}`)) number++
    const name = `${field.noun}${number}`
    set([...rows, [name, {}]])
    onceDrawn(() => {
      const inputs = group.current?.querySelectorAll<HTMLInputElement>('[data-row-name] input')
      inputs?.[rows.length]?.select()
    })
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: the field's own label names this group
    <div ref={group} id={id} role="group" aria-labelledby={`${id}-label`} className="flex flex-col gap-2">
      {rows.map(([name, row], index) => {
        const at = [...path, name]
        const values: JsonObject = isJsonObject(row) ? row : {}
        return (
          // biome-ignore lint/a11y/useSemanticElements: several of these stand in one field
          <div
            // Its place and not its name, so that the focus stays while it is renamed.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            key={index}
            role="group"
            aria-label={`${field.title}: ${name}`}
            data-field={fieldOfPath(at)}
            className="flex flex-col gap-2.5 rounded-lg border border-line bg-surface p-2.5"
          >
            <div className="flex items-start gap-1.5">
              <div data-row-name className="min-w-0 flex-1">
                <label htmlFor={`${id}-name-${index}`} className="sr-only">
                  Name of {field.noun} {index + 1}
                </label>
                <ParsedInput
                  id={`${id}-name-${index}`}
                  shown={name}
                  placeholder="Name"
                  wrong="Another one has this name."
                  parse={(text) => {
                    const next = text.trim()
                    return next === name || !taken.has(next) ? next : null
                  }}
                  onChange={(next) => {
                    if (next !== null) set(rows.map(([one, item]) => [one === name ? next : one, item]))
                  }}
                />
              </div>
              <IconButton
                icon={X}
                size="sm"
                className="mt-1"
                label={`Remove ${name}`}
                onClick={() => set(rows.toSpliced(index, 1))}
              />
            </div>
            <div className="grid min-w-0 grid-cols-2 items-start gap-x-2 gap-y-2.5 [&>:first-child]:col-span-2">
              {field.fields
                .filter((child) => isShown(child, field.fields, values))
                .map((child) => children(child, [...at, child.name], values[child.name]))}
            </div>
          </div>
        )
      })}
      {own !== null && <p className="text-sm text-error">{own}</p>}
      <div>
        <Button size="sm" icon={Plus} onClick={add}>
          {rows.length === 0 ? `Add a ${field.noun}` : `Add another ${field.noun}`}
        </Button>
      </div>
    </div>
  )
}
