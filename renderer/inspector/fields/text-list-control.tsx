import type { Json } from '../../../core/domain/values/json.ts'
import { describedBy } from '../../ui/controls/field.tsx'
import { Textarea } from '../../ui/controls/input.tsx'
import { textOfValue } from '../data/value-text.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from '../form/form-context.ts'
import { useWrittenText } from './use-written-text.ts'

/** Texts, one a line. */
export function TextListControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path, true)
  const setValue = useSetValue(field)
  const { text, write } = useWrittenText(
    Array.isArray(value) ? value.map((one: Json) => textOfValue(one)).join('\n') : value,
  )
  return (
    <Textarea
      id={id}
      mono
      rows={3}
      value={text}
      placeholder={field.placeholder ?? ''}
      aria-invalid={problem !== null || undefined}
      aria-describedby={describedBy(id, { help: field.description, error: problem })}
      onChange={(event) => {
        const next = event.currentTarget.value
        const lines = next
          .split(/[\n,]/)
          .map((line) => line.trim())
          .filter((line) => line !== '')
        write(next, lines.join('\n'))
        setValue(path, lines.length === 0 ? undefined : lines)
      }}
    />
  )
}
