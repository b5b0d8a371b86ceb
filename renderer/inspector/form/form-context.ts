import { createContext, use, useCallback, useRef } from 'react'
import type { Json } from '../../../core/domain/values/json.ts'
import type { Problem } from '../../../core/domain/zap/problem.ts'
import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { updateInput } from '../../draft/operations/draft-operations.ts'
import { fieldOfPath, type InputPath, valueAt } from '../../draft/operations/input-path.ts'
import { useDraft, useDraftStore } from '../../draft/session/draft-store.ts'
import type { FormField } from '../../steps/form-fields.ts'
import { isBlankCondition } from '../fields/condition-rows.ts'

/** What the control of a field is given. */
export type ControlProps = {
  readonly field: FormField
  readonly path: InputPath
  readonly value: Json | undefined
  /** Whether templates are shown as they are written, in place of pills. */
  readonly raw?: boolean
}

/** The step whose form stands around a control, and what is wrong with it. */
export type StepForm = {
  readonly stepId: string
  readonly isTrigger: boolean
  readonly problems: readonly Problem[]
}

export const StepFormContext = createContext<StepForm>({ stepId: '', isTrigger: false, problems: [] })

export function useStepForm(): StepForm {
  return use(StepFormContext)
}

/**
 * Sets a value of the step's input. Quick changes to one path are one step of undo. Fields that cannot hold beside a `field`
 * that is filled in are emptied with it.
 */
export function useSetValue(field?: FormField): (path: InputPath, value: Json | undefined) => void {
  const { stepId } = useStepForm()
  const store = useDraftStore()
  return useCallback(
    (path, value) => {
      const cleared = value === undefined ? [] : (field?.clears ?? []).map((name) => [...path.slice(0, -1), name])
      store
        .getState()
        .change(
          (zap) =>
            cleared.reduce(
              (next, other) => updateInput(next, stepId, other, undefined),
              updateInput(zap, stepId, path, value),
            ),
          `${stepId} ${fieldOfPath(path)}`,
        )
    },
    [store, stepId, field],
  )
}

/**
 * What is wrong with the value at a path; with `inside`, also with anything in it. A field that was not filled in yet is
 * not complained about before the person asked what is missing (the card says "Set up" meanwhile), and a complaint neither
 * appears nor vanishes between a key press and the save that judges it.
 */
export function useProblemAt(path: InputPath, inside = false): string | null {
  const { stepId, problems } = useStepForm()
  const isSaved = useDraft((state) => state.save.kind === 'saved')
  const shown = useRef<string | null>(null)
  const field = fieldOfPath(path)
  const found =
    problems.find((problem) => problem.field === field || (inside && problem.field?.startsWith(`${field}.`)))
      ?.message ?? null
  const isBlank = useDraft((state) => found !== null && !state.strict && isBlankAt(state.history.present, stepId, path))
  if (found === null || isSaved) shown.current = isBlank ? null : found
  return shown.current
}

/** The folder that would have to be allowed for the path at a path of the input; null when there is none. */
export function useFolderToAllow(path: InputPath): string | null {
  const { problems } = useStepForm()
  const field = fieldOfPath(path)
  return problems.find((problem) => problem.field === field && problem.allowFolder !== undefined)?.allowFolder ?? null
}

function isBlankAt(zap: ZapFile, stepId: string, path: InputPath): boolean {
  const value = valueAt(zap.steps.find((step) => step.id === stepId)?.input, path)
  return value === undefined || value === '' || (Array.isArray(value) && value.every(isBlankCondition))
}

/** A stable id for the control at a path. */
export function useControlId(path: InputPath): string {
  const { stepId } = useStepForm()
  return `${stepId}-${path.join('-')}`.replace(/[^\w-]/g, '_')
}
