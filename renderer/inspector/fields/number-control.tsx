import { describedBy } from '../../ui/controls/field.tsx'
import { formatBytes } from '../../ui/words/format-bytes.ts'
import { textOfValue, valueOfText } from '../data/value-text.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from '../form/form-context.ts'
import { TemplateInput } from '../templates/template-input.tsx'
import { durationInWords } from './duration-words.ts'
import { useWrittenText } from './use-written-text.ts'

/** A number, or a template that becomes one. */
export function NumberControl({ field, path, value, raw }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  const { text, write } = useWrittenText(value)
  const words = inWords(value ?? field.fallback, field.unit)
  return (
    <>
      <TemplateInput
        id={id}
        value={text}
        label={field.title}
        raw={raw ?? false}
        placeholder={field.placeholder ?? (field.fallback === undefined ? '' : textOfValue(field.fallback))}
        invalid={problem !== null}
        describedBy={describedBy(id, { help: field.description, error: problem })}
        onChange={(next) => {
          const changed = /^-?\d+(\.\d+)?$/.test(next.trim()) ? Number(next) : valueOfText(next, false)
          write(next, changed)
          setValue(path, changed)
        }}
      />
      {words !== null && <p className="mt-1 text-sm text-ink-faint">{words}</p>}
    </>
  )
}

/** A number of a unit as a person says it. */
function inWords(value: ControlProps['value'], unit: ControlProps['field']['unit']): string | null {
  if (typeof value !== 'number' || unit === null) return null
  return unit === 'ms' ? durationInWords(`${value}ms`) : formatBytes(value)
}
