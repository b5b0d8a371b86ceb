import type { Json } from '../../../core/domain/values/json.ts'
import { describedBy } from '../../ui/controls/field.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { Switch } from '../../ui/controls/switch.tsx'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from '../form/form-context.ts'

/** One of a few values. */
export function SelectControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  const chosen = value ?? field.fallback
  return (
    <Select
      id={id}
      value={chosen === undefined && !field.optional ? undefined : keyOf(chosen)}
      invalid={problem !== null}
      describedBy={describedBy(id, { help: field.description, error: problem })}
      options={field.options.map((option) => ({ value: keyOf(option.value), label: option.label }))}
      onChange={(next) => setValue(path, field.options.find((option) => keyOf(option.value) === next)?.value)}
    />
  )
}

/** On or off. */
export function SwitchControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const setValue = useSetValue(field)
  return (
    <Switch
      id={id}
      checked={(value ?? field.fallback) === true}
      describedBy={describedBy(id, { help: field.description })}
      onChange={(checked) => setValue(path, checked)}
    />
  )
}

/** A value as the key of an option; no value is the empty one. */
function keyOf(value: Json | undefined): string {
  return value === undefined ? '' : JSON.stringify(value)
}
