import type { Json } from '../../../core/domain/values/json.ts'
import { classNames } from '../../ui/look/class-names.ts'
import { type ControlProps, useControlId, useSetValue } from '../form/form-context.ts'

/** Any of a few values, each switched on or off. */
export function ChoicesControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const setValue = useSetValue(field)
  const chosen: readonly Json[] = Array.isArray(value) ? value : Array.isArray(field.fallback) ? field.fallback : []
  return (
    // biome-ignore lint/a11y/useSemanticElements: the field's own label names this group
    <div id={id} role="group" aria-labelledby={`${id}-label`} className="flex flex-wrap gap-1">
      {field.options.map((option) => {
        const isOn = chosen.some((one) => one === option.value)
        return (
          <button
            key={option.label}
            type="button"
            aria-pressed={isOn}
            className={classNames(
              'h-7 rounded border px-2 text-sm font-medium',
              isOn
                ? 'border-accent-line bg-accent-soft text-accent'
                : 'border-line-strong text-ink-soft hover:bg-hover',
            )}
            onClick={() => {
              const next = field.options
                .map((one) => one.value)
                .filter((one) => one !== undefined)
                .filter((one) => (one === option.value ? !isOn : chosen.includes(one)))
              setValue(path, next.length === 0 ? undefined : next)
            }}
          >
            {option.label}
          </button>
        )
      })}
    </div>
  )
}
