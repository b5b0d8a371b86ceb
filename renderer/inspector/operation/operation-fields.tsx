import { useMemo } from 'react'
import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import type { Step } from '../../../core/domain/zap/zap-file.ts'
import { queries, useAnswer } from '../../queries/queries.ts'
import { type FormField, formFields } from '../../steps/form-fields.ts'
import { MethodWord } from '../../ui/look/method-word.tsx'
import { Spinner } from '../../ui/page/spinner.tsx'
import { AdvancedSection } from '../form/advanced-section.tsx'
import { FieldControl } from '../form/field-control.tsx'
import { useStepForm } from '../form/form-context.ts'
import { OperationPicker } from './operation-picker.tsx'

/** Whether a step is of an operation of an API that was added. */
export const isOfOperation = ({ uses }: Pick<Step, 'uses'>): boolean => /^app\.(?:call|poll|event)$/.test(uses)

/** The fields of a step's operation, as the description of its API says them; or the choice of one. */
export function OperationFields({ step }: { step: Step }) {
  return step.input.operation ? <DescribedFields step={step} /> : <OperationPicker step={step} />
}

function DescribedFields({ step }: { step: Step }) {
  const { app, operation, input } = step.input
  const asked = {
    of: { app: typeof app === 'string' ? app : '' },
    operation: typeof operation === 'string' ? operation : '',
  }
  const { data, failure } = useAnswer(queries.apps.operation.queryOptions({ input: asked }))
  const { problems } = useStepForm()
  const values = isJsonObject(input) ? input : {}
  const fields = useMemo(
    () => (data === null ? [] : formFields(data.form).map((field) => choosable(field, data.choices))),
    [data],
  )
  const control = (field: FormField) => (
    <FieldControl key={field.name} field={field} path={['input', field.name]} value={values[field.name]} />
  )
  if (data === null) {
    return failure === null ? (
      <Spinner label="Reading what it takes…" />
    ) : (
      <>
        <p className="text-sm text-waiting">
          {failure.message} The step goes on with what the zap carries; add the app again to see its fields.
        </p>
        <FieldControl field={AS_JSON} path={['input']} value={input} />
      </>
    )
  }
  const more = fields.filter(({ advanced }) => advanced)
  const other = data.servers.filter((server) => server !== step.input.address)
  return (
    <>
      <div className="flex flex-col gap-1">
        <p className="flex items-baseline gap-2 font-mono text-xs break-all text-ink-soft">
          <MethodWord method={data.method} /> {data.path}
        </p>
        {data.description !== '' && <p className="text-ink-soft">{data.description}</p>}
        {data.effect === 'unsafe' && step.uses === 'app.call' && (
          <p className="text-sm text-ink-faint">
            One that was cut off asks before it is sent again: the API declares no key by which it would know a repeat.
          </p>
        )}
        {other.length > 0 && (
          <p className="text-sm text-ink-faint">
            The description has an address of its own for it: {other.join(', ')}. Set it under Advanced if that is
            right.
          </p>
        )}
      </div>
      {fields.filter(({ advanced }) => !advanced).map(control)}
      {more.length > 0 && (
        <AdvancedSection
          title={`More fields (${more.length})`}
          forced={more.some(
            ({ name }) =>
              values[name] !== undefined || problems.some(({ field }) => field?.startsWith(`input.input.${name}`)),
          )}
        >
          {more.map(control)}
        </AdvancedSection>
      )}
    </>
  )
}

/** A field whose values another operation lists can be chosen from these. */
function choosable(field: FormField, choices: readonly string[]): FormField {
  if (!choices.includes(field.name)) return field
  return {
    ...field,
    control: 'service-choice',
    list: { from: 'list', reads: ['app', 'operation', 'address', 'input'] },
  }
}

const [AS_JSON] = formFields({
  properties: { input: { title: 'Input', ui: { widget: 'json' } } satisfies Record<string, Json> },
}) as [FormField]
