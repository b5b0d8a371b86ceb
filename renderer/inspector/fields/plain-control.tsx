import { useDraft } from '../../draft/session/draft-store.ts'
import { describedBy } from '../../ui/controls/field.tsx'
import { Input } from '../../ui/controls/input.tsx'
import { textOfValue, valueOfText } from '../data/value-text.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from '../form/form-context.ts'
import { TimeZoneInput } from './time-zone-input.tsx'

/** Text without templates: a path, a time zone. */
export function PlainControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  const text = textOfValue(value)
  const zone = useDraft((state) => state.history.present.settings?.timezone)
  const shared = {
    id,
    value: text,
    placeholder: field.placeholder ?? (field.fallback === undefined ? '' : textOfValue(field.fallback)),
    'aria-invalid': problem !== null || undefined,
    'aria-describedby': describedBy(id, { help: field.description, error: problem }),
  }
  const onChange = (next: string): void => setValue(path, valueOfText(next, false))
  return field.control === 'time-zone' ? (
    <TimeZoneInput {...shared} placeholder={zone ?? 'This computer’s'} onChange={onChange} />
  ) : (
    <Input {...shared} onChange={(event) => onChange(event.target.value)} />
  )
}
