import { useMemo } from 'react'
import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import { describedBy } from '../../ui/controls/field.tsx'
import { Input } from '../../ui/controls/input.tsx'
import { OwnDataContext, useDataSources } from '../data/samples.tsx'
import { textOfValue, valueOfText } from '../data/value-text.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue, useStepForm } from '../form/form-context.ts'

/** Suggestions at most: more than a list beside a field shows. */
const MOST = 40

/** The name or path of a field of each item of the step's list; those that the first one of its example has are suggested. */
export function ItemFieldControl(props: ControlProps) {
  return (
    <OwnDataContext value="item">
      <Suggesting {...props} />
    </OwnDataContext>
  )
}

function Suggesting({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const { stepId } = useStepForm()
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  const item = useDataSources(stepId).find((source) => source.id === 'item')?.sample?.value
  const paths = useMemo(() => fieldPaths(item), [item])
  return (
    <>
      <Input
        id={id}
        value={textOfValue(value)}
        placeholder={field.placeholder ?? ''}
        list={paths.length > 0 ? `${id}-paths` : undefined}
        aria-invalid={problem !== null || undefined}
        aria-describedby={describedBy(id, { help: field.description, error: problem })}
        onChange={(event) => setValue(path, valueOfText(event.target.value, false))}
      />
      {paths.length > 0 && (
        <datalist id={`${id}-paths`}>
          {paths.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </>
  )
}

/** The fields of an item, each followed by those inside of it. */
export function fieldPaths(item: Json | undefined): readonly string[] {
  if (!isJsonObject(item)) return []
  const paths = Object.entries(item).flatMap(([name, value]) => {
    const inner = isJsonObject(value) ? Object.keys(value).map((key) => `${name}.${key}`) : []
    return [name, ...inner]
  })
  return paths.slice(0, MOST)
}
