import { useId } from 'react'
import type { Approval } from '../../core/contract/values.ts'
import type { Json } from '../../core/domain/values/json.ts'
import { Checkbox } from '../ui/controls/checkbox.tsx'
import { describedBy, Field } from '../ui/controls/field.tsx'
import { Input, Textarea } from '../ui/controls/input.tsx'
import { Select } from '../ui/controls/select.tsx'
import { ToldText } from '../ui/words/told-text.tsx'
import type { Filled } from './filled.ts'

type AskedField = Approval['question']['fields'][number]

/** What a question asks to be filled in, as its page does. */
export function AnswerFields({
  fields,
  filled,
  problems,
  disabled,
  onChange,
}: {
  fields: readonly AskedField[]
  filled: Filled
  /** What is wrong with what was sent, by the names of the fields. */
  problems: ReadonlyMap<string, string>
  disabled: boolean
  onChange(name: string, value: Json): void
}) {
  return (
    <fieldset disabled={disabled} className="flex min-w-0 flex-col gap-3">
      <legend className="sr-only">To fill in</legend>
      {fields.map((field) => (
        <AnswerField
          key={field.name}
          field={field}
          value={filled.get(field.name) ?? null}
          problem={problems.get(field.name) ?? null}
          onChange={(value) => onChange(field.name, value)}
        />
      ))}
    </fieldset>
  )
}

function AnswerField({
  field,
  value,
  problem,
  onChange,
}: {
  field: AskedField
  value: Json
  problem: string | null
  onChange(value: Json): void
}) {
  const id = useId()
  const { type, label, help, required, options } = field
  const described = describedBy(id, { help, error: problem })
  const common = { id, 'aria-invalid': problem !== null || undefined, 'aria-describedby': described }
  const text = typeof value === 'string' ? value : ''
  const words = (
    <>
      <ToldText>{label}</ToldText>
      {!required && <span className="font-normal text-ink-faint"> (optional)</span>}
    </>
  )
  const control = () => {
    switch (type) {
      case 'long':
        return <Textarea {...common} rows={3} value={text} onChange={(event) => onChange(event.target.value)} />
      case 'choice':
        return (
          <Select
            id={id}
            value={text === '' ? undefined : text}
            options={options.map((option) => ({ value: option, label: option }))}
            invalid={problem !== null}
            describedBy={described}
            onChange={onChange}
          />
        )
      case 'choices': {
        const chosen = Array.isArray(value) ? value : []
        return (
          // biome-ignore lint/a11y/useSemanticElements: the field's own label names this group
          <div {...common} role="group" aria-labelledby={`${id}-label`} className="flex flex-wrap gap-x-4 gap-y-1">
            {options.map((option) => (
              // biome-ignore lint/a11y/noLabelWithoutControl: the box is a control, and named by itself
              <label key={option} className="flex items-center gap-2">
                <Checkbox
                  label={option}
                  checked={chosen.includes(option)}
                  onChange={(isOn) => onChange(options.filter((one) => (one === option ? isOn : chosen.includes(one))))}
                />
                <ToldText>{option}</ToldText>
              </label>
            ))}
          </div>
        )
      }
      case 'file':
        return (
          <input
            {...common}
            type="file"
            className="text-sm text-ink-soft file:mr-3 file:rounded file:border file:border-line-strong file:bg-surface file:px-2.5 file:py-1 file:text-ink"
            onChange={(event) => {
              const [file] = event.target.files ?? []
              if (file === undefined) onChange(null)
              else void readFile(file).then(onChange)
            }}
          />
        )
      case 'checkbox':
        return null
      case 'text':
      case 'number':
      case 'date':
      case 'email':
        return (
          <Input
            {...common}
            type={type === 'number' ? 'text' : type}
            {...(type === 'number' && { inputMode: 'decimal' as const })}
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        )
    }
  }
  if (type === 'checkbox') {
    return (
      <Field label="" htmlFor={id} help={help} error={problem}>
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the box is a control, and named by itself */}
        <label className="-mt-5 flex items-center gap-2">
          <Checkbox label={label} checked={value === true} onChange={onChange} />
          <span>{words}</span>
        </label>
      </Field>
    )
  }
  return (
    <Field label={words} htmlFor={id} help={help} error={problem} required={required}>
      {control()}
    </Field>
  )
}

/** A file as the host takes it. */
async function readFile(file: File): Promise<Json> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const reader = new FileReader()
  reader.onload = () => resolve(String(reader.result))
  reader.onerror = () => reject(reader.error ?? new Error('it could not be read'))
  reader.readAsDataURL(file)
  const base64 = (await promise).replace(/^[^,]*,/, '')
  return { filename: file.name, contentType: file.type === '' ? 'application/octet-stream' : file.type, base64 }
}
