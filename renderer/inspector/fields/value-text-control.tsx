import type { Json } from '../../../core/domain/values/json.ts'
import { describedBy } from '../../ui/controls/field.tsx'
import { textOfValue } from '../data/value-text.ts'
import { type ControlProps, useControlId, useProblemAt } from '../form/form-context.ts'
import { type FieldText, type TextKind, valueOfFieldText } from '../templates/field-text.ts'
import { TemplateInput } from '../templates/template-input.tsx'
import { useWrittenText } from './use-written-text.ts'

/**
 * The value of any field as text: a word, JSON, or a template in its place. What cannot be read stays in the field with a word about
 * it, and never reaches the draft.
 */
export function ValueTextControl({
  field,
  path,
  value,
  kind,
  onChange,
}: ControlProps & { kind: TextKind; onChange(value: Json | undefined): void }) {
  const id = useControlId(path)
  const problem = useProblemAt(path, true)
  const { text, write } = useWrittenText(value)
  const read = valueOfFieldText(field, kind, text)
  return (
    <>
      <TemplateInput
        id={id}
        label={field.title}
        value={text}
        raw={false}
        multiline={kind === 'json'}
        placeholder={placeholderOf(field.fallback)}
        invalid={problem !== null || !read.ok}
        broken={read.ok ? null : read.line}
        describedBy={describedBy(id, { help: field.description, error: problem })}
        onChange={(next) => {
          const now = valueOfFieldText(field, kind, next)
          write(next, now.ok ? now.value : value)
          if (now.ok) onChange(now.value)
        }}
      />
      {!read.ok && <Unreadable read={read} />}
    </>
  )
}

function Unreadable({ read }: { read: Extract<FieldText, { ok: false }> }) {
  return <p className="mt-1 text-sm text-error">{read.message} Until this is right, the step keeps what it had.</p>
}

function placeholderOf(fallback: Json | undefined): string | null {
  return fallback === undefined || fallback === null ? null : textOfValue(fallback)
}
