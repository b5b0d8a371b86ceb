import { parseDuration } from '../../../core/domain/duration.ts'
import { useDraft } from '../../editor/draft-store.ts'
import { describedBy } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import type { ControlProps } from '../field-control.tsx'
import { useControlId, useProblemAt, useSetValue } from '../form-context.ts'
import { textOfValue, valueOfText } from '../value-text.ts'
import { TimeZoneInput } from './time-zone-input.tsx'

/** Text without templates: a path, a duration, a time zone. */
export function PlainControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  const text = textOfValue(value)
  const zone = useDraft((state) => state.history.present.settings?.timezone)
  const isBadDuration =
    field.control === 'duration' && text !== '' && !text.includes('{{') && parseDuration(text) === undefined
  const shared = {
    id,
    value: text,
    placeholder: field.placeholder ?? (field.fallback === undefined ? '' : textOfValue(field.fallback)),
    'aria-invalid': problem !== null || isBadDuration || undefined,
    'aria-describedby': describedBy(id, { help: field.description, error: problem }),
  }
  const onChange = (next: string): void => setValue(path, valueOfText(next, false))
  return (
    <>
      {field.control === 'time-zone' ? (
        <TimeZoneInput {...shared} placeholder={zone ?? 'This computer’s'} onChange={onChange} />
      ) : (
        <Input {...shared} onChange={(event) => onChange(event.target.value)} />
      )}
      {isBadDuration && problem === null && (
        <p className="text-sm text-error">Write a time such as 30s, 5m, 2h or 1d.</p>
      )}
    </>
  )
}
