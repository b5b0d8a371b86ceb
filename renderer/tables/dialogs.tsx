import { type FormEvent, useId, useState } from 'react'
import type { TableSummary, TableView } from '../../core/contract/values.ts'
import { COLUMN_TYPES } from '../../core/domain/tables/table.ts'
import { comparesWith, conditionOps } from '../../core/domain/templates/condition.ts'
import { Button } from '../ui/controls/button.tsx'
import { Field } from '../ui/controls/field.tsx'
import { Input, Textarea } from '../ui/controls/input.tsx'
import { Select } from '../ui/controls/select.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { type Column, valueOfText } from './cell-values.ts'
import { columnsOf, importCsv, setColumns } from './table-actions.ts'

const TYPE_WORDS: Readonly<Record<Column['type'], string>> = {
  text: 'Text',
  number: 'Number',
  date: 'Date',
  boolean: 'Yes or no',
  choice: 'Choice',
  json: 'Anything (JSON)',
}

/** A dialog with a form in it: Enter in a field does what its main button does. */
function FormDialog({
  title,
  confirm,
  busy = false,
  disabled = false,
  onClose,
  onDone,
  children,
}: {
  title: string
  confirm: string
  busy?: boolean
  disabled?: boolean
  onClose: () => void
  onDone: () => void
  children: React.ReactNode
}) {
  const form = useId()
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      width={420}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} loading={busy} disabled={disabled}>
            {confirm}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-3"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!disabled && !busy) onDone()
        }}
      >
        {children}
      </form>
    </Dialog>
  )
}

/** The name of a table that is made, or of one that is renamed. */
export function NameDialog({
  table,
  onClose,
  onName,
}: {
  table: TableSummary | null
  onClose: () => void
  onName: (name: string) => Promise<boolean>
}) {
  const [name, setName] = useState(table?.name ?? '')
  const [busy, setBusy] = useState(false)
  const id = useId()
  return (
    <FormDialog
      title={table === null ? 'New table' : 'Rename the table'}
      confirm={table === null ? 'Make the table' : 'Rename'}
      busy={busy}
      disabled={name.trim() === ''}
      onClose={onClose}
      onDone={async () => {
        setBusy(true)
        if (await onName(name)) onClose()
        setBusy(false)
      }}
    >
      <Field
        htmlFor={id}
        label="Name"
        {...(table !== null && table.uses.length > 0 && { help: 'Zaps that use it by its old name go on finding it.' })}
      >
        <Input id={id} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
      </Field>
    </FormDialog>
  )
}

/** A column that is added behind another one, or changed. */
export function ColumnDialog({
  table,
  column,
  after,
  onClose,
}: {
  table: TableSummary
  column: Column | null
  after: Column | null
  onClose: () => void
}) {
  const [name, setName] = useState(column?.name ?? '')
  const [type, setType] = useState<Column['type']>(column?.type ?? 'text')
  const [choices, setChoices] = useState(column?.choices.join('\n') ?? '')
  const [busy, setBusy] = useState(false)
  const id = useId()
  const isTaken = table.columns.some((one) => one.id !== column?.id && one.name === name.trim())
  const save = async (): Promise<void> => {
    setBusy(true)
    const list = choices.split('\n').flatMap((choice) => (choice.trim() === '' ? [] : [choice.trim()]))
    const wanted = { name: name.trim(), type, choices: type === 'choice' ? list : [] }
    const now = columnsOf(table)
    const at = after === null ? now.length : table.columns.findIndex((one) => one.id === after.id) + 1
    const next =
      column === null
        ? now.toSpliced(at, 0, wanted)
        : now.map((one) => (one.id === column.id ? { ...one, ...wanted } : one))
    if (await setColumns(table, next)) onClose()
    setBusy(false)
  }
  return (
    <FormDialog
      title={column === null ? 'New column' : 'Edit the column'}
      confirm={column === null ? 'Add the column' : 'Save'}
      busy={busy}
      disabled={name.trim() === '' || isTaken}
      onClose={onClose}
      onDone={() => void save()}
    >
      <Field htmlFor={`${id}-name`} label="Name" error={isTaken ? 'Another column is called so.' : null}>
        <Input id={`${id}-name`} value={name} maxLength={1_000} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field htmlFor={`${id}-type`} label="What it holds">
        <Select
          id={`${id}-type`}
          value={type}
          onChange={setType}
          options={COLUMN_TYPES.map((value) => ({ value, label: TYPE_WORDS[value] }))}
        />
      </Field>
      {type === 'choice' && (
        <Field htmlFor={`${id}-choices`} label="Choices" help="One a line.">
          <Textarea
            id={`${id}-choices`}
            rows={5}
            value={choices}
            onChange={(event) => setChoices(event.target.value)}
          />
        </Field>
      )}
    </FormDialog>
  )
}

/** A condition that rows are shown by. */
export function FilterDialog({
  table,
  column,
  onClose,
  onFilter,
}: {
  table: TableSummary
  column: Column | null
  onClose: () => void
  onFilter: (filter: TableView['filters'][number]) => void
}) {
  const [chosen, setChosen] = useState(String((column ?? table.columns[0])?.id ?? ''))
  const [op, setOp] = useState<TableView['filters'][number]['op']>(column?.type === 'boolean' ? 'is-true' : 'eq')
  const [text, setText] = useState('')
  const id = useId()
  const found = table.columns.find((one) => String(one.id) === chosen)
  const hasRight = comparesWith(op)
  return (
    <FormDialog
      title="Show only some rows"
      confirm="Filter"
      disabled={found === undefined || (hasRight && text.trim() === '')}
      onClose={onClose}
      onDone={() => {
        if (found === undefined) return
        const read = op === 'in' || op === 'matches' || op === 'not-matches' ? null : valueOfText(found, text)
        const right = read?.ok === true ? read.value : text
        onFilter({ column: found.id, op, ...(hasRight && { right }) })
        onClose()
      }}
    >
      <Field htmlFor={`${id}-column`} label="Column">
        <Select
          id={`${id}-column`}
          value={chosen}
          onChange={setChosen}
          options={table.columns.map((one) => ({ value: String(one.id), label: one.name }))}
        />
      </Field>
      <Field htmlFor={`${id}-op`} label="Is">
        <Select
          id={`${id}-op`}
          value={op}
          onChange={setOp}
          options={conditionOps.map((one) => ({ value: one.op, label: one.label }))}
        />
      </Field>
      {hasRight && (
        <Field htmlFor={`${id}-value`} label="Value">
          <Input id={`${id}-value`} value={text} onChange={(event) => setText(event.target.value)} />
        </Field>
      )}
    </FormDialog>
  )
}

/** Where the rows of a CSV file go. */
export function ImportDialog({
  file,
  tables,
  into,
  onClose,
  onDone,
}: {
  file: File
  tables: readonly TableSummary[]
  into: TableSummary | null
  onClose: () => void
  onDone: (id: number) => void
}) {
  const [name, setName] = useState(into?.name ?? file.name.replace(/\.[^.]{1,5}$/, ''))
  const [share, setShare] = useState<number | null>(null)
  const id = useId()
  const known = tables.find((one) => one.name.toLowerCase() === name.trim().toLowerCase())
  return (
    <FormDialog
      title={`Import “${file.name}”`}
      confirm={known === undefined ? 'Make the table' : 'Add the rows'}
      busy={share !== null}
      disabled={name.trim() === ''}
      onClose={onClose}
      onDone={async () => {
        setShare(0)
        const made = await importCsv(file, name, setShare)
        if (made !== null) {
          onDone(made)
          onClose()
        }
        setShare(null)
      }}
    >
      <Field
        htmlFor={id}
        label="Table"
        help={
          share !== null
            ? share < 1
              ? `Reading the file… ${Math.round(share * 100)} %`
              : 'Adding the rows…'
            : known === undefined
              ? 'There is no such table yet: it is made, with the columns of the file.'
              : `Its rows are added to the ${known.rows.toLocaleString()} that are there.${known.uses.some((use) => use.starts && use.enabled) ? ' Each starts the zaps that watch this table.' : ''}`
        }
      >
        <Input id={id} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
