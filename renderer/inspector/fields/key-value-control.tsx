import { Plus, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Json } from '../../../core/domain/values/json.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { Input } from '../../ui/controls/input.tsx'
import { textOfValue, valueOfText } from '../data/value-text.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from '../form/form-context.ts'
import { TemplateInput } from '../templates/template-input.tsx'
import { blankNames, objectOfRows, type KeyValueRow as Row, rowsOf } from './key-value-rows.ts'

/** A table of names and values. Its rows are its own while they are typed: a name may be empty or there twice meanwhile. */
export function KeyValueControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const setValue = useSetValue(field)
  const nextKey = useRef(0)
  const asRows = (from: Json | undefined): readonly Row[] => rowsOf(from, () => nextKey.current++)
  const [rows, setRows] = useState(() => asRows(value))
  const written = useRef(value)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asRows only counts keys up
  useEffect(() => {
    if (value === written.current) return
    written.current = value
    setRows(asRows(value))
  }, [value])

  const change = (next: readonly Row[]): void => {
    setRows(next)
    written.current = objectOfRows(next)
    setValue(path, written.current)
  }
  const replace = (row: Row, changed: Partial<Row>): void =>
    change(rows.map((one) => (one === row ? { ...one, ...changed } : one)))
  return (
    // biome-ignore lint/a11y/useSemanticElements: the field's own label names this group
    <div id={id} role="group" aria-labelledby={`${id}-label`} className="flex flex-col gap-2">
      {rows.map((row, index) => (
        <div key={row.key} className="flex items-start gap-1.5">
          <Input
            aria-label={`${field.title}: name ${index + 1}`}
            placeholder="Name"
            className="w-28! shrink-0"
            value={row.name}
            onChange={(event) => replace(row, { name: event.target.value })}
          />
          <ValueCell
            field={field}
            path={[...path, row.name.trim() === '' ? (blankNames(rows).get(row) ?? '') : row.name]}
            row={row}
            index={index}
            onChange={(next) => replace(row, { value: next })}
          />
          <IconButton
            icon={X}
            size="sm"
            className="mt-1"
            label={`Remove ${row.name || `row ${index + 1}`}`}
            onClick={() => change(rows.filter((one) => one !== row))}
          />
        </div>
      ))}
      <div>
        <Button
          size="sm"
          icon={Plus}
          onClick={() => setRows([...rows, { key: nextKey.current++, name: '', value: '' }])}
        >
          {rows.length === 0 ? 'Add a value' : 'Add another'}
        </Button>
      </div>
    </div>
  )
}

function ValueCell(props: {
  field: ControlProps['field']
  path: ControlProps['path']
  row: Row
  index: number
  onChange(value: Json): void
}) {
  const id = `${useControlId(props.path)}-${props.index}`
  const problem = useProblemAt(props.path, true)
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1">
      <TemplateInput
        id={id}
        label={`${props.field.title}: value of ${props.row.name || `row ${props.index + 1}`}`}
        placeholder="Value"
        value={textOfValue(props.row.value)}
        invalid={problem !== null}
        onChange={(text) => props.onChange(valueOfText(text, typeof props.row.value !== 'string') ?? '')}
      />
      {problem !== null && <p className="text-sm text-error">{problem}</p>}
    </div>
  )
}
