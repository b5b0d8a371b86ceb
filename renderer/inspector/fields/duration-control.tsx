import { describedBy } from '../../ui/controls/field.tsx'
import { Input } from '../../ui/controls/input.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { textOfValue, valueOfText } from '../data/value-text.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from '../form/form-context.ts'
import { durationInWords } from './duration-words.ts'

const USUAL = ['10s', '30s', '1m', '5m', '15m', '1h', '6h', '1d', '7d', '30d']

/** A length of time, written short, said in words, with the usual ones to choose from. */
export function DurationControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  const text = textOfValue(value)
  // What holds when nothing is written.
  const effective = text === '' ? textOfValue(field.fallback) : text
  const words = durationInWords(effective)
  const isBad = words === null && effective !== '' && !effective.includes('{{')
  return (
    <div className="flex flex-col gap-1">
      <div className="flex gap-2">
        <Input
          id={id}
          value={text}
          placeholder={field.placeholder ?? textOfValue(field.fallback)}
          aria-invalid={problem !== null || isBad || undefined}
          aria-describedby={describedBy(id, { help: field.description, error: problem })}
          onChange={(event) => setValue(path, valueOfText(event.target.value, false))}
        />
        <div className="w-32 shrink-0">
          <Select
            label={`${field.title}: usual times`}
            value={USUAL.includes(text) ? text : undefined}
            placeholder="Usual…"
            options={USUAL.map((usual) => ({ value: usual, label: durationInWords(usual) ?? usual }))}
            onChange={(usual) => setValue(path, usual)}
          />
        </div>
      </div>
      {isBad && problem === null && <p className="text-sm text-error">Write a time such as 30s, 5m, 2h or 1d.</p>}
      {words !== null && !USUAL.includes(text) && (
        <p className="text-sm text-ink-faint">{text === '' ? `${words}, when you say nothing` : words}</p>
      )}
    </div>
  )
}
