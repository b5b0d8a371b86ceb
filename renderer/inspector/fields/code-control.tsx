import { lazy, Suspense } from 'react'
import { describedBy } from '../../ui/controls/field.tsx'
import { CONTROL } from '../../ui/controls/input.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { textOfValue } from '../data/value-text.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from '../form/form-context.ts'

const CodeField = lazy(() => import('../../ui/code/code-field.tsx').then((module) => ({ default: module.CodeField })))

/** Code, in which braces are no templates. */
export function CodeControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  return (
    <Suspense fallback={<div className={classNames(CONTROL, 'h-24')} />}>
      <CodeField
        id={id}
        label={field.title}
        multiline
        rows={8}
        value={textOfValue(value)}
        placeholder={field.placeholder}
        attributes={{
          'aria-invalid': problem === null ? undefined : 'true',
          'aria-describedby': describedBy(id, { help: field.description, error: problem }),
        }}
        onChange={(text) => setValue(path, text === '' ? undefined : text)}
      />
    </Suspense>
  )
}
