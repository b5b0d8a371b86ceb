import { WrapText } from 'lucide-react'
import { lazy, type ReactNode, Suspense } from 'react'
import { Button } from '../controls/button.tsx'
import { describedBy, Field } from '../controls/field.tsx'
import { CONTROL } from '../controls/input.tsx'
import { classNames } from '../look/class-names.ts'
import { parseJson } from './parse-json.ts'

const CodeField = lazy(() => import('../code/code-field.tsx').then((module) => ({ default: module.CodeField })))

/** JSON to write or change. It says where it is not JSON; the caller parses the text with `parseJson`. */
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
      <Suspense fallback={<div className={classNames(CONTROL, 'h-24')} />}>
        <CodeField
          id={id}
          label={label}
          multiline
          rows={rows}
          value={value}
          placeholder={placeholder}
          broken={isWrong && !parsed.ok && parsed.line !== null ? { line: parsed.line } : null}
          attributes={{
            'aria-invalid': isWrong ? 'true' : undefined,
            'aria-describedby': describedBy(id, { help, error: isWrong }),
          }}
          onChange={onChange}
        />
      </Suspense>
    </Field>
  )
}
