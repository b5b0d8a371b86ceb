import { CircleAlert } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { type ReactNode, useId, useState } from 'react'
import type { JsonObject } from '../../../core/domain/values/json.ts'
import { updateInput } from '../../draft/operations/draft-operations.ts'
import { fieldOfPath, type InputPath } from '../../draft/operations/input-path.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import type { FormField } from '../../steps/form-fields.ts'
import { SEGMENT, SEGMENTS } from '../../ui/controls/segments.ts'
import { classNames } from '../../ui/look/class-names.ts'
import { useProblemAt, useStepForm } from './form-context.ts'

/**
 * Fields of which only one can hold: a choice between them, and the one that was chosen. Choosing another empties the one before, which
 * one undo brings back. Where several hold all the same, as in a file that was written by hand, all of those are shown.
 */
export function ChoiceOfFields({
  title,
  members,
  values,
  path,
  children,
}: {
  title: string
  members: readonly [FormField, ...FormField[]]
  /** What stands beside each other at `path`. */
  values: JsonObject
  path: InputPath
  /** Draws a field. */
  children: (field: FormField) => ReactNode
}) {
  const id = useId()
  const { stepId } = useStepForm()
  const store = useDraftStore()
  const labelOf = ({ choice }: FormField): string => choice?.label ?? ''
  const labels = [...new Set(members.map(labelOf))]
  const filled = members.filter(({ name }) => values[name] !== undefined)
  const [chosen, setChosen] = useState(labelOf(members[0]))
  // One that is emptied stays to be filled in again.
  const label = filled[0] === undefined ? chosen : labelOf(filled[0])
  if (label !== chosen) setChosen(label)
  const isShown = (one: string): boolean => one === label || filled.some((member) => labelOf(member) === one)
  const shown = members.filter((member) => isShown(labelOf(member)))
  const hidden = members.filter((member) => !shown.includes(member))

  const choose = (next: string): void => {
    setChosen(next)
    const others = filled.filter((member) => labelOf(member) !== next)
    if (others.length === 0) return
    store
      .getState()
      .change(
        (zap) => others.reduce((left, other) => updateInput(left, stepId, [...path, other.name], undefined), zap),
        `${stepId} ${title} ${next}`,
      )
  }
  return (
    // What is wrong with a field that is not shown leads here.
    <div data-field={hidden[0] && fieldOfPath([...path, hidden[0].name])} className="flex flex-col gap-3">
      <div className="flex flex-col gap-1">
        <span id={id} className="text-sm font-medium text-ink-soft">
          {title}
        </span>
        <RadioGroup.Root
          aria-labelledby={id}
          orientation="horizontal"
          value={label}
          onValueChange={choose}
          className={classNames(SEGMENTS, 'grid auto-cols-fr grid-flow-col')}
        >
          {labels.map((one) => (
            <RadioGroup.Item key={one} value={one} className={SEGMENT}>
              {one}
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>
        {hidden.map((member) => (
          <HiddenProblem key={member.name} path={[...path, member.name]} />
        ))}
      </div>
      {shown.map(children)}
    </div>
  )
}

/** What is wrong with a field that is not shown. */
function HiddenProblem({ path }: { path: InputPath }) {
  const problem = useProblemAt(path, true)
  if (problem === null) return null
  return (
    <p className="flex items-start gap-1 text-sm text-error">
      <CircleAlert size={13} aria-hidden className="mt-[3px] shrink-0" />
      <span className="min-w-0 break-words">{problem}</span>
    </p>
  )
}
