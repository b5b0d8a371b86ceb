import { Plus, X } from 'lucide-react'
import type { Json } from '../../../core/domain/values/json.ts'
import { fieldOfPath, type InputPath } from '../../draft/operations/input-path.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { textOfValue, valueOfText } from '../data/value-text.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from '../form/form-context.ts'
import { TemplateInput } from '../templates/template-input.tsx'

/** Fewest lines that are offered: of lists to merge there are two. */
const OFFERED = 2

/** Texts with templates, one below the other. */
export function TemplatesControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const setValue = useSetValue(field)
  const own = useProblemAt(path)
  const written: readonly Json[] = Array.isArray(value) ? value : []
  const lines = [...written, ...Array.from({ length: Math.max(0, OFFERED - written.length) }, () => '')]
  const set = (next: readonly Json[]): void => {
    // What stands empty at the end is only offered.
    const last = next.findLastIndex((line) => line !== '')
    setValue(path, last < 0 ? undefined : next.slice(0, Math.max(last + 1, next.length > OFFERED ? next.length : 0)))
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: the field's own label names this group
    <div id={id} role="group" aria-labelledby={`${id}-label`} className="flex flex-col gap-2">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has only its place
        <div key={index} className="flex items-start gap-1.5">
          <Line
            field={field}
            path={[...path, index]}
            label={`${field.title}: ${field.noun} ${index + 1}`}
            value={line}
            onChange={(next) => set(lines.with(index, next))}
          />
          {lines.length > OFFERED && (
            <IconButton
              icon={X}
              size="sm"
              className="mt-1"
              label={`Remove ${field.noun} ${index + 1}`}
              onClick={() => set(lines.toSpliced(index, 1))}
            />
          )}
        </div>
      ))}
      {own !== null && <p className="text-sm text-error">{own}</p>}
      <div>
        <Button size="sm" icon={Plus} onClick={() => setValue(path, [...lines, ''])}>
          {`Add another ${field.noun}`}
        </Button>
      </div>
    </div>
  )
}

function Line(props: {
  field: ControlProps['field']
  path: InputPath
  label: string
  value: Json
  onChange(value: Json): void
}) {
  const id = useControlId(props.path)
  const problem = useProblemAt(props.path, true)
  return (
    <div data-field={fieldOfPath(props.path)} className="flex min-w-0 flex-1 flex-col gap-1">
      <TemplateInput
        id={id}
        label={props.label}
        placeholder={props.field.placeholder}
        value={textOfValue(props.value)}
        invalid={problem !== null}
        describedBy={problem === null ? undefined : `${id}-error`}
        onChange={(text) => props.onChange(valueOfText(text, typeof props.value !== 'string') ?? '')}
      />
      {problem !== null && (
        <p id={`${id}-error`} className="text-sm text-error">
          {problem}
        </p>
      )}
    </div>
  )
}
