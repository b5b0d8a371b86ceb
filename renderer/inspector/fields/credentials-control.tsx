import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { Json } from '../../../core/domain/values/json.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { type ControlProps, useControlId, useSetValue } from '../form/form-context.ts'
import { CredentialControl } from './credential-control.tsx'

/** Several stored secrets by their names. The last row may still be without one; the draft holds only what was chosen. */
export function CredentialsControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const setValue = useSetValue(field)
  const chosen: readonly Json[] = Array.isArray(value) ? value : []
  const [isAdding, setAdding] = useState(false)
  const rows = chosen.length === 0 || isAdding ? chosen.length + 1 : chosen.length
  return (
    // biome-ignore lint/a11y/useSemanticElements: the field's own label names this group
    <div id={id} role="group" aria-labelledby={`${id}-label`} className="flex flex-col gap-2">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same credential may be there twice, so a row has only its place
        <div key={index} className="flex items-center gap-1.5">
          <CredentialControl
            field={{ ...field, title: `${field.title} ${index + 1}`, required: true }}
            path={[...path, index]}
            value={chosen[index]}
            onChosen={() => setAdding(false)}
          />
          {rows > 1 && (
            <IconButton
              icon={X}
              size="sm"
              label={`Remove ${field.title.toLowerCase()} ${index + 1}`}
              onClick={() => {
                if (index >= chosen.length) setAdding(false)
                else setValue(path, chosen.toSpliced(index, 1))
              }}
            />
          )}
        </div>
      ))}
      {chosen.length > 0 && !isAdding && (
        <div>
          <Button size="sm" icon={Plus} onClick={() => setAdding(true)}>
            Add another
          </Button>
        </div>
      )}
    </div>
  )
}
