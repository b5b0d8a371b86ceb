import { WrapText } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Field } from './field.tsx'
import { Textarea } from './input.tsx'
import { parseJson } from './parse-json.ts'

/** JSON to write or change. It says where it is not JSON; whoever uses the text parses it with `parseJson`. */
export function JsonEditor({
  id,
  label,
  help,
  value,
  onChange,
  rows = 10,
  optional = false,
  placeholder,
}: {
  id: string
  label: string
  help?: ReactNode
  value: string
  onChange: (text: string) => void
  rows?: number
  /** Whether it may be left empty. */
  optional?: boolean
  placeholder?: string
}) {
  const parsed = parseJson(value)
  const isWrong = !parsed.ok && !(optional && value.trim() === '')
  return (
    <Field
      label={label}
      htmlFor={id}
      help={help}
      error={isWrong ? parsed.message : undefined}
      action={
        <Button
          size="sm"
          variant="ghost"
          icon={WrapText}
          disabled={!parsed.ok}
          onClick={() => {
            if (parsed.ok) onChange(JSON.stringify(parsed.value, null, 2))
          }}
        >
          Tidy
        </Button>
      }
    >
      <Textarea
        id={id}
        mono
        rows={rows}
        value={value}
        placeholder={placeholder}
        aria-invalid={isWrong || undefined}
        aria-describedby={
          [isWrong && `${id}-error`, help !== undefined && `${id}-help`].filter(Boolean).join(' ') || undefined
        }
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}
