import { isJsonObject } from '../../../core/domain/values/json.ts'
import { valueAt } from '../../draft/operations/input-path.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { staysJson } from '../../steps/form-fields.ts'
import { describedBy } from '../../ui/controls/field.tsx'
import { parseJsonTemplate } from '../../ui/json/parse-json.ts'
import { textOfValue, valueOfText } from '../data/value-text.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue, useStepForm } from '../form/form-context.ts'
import { TemplateInput } from '../templates/template-input.tsx'
import { useWrittenText } from './use-written-text.ts'

/** Text with templates on one line or many, or JSON with templates in it. */
export function TemplateControl({ field, path, value, raw }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path, true)
  const setValue = useSetValue(field)
  // A body may hold an object from an imported file; editing its text keeps it one.
  const isJson = field.control === 'json' || (value !== undefined && typeof value !== 'string')
  const { text, write } = useWrittenText(value)
  const { stepId } = useStepForm()
  const isJsonText = useDraft((state) => {
    const input = state.history.present.steps.find((step) => step.id === stepId)?.input
    const beside = valueAt(input, path.slice(0, -1))
    return staysJson(field, isJsonObject(beside) ? beside : {})
  })
  const isBody = field.control === 'json' || field.control === 'body'
  const isLong = field.control === 'template-long' || isBody
  // Text that begins as JSON and is none is most likely a slip. A line of a log may begin with a bracket, too.
  const begins = field.control === 'json' ? /^\s*(\[|\{(?!\{))/ : /^\s*(\{\s*"|\[\s*[[{"])/
  const slip = isLong && begins.test(text) && problem === null ? parseJsonTemplate(text) : null
  return (
    <>
      <TemplateInput
        id={id}
        value={text}
        label={field.title}
        multiline={isLong}
        // Beside rows, the text has a switch of its own.
        {...(!isBody && { raw: raw ?? false })}
        isJsonText={isJsonText}
        broken={slip?.ok === false ? slip.line : null}
        placeholder={field.placeholder ?? placeholderOf(field.fallback)}
        invalid={problem !== null}
        describedBy={describedBy(id, { help: field.description, error: problem })}
        onChange={(next) => {
          const changed = valueOfText(next, isJson)
          write(next, changed)
          setValue(path, changed)
        }}
      />
      {slip?.ok === false && <p className="text-sm text-error">{slip.message} It counts as text as it stands.</p>}
    </>
  )
}

function placeholderOf(fallback: ControlProps['value']): string | null {
  return fallback === undefined || fallback === null ? null : textOfValue(fallback)
}
