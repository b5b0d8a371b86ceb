import { useState } from 'react'
import { isDynamicText } from '../../../core/domain/templates/template.ts'
import { SEGMENT, SEGMENTS } from '../../ui/controls/segments.ts'
import { classNames } from '../../ui/look/class-names.ts'
import { TemplateControl } from '../fields/template-control.tsx'
import { type ControlProps, useControlId } from '../form/form-context.ts'
import { rowsBody } from './body-rows.ts'
import { BodyTable } from './body-table.tsx'

/**
 * JSON that a step sends or hands on, in its two views: rows of names and values, or its text. One is always the other, written differently; what
 * rows cannot say (a list, a single value, other text) is text alone.
 */
export function BodyControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const body = rowsBody(value)
  const [view, setView] = useState<'rows' | 'text'>(body === null || typeof value === 'string' ? 'text' : 'rows')
  const isRows = view === 'rows' && body !== null
  return (
    <>
      {/* At the end of the line of the label. */}
      <fieldset className={classNames(SEGMENTS, '-mt-7 w-fit self-end')}>
        <legend className="sr-only">{field.title} as</legend>
        {(['rows', 'text'] as const).map((one) => (
          <button
            key={one}
            type="button"
            data-edit-as
            aria-pressed={isRows === (one === 'rows')}
            data-state={isRows === (one === 'rows') ? 'on' : 'off'}
            disabled={one === 'rows' && body === null}
            title={one === 'rows' && body === null ? whyNoRows(value) : undefined}
            className={classNames(SEGMENT, 'h-5!')}
            onClick={() => setView(one)}
          >
            {one === 'rows' ? 'Rows' : 'Text'}
          </button>
        ))}
      </fieldset>
      {isRows ? (
        <BodyTable id={id} field={field} path={path} body={body} />
      ) : (
        <TemplateControl field={field} path={path} value={value} />
      )}
    </>
  )
}

function whyNoRows(value: ControlProps['value']): string {
  if (Array.isArray(value)) return 'Rows have names; this is a list.'
  if (typeof value !== 'string') return 'This is nested too deep for rows, or has too many of them.'
  if (/^\s*\{(?!\{)/.test(value)) return 'Rows cannot say all of this text.'
  return isDynamicText(value) ? 'This is one value, and no object with names.' : 'Rows have names; this is a text.'
}
