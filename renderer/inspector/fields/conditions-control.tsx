import { isJsonObject } from '../../../core/domain/values/json.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { type ControlProps, useStepForm } from '../form/form-context.ts'
import { ConditionGroup } from './condition-group.tsx'

/** The conditions of a filter, whose input as a whole is the group. */
export function ConditionsControl() {
  const { stepId } = useStepForm()
  const input = useDraft((state) => state.history.present.steps.find((step) => step.id === stepId)?.input)
  return <ConditionGroup group={input ?? {}} path={[]} />
}

/** Conditions that are the value of one field. */
export function ConditionGroupControl({ path, value }: Pick<ControlProps, 'path' | 'value'>) {
  return <ConditionGroup group={isJsonObject(value) ? value : {}} path={path} />
}
