import { ExternalLink, RefreshCwOff, Table2 } from 'lucide-react'
import { Link } from 'wouter'
import { tableKey } from '../../../core/domain/tables/table.ts'
import { isDynamicText } from '../../../core/domain/templates/template.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { tableNamed, useTables } from '../../queries/tables.ts'
import { describedBy } from '../../ui/controls/field.tsx'
import { Input } from '../../ui/controls/input.tsx'
import { textOfValue, valueOfText } from '../data/value-text.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue, useStepForm } from '../form/form-context.ts'

/** A table by its name: one of those that there are, or one that the step makes. */
export function TableControl(props: ControlProps) {
  const { value } = props
  const { data: tables } = useTables()
  const name = typeof value === 'string' ? value : ''
  const found = tableNamed(tables, name)
  return (
    <>
      <Suggested {...props} suggestions={tables?.map((table) => table.name) ?? []} />
      {found !== undefined && (
        <Link
          href={`/tables/${found.id}`}
          className="inline-flex items-center gap-1 self-start text-sm text-accent hover:underline"
        >
          <ExternalLink size={12} aria-hidden /> Open “{found.name}” ({found.rows.toLocaleString()} rows)
        </Link>
      )}
      <OwnChanges table={name} />
      {tables !== null && found === undefined && name.trim() !== '' && !isDynamicText(name) && <NotThere />}
    </>
  )
}

/** What happens when a zap changes the table that starts it. */
function OwnChanges({ table }: { table: string }) {
  const { stepId } = useStepForm()
  const isOwn = useDraft(({ history: { present } }) => {
    const uses = present.steps.find((step) => step.id === stepId)?.uses ?? ''
    const starts = present.steps.filter((step) => step.uses === 'table.changed')
    const isStart = starts.some(
      ({ input }) => typeof input.table === 'string' && tableKey(input.table) === tableKey(table),
    )
    return isStart && ['table.add', 'table.upsert', 'table.update', 'table.delete'].includes(uses)
  })
  if (!isOwn) return null
  return (
    <p className="flex items-start gap-1 text-sm text-ink-soft">
      <RefreshCwOff size={13} aria-hidden className="mt-[3px] shrink-0" />
      This table starts the zap. What this step changes does not start it again.
    </p>
  )
}

function NotThere() {
  const { stepId } = useStepForm()
  const uses = useDraft((state) => state.history.present.steps.find((step) => step.id === stepId)?.uses)
  const makes = uses === 'table.add' || uses === 'table.upsert'
  return (
    <p className="flex items-start gap-1 text-sm text-ink-soft">
      <Table2 size={13} aria-hidden className="mt-[3px] shrink-0" />
      {makes
        ? 'There is no such table yet: it is made when the first row comes.'
        : 'There is no such table yet: make it under Tables, or let another step add rows to it.'}
    </p>
  )
}

/** A column of the table that the step's field `table` names. */
export function TableColumnControl(props: ControlProps) {
  const { stepId } = useStepForm()
  const { data: tables } = useTables()
  const name = useDraft((state) => {
    const table = state.history.present.steps.find((step) => step.id === stepId)?.input.table
    return typeof table === 'string' ? table : ''
  })
  const columns = tableNamed(tables, name)?.columns ?? []
  return <Suggested {...props} suggestions={columns.map((column) => column.name)} />
}

function Suggested({ field, path, value, suggestions }: ControlProps & { suggestions: readonly string[] }) {
  const id = useControlId(path)
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  return (
    <>
      <Input
        id={id}
        value={textOfValue(value)}
        placeholder={field.placeholder ?? ''}
        list={suggestions.length > 0 ? `${id}-names` : undefined}
        aria-invalid={problem !== null || undefined}
        aria-describedby={describedBy(id, { help: field.description, error: problem })}
        onChange={(event) => setValue(path, valueOfText(event.target.value, false))}
      />
      {suggestions.length > 0 && (
        <datalist id={`${id}-names`}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </>
  )
}
