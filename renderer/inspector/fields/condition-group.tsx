import { FolderPlus, Plus, X } from 'lucide-react'
import { conditionOps } from '../../../core/domain/templates/condition.ts'
import type { Json, JsonObject } from '../../../core/domain/values/json.ts'
import { replaceInput, updateInput } from '../../draft/operations/draft-operations.ts'
import { fieldOfPath, type InputPath, valueAt } from '../../draft/operations/input-path.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { textOfValue } from '../data/value-text.ts'
import { useControlId, useProblemAt, useSetValue, useStepForm } from '../form/form-context.ts'
import { TemplateInput } from '../templates/template-input.tsx'
import { BLANK_CONDITION, conditionRows, isGroup, type Mode, withMode, withoutRow, withRow } from './condition-rows.ts'

/** Groups inside each other that can be made here; a file may hold more. */
const DEEPEST = 3

const OPTIONS = conditionOps.map(({ op, label }) => ({ value: op, label }))

/**
 * Conditions of which all or any must hold: rows, and groups of rows. The group is the value at `path`, or with an empty path the
 * step's whole input.
 */
export function ConditionGroup({
  group,
  path,
  depth = 0,
  onRemove,
}: {
  group: JsonObject
  path: InputPath
  /** How many groups stand around this one. */
  depth?: number
  onRemove?: () => void
}) {
  const { stepId } = useStepForm()
  const store = useDraftStore()
  const found = conditionRows(group, path)
  const { mode } = found
  // A filter without any row offers an empty one, which comes into being when it is first typed into.
  const rows = found.rows.length === 0 ? [BLANK_CONDITION] : found.rows
  const isInner = depth > 0
  const replace = (next: JsonObject): void =>
    store
      .getState()
      .change((zap) => (path.length > 0 ? updateInput(zap, stepId, path, next) : replaceInput(zap, stepId, next)))
  const add = (row: JsonObject): void =>
    replace(withRow(found.rows.length === 0 ? withRow(group, BLANK_CONDITION) : group, row))
  return (
    // biome-ignore lint/a11y/useSemanticElements: the field's own label, or the words of the outer group, name it
    <div
      role="group"
      aria-label={isInner ? 'Group of conditions' : 'Conditions'}
      className={classNames('flex flex-col gap-2', isInner && 'rounded-lg border border-line bg-sunken p-2.5')}
    >
      <div className="flex items-center gap-2">
        <ModeToggle mode={mode} onChange={(next) => replace(withMode(group, next))} />
        <span className="text-sm text-ink-faint">{mode === 'all' ? 'must be true' : 'is enough'}</span>
        {onRemove && <IconButton icon={X} size="sm" label="Remove this group" className="ml-auto" onClick={onRemove} />}
      </div>
      {rows.map((row, index) => {
        const at = [...found.path, index]
        const remove = found.rows.length === 0 ? undefined : () => replace(withoutRow(group, index))
        return isGroup(row) ? (
          <ConditionGroup
            key={fieldOfPath(at)}
            group={row}
            path={at}
            depth={depth + 1}
            {...(remove && { onRemove: remove })}
          />
        ) : (
          <Row
            key={fieldOfPath(at)}
            row={row}
            path={at}
            number={index + 1}
            onRemove={rows.length > 1 ? remove : undefined}
          />
        )
      })}
      <div className="flex gap-1.5">
        <Button size="sm" icon={Plus} onClick={() => add(BLANK_CONDITION)}>
          Add a condition
        </Button>
        {depth < DEEPEST && (
          <Button
            size="sm"
            variant="ghost"
            icon={FolderPlus}
            onClick={() => add({ [mode === 'all' ? 'any' : 'all']: [BLANK_CONDITION] })}
          >
            Add a group
          </Button>
        )}
      </div>
    </div>
  )
}

function ModeToggle({ mode, onChange }: { mode: Mode; onChange(mode: Mode): void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: two buttons, not a fieldset
    <div role="group" aria-label="How conditions combine" className="flex rounded border border-line-strong p-px">
      {(['all', 'any'] as const).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={mode === one}
          className={classNames(
            'h-6 rounded-sm px-2 text-sm font-medium',
            mode === one ? 'bg-accent-soft text-accent' : 'text-ink-soft hover:bg-hover',
          )}
          onClick={() => {
            if (mode !== one) onChange(one)
          }}
        >
          {one === 'all' ? 'All of these' : 'Any of these'}
        </button>
      ))}
    </div>
  )
}

function Row({
  row,
  path,
  number,
  onRemove,
}: {
  row: JsonObject
  path: InputPath
  number: number
  onRemove: (() => void) | undefined
}) {
  const setPart = useSetPart(path, row)
  const op = OPTIONS.find((option) => option.value === row.op)?.value ?? 'eq'
  const takesRight = conditionOps.find((one) => one.op === op)?.right !== false
  const problem = useProblemAt(path)
  return (
    <div
      data-field={fieldOfPath(path)}
      className="flex flex-col gap-1.5 rounded-lg border border-line bg-surface p-2.5"
    >
      <div className="flex items-start gap-1.5">
        <Operand
          name="Value"
          number={number}
          path={[...path, 'left']}
          value={row.left}
          onChange={(left) => setPart('left', left)}
        />
        {onRemove && (
          <IconButton icon={X} size="sm" className="mt-1" label={`Remove condition ${number}`} onClick={onRemove} />
        )}
      </div>
      <Select
        label={`Comparison of condition ${number}`}
        value={op}
        options={OPTIONS}
        onChange={(next) => setPart('op', next)}
      />
      {takesRight && (
        <Operand
          name="Compare with"
          number={number}
          path={[...path, 'right']}
          value={row.right}
          onChange={(right) => setPart('right', right)}
        />
      )}
      {problem !== null && <p className="text-sm text-error">{problem}</p>}
    </div>
  )
}

function Operand(props: {
  name: string
  number: number
  path: InputPath
  value: Json | undefined
  onChange(text: string): void
}) {
  const id = useControlId(props.path)
  const problem = useProblemAt(props.path)
  return (
    <div data-field={fieldOfPath(props.path)} className="flex min-w-0 flex-1 flex-col gap-1">
      <TemplateInput
        id={id}
        label={`${props.name} of condition ${props.number}`}
        placeholder={props.name}
        value={textOfValue(props.value)}
        invalid={problem !== null}
        describedBy={problem === null ? undefined : `${id}-error`}
        onChange={props.onChange}
      />
      {problem !== null && (
        <p id={`${id}-error`} className="text-sm text-error">
          {problem}
        </p>
      )}
    </div>
  )
}

/** Sets one part of a row, making the row first where the form only showed an empty one. */
function useSetPart(path: InputPath, row: JsonObject): (part: 'left' | 'op' | 'right', value: string) => void {
  const { stepId } = useStepForm()
  const store = useDraftStore()
  const setValue = useSetValue()
  return (part, value) => {
    const input = store.getState().history.present.steps.find((step) => step.id === stepId)?.input
    if (valueAt(input, path) === undefined) setValue(path, { ...row, [part]: value })
    else setValue([...path, part], value)
  }
}
