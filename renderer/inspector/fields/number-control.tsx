import { describedBy } from '../../ui/field.tsx'
import type { ControlProps } from '../field-control.tsx'
import { useControlId, useProblemAt, useSetValue } from '../form-context.ts'
import { TemplateInput } from '../template-input.tsx'
import { textOfValue, valueOfText } from '../value-text.ts'
import { useWrittenText } from './use-written-text.ts'

/** A number, or a template that gives one. */
export function NumberControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  const { text, write } = useWrittenText(value)
  return (
    <TemplateInput
      id={id}
      value={text}
      label={field.title}
      placeholder={field.placeholder ?? (field.fallback === undefined ? '' : textOfValue(field.fallback))}
      invalid={problem !== null}
      describedBy={describedBy(id, { help: field.description, error: problem })}
      onChange={(next) => {
        const changed = /^-?\d+(\.\d+)?$/.test(next.trim()) ? Number(next) : valueOfText(next, false)
        write(next, changed)
        setValue(path, changed)
      }}
    />
  )
}
