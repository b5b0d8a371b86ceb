import { memo } from 'react'
import { isJsonObject } from '../../../core/domain/values/json.ts'
import { fieldOfPath } from '../../draft/operations/input-path.ts'
import { isShown } from '../../steps/form-fields.ts'
import { describedBy, Field } from '../../ui/controls/field.tsx'
import { Switch } from '../../ui/controls/switch.tsx'
import { NamedRowsControl } from '../fields/named-rows-control.tsx'
import { RowsControl } from '../fields/rows-control.tsx'
import { ValueTextControl } from '../fields/value-text-control.tsx'
import { EditAsText } from '../templates/edit-as-text.tsx'
import { useFieldText } from '../templates/use-field-text.ts'
import { FIELD_CONTROLS, type FieldEditor } from './field-controls.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from './form-context.ts'

/** One field of a step's form: label, control, help, and what is wrong with it. It is not drawn again while a person types in another. */
export const FieldControl = memo(function FieldControl(props: ControlProps) {
  const { control } = props.field
  if (control === 'group') return <Group {...props} />
  if (control === 'rows') return <SingleField {...props} editor={ROWS} />
  if (control === 'named-rows') return <SingleField {...props} editor={NAMED_ROWS} />
  return <SingleField {...props} editor={FIELD_CONTROLS[control]} />
}, isSameField)

/** Rows hold fields, so they are drawn by what draws those. */
const ROWS: FieldEditor = {
  Control: (props) => (
    <RowsControl {...props}>
      {(field, path, value) => <FieldControl key={field.name} field={field} path={path} value={value} />}
    </RowsControl>
  ),
  saysProblemsInside: true,
}

const NAMED_ROWS: FieldEditor = {
  Control: (props) => (
    <NamedRowsControl {...props}>
      {(field, path, value) => <FieldControl key={field.name} field={field} path={path} value={value} />}
    </NamedRowsControl>
  ),
  saysProblemsInside: true,
}

/** A field with one control: below its label, or beside it. */
function SingleField({ field, path, value, editor }: ControlProps & { editor: FieldEditor }) {
  const { Control, saysProblemsInside, isBesideLabel } = editor
  const id = useControlId(path)
  const problem = useProblemAt(path, !saysProblemsInside)
  const text = useFieldText(field, path, value)
  const control =
    text.kind !== null && text.kind !== 'template' && text.isText ? (
      <ValueTextControl field={field} path={path} value={text.value} kind={text.kind} onChange={text.change} />
    ) : (
      <Control field={field} path={path} value={value} raw={text.isText} />
    )
  if (isBesideLabel && !text.isText) {
    return (
      <div data-field={fieldOfPath(path)} className="group/field relative flex items-start justify-between gap-3">
        <div className="min-w-0">
          <label htmlFor={id} className="text-sm font-medium text-ink-soft">
            {field.title}
          </label>
          {/* Over the end of a long title while it is seen: room of its own would be an empty line while it is not. */}
          <span className="absolute top-0 right-11 [&>button]:bg-surface">
            <EditAsText text={text} title={field.title} />
          </span>
          {field.description && (
            <p id={`${id}-help`} className="text-sm text-ink-faint">
              {field.description}
            </p>
          )}
        </div>
        {control}
      </div>
    )
  }
  const holdsFields = field.fields.length > 0
  return (
    <div data-field={fieldOfPath(path)} className={holdsFields ? 'group/rows' : 'group/field'}>
      <Field
        label={field.title}
        htmlFor={id}
        help={field.description}
        error={problem}
        required={field.required}
        action={<EditAsText text={text} title={field.title} of={holdsFields ? 'rows' : 'field'} />}
      >
        {control}
      </Field>
    </div>
  )
}

/** Paths are new arrays at every render, so they are compared by content. */
function isSameField(a: ControlProps, b: ControlProps): boolean {
  return a.field === b.field && Object.is(a.value, b.value) && fieldOfPath(a.path) === fieldOfPath(b.path)
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
