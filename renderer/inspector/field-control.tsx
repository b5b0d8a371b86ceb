import { memo } from 'react'
import { isJsonObject, type Json } from '../../core/domain/json.ts'
import { fieldOfPath, type InputPath } from '../editor/input-path.ts'
import { describedBy, Field } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { Switch } from '../ui/switch.tsx'
import { EditAsText } from './edit-as-text.tsx'
import { ChoicesControl } from './fields/choices-control.tsx'
import { ConditionGroupControl, ConditionsControl } from './fields/conditions-control.tsx'
import { CredentialControl } from './fields/credential-control.tsx'
import { CredentialsControl } from './fields/credentials-control.tsx'
import { CronControl } from './fields/cron-control.tsx'
import { DurationControl } from './fields/duration-control.tsx'
import { IntervalControl } from './fields/interval-control.tsx'
import { KeyValueControl } from './fields/key-value-control.tsx'
import { NumberControl } from './fields/number-control.tsx'
import { PathControl } from './fields/path-control.tsx'
import { PathsControl } from './fields/paths-control.tsx'
import { PlainControl } from './fields/plain-control.tsx'
import { TemplateControl } from './fields/template-control.tsx'
import { TextListControl } from './fields/text-list-control.tsx'
import { ValueTextControl } from './fields/value-text-control.tsx'
import { ZapControl, ZapsControl } from './fields/zap-control.tsx'
import { useControlId, useProblemAt, useSetValue } from './form-context.ts'
import { type FormField, isShown } from './form-fields.ts'
import { useFieldText } from './use-field-text.ts'

export type ControlProps = {
  readonly field: FormField
  readonly path: InputPath
  readonly value: Json | undefined
  /** Whether templates are shown as they are written, in place of pills. */
  readonly raw?: boolean
}

/** Controls that show what is wrong inside them at its very place. */
const SAYS_ITS_OWN: ReadonlySet<FormField['control']> = new Set([
  'conditions',
  'condition-group',
  'paths',
  'group',
  'key-value',
])

/** One field of a step's form: label, control, help, and what is wrong with it. It is not drawn again while a person types in another. */
export const FieldControl = memo(function FieldControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path, !SAYS_ITS_OWN.has(field.control))
  const setValue = useSetValue(field)

  const text = useFieldText(field, path, value)

  if (field.control === 'group') return <Group field={field} path={path} value={value} />
  const control =
    text.kind !== null && text.kind !== 'template' && text.isText ? (
      <ValueTextControl field={field} path={path} value={text.value} kind={text.kind} onChange={text.change} />
    ) : (
      <Control field={field} path={path} value={value} raw={text.isText} />
    )
  if (field.control === 'switch' && !text.isText) {
    return (
      <div data-field={fieldOfPath(path)} className="group/field flex items-start justify-between gap-3">
        <div className="min-w-0">
          <label htmlFor={id} className="mr-2 text-sm font-medium text-ink-soft">
            {field.title}
          </label>
          <EditAsText text={text} title={field.title} />
          {field.description && (
            <p id={`${id}-help`} className="text-sm text-ink-faint">
              {field.description}
            </p>
          )}
        </div>
        <Switch
          id={id}
          checked={(value ?? field.fallback) === true}
          describedBy={describedBy(id, { help: field.description })}
          onChange={(checked) => setValue(path, checked)}
        />
      </div>
    )
  }
  return (
    <div data-field={fieldOfPath(path)} className="group/field">
      <Field
        label={field.title}
        htmlFor={id}
        help={field.description}
        error={problem}
        required={field.required}
        action={<EditAsText text={text} title={field.title} />}
      >
        {control}
      </Field>
    </div>
  )
}, isSameField)

function Control({ field, path, value, raw = false }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  switch (field.control) {
    case 'select': {
      const options = field.options.map((option) => ({ value: keyOf(option.value), label: option.label }))
      const chosen = value ?? field.fallback
      return (
        <Select
          id={id}
          value={chosen === undefined && !field.optional ? undefined : keyOf(chosen)}
          invalid={problem !== null}
          describedBy={describedBy(id, { help: field.description, error: problem })}
          options={options}
          onChange={(next) => setValue(path, field.options.find((option) => keyOf(option.value) === next)?.value)}
        />
      )
    }
    case 'choices':
      return <ChoicesControl field={field} path={path} value={value} />
    case 'conditions':
      return <ConditionsControl />
    case 'condition-group':
      return <ConditionGroupControl path={path} value={value} />
    case 'paths':
      return <PathsControl field={field} path={path} value={value} />
    case 'zap':
      return <ZapControl field={field} path={path} value={value} />
    case 'zaps':
      return <ZapsControl field={field} path={path} value={value} />
    case 'credential':
      return <CredentialControl field={field} path={path} value={value} />
    case 'credentials':
      return <CredentialsControl field={field} path={path} value={value} />
    case 'cron':
      return <CronControl field={field} path={path} value={value} />
    case 'key-value':
      return <KeyValueControl field={field} path={path} value={value} />
    case 'number':
      return <NumberControl field={field} path={path} value={value} raw={raw} />
    case 'text-list':
      return <TextListControl field={field} path={path} value={value} />
    case 'duration':
      return <DurationControl field={field} path={path} value={value} />
    case 'interval':
      return <IntervalControl field={field} path={path} value={value} />
    case 'file-path':
    case 'folder-path':
      return <PathControl field={field} path={path} value={value} raw={raw} />
    case 'text':
    case 'time-zone':
      return <PlainControl field={field} path={path} value={value} />
    default:
      return <TemplateControl field={field} path={path} value={value} raw={raw} />
  }
}

/** Paths are made anew by whoever names them: it is what they say that counts. */
function isSameField(a: ControlProps, b: ControlProps): boolean {
  return a.field === b.field && Object.is(a.value, b.value) && fieldOfPath(a.path) === fieldOfPath(b.path)
}

/** A value as the key of an option; no value is the empty one. */
function keyOf(value: Json | undefined): string {
  return value === undefined ? '' : JSON.stringify(value)
}

/** Fields that belong together. Those that may be absent as a whole are switched on and off. */
function Group({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const setValue = useSetValue(field)
  const values = isJsonObject(value) ? value : {}
  const isOn = value !== undefined || !field.optional
  return (
    <fieldset
      data-field={fieldOfPath(path)}
      aria-labelledby={`${id}-label`}
      className="flex flex-col gap-3 rounded-lg border border-line p-3"
    >
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <label
            id={`${id}-label`}
            htmlFor={field.optional ? id : undefined}
            className="text-sm font-medium text-ink-soft"
          >
            {field.title}
          </label>
          {field.description && (
            <p id={`${id}-help`} className="text-sm text-ink-faint">
              {field.description}
            </p>
          )}
        </div>
        {field.optional && (
          <Switch
            id={id}
            checked={isOn}
            describedBy={describedBy(id, { help: field.description })}
            onChange={(on) => setValue(path, on ? {} : undefined)}
          />
        )}
      </div>
      {isOn &&
        field.fields
          .filter((child) => isShown(child, field.fields, values))
          .map((child) => (
            <FieldControl key={child.name} field={child} path={[...path, child.name]} value={values[child.name]} />
          ))}
    </fieldset>
  )
}
