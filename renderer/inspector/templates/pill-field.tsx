import { useMemo } from 'react'
import { CodeField, type CodeFieldProps } from '../../ui/code/code-field.tsx'
import { type PillLook, templatePills } from './template-pills.tsx'

/** A text field in which `{{ … }}` is shown as pills. */
export default function PillField({ look, ...rest }: Omit<CodeFieldProps, 'extension'> & { look: PillLook }) {
  const extension = useMemo(() => templatePills(look), [look])
  return <CodeField {...rest} extension={extension} />
}
