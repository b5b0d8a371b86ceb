import { useEffect, useRef, useState } from 'react'
import { describedBy } from '../../ui/field.tsx'
import type { ControlProps } from '../field-control.tsx'
import { useControlId, useProblemAt, useSetValue } from '../form-context.ts'
import { TemplateInput } from '../template-input.tsx'
import { textOfValue, valueOfText } from '../value-text.ts'

/** Text with templates on one line or many, or JSON with templates in it. */
export function TemplateControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path, true)
  const setValue = useSetValue(field)
  // A body may hold an object from an imported file; editing its text keeps it one.
  const isJson = field.control === 'json' || (value !== undefined && typeof value !== 'string')
  const [text, setText] = useState(() => textOfValue(value))
  const written = useRef(value)
  useEffect(() => {
    // The value was changed by somebody else: undo, another draft. What we wrote ourselves keeps its spelling.
    if (value === written.current) return
    written.current = value
    setText(textOfValue(value))
  }, [value])
  return (
    <TemplateInput
      id={id}
      value={text}
      label={field.title}
      multiline={field.control === 'template-long' || field.control === 'json'}
      placeholder={field.placeholder ?? placeholderOf(field.fallback)}
      invalid={problem !== null}
      describedBy={describedBy(id, { help: field.description, error: problem })}
      onChange={(next) => {
        setText(next)
        written.current = valueOfText(next, isJson)
        setValue(path, written.current)
      }}
    />
  )
}

function placeholderOf(fallback: ControlProps['value']): string | null {
  return fallback === undefined || fallback === null ? null : textOfValue(fallback)
}
