import { createContext, use, useCallback } from 'react'
import type { Json } from '../../core/domain/json.ts'
import type { Problem } from '../../core/domain/problem.ts'
import { updateInput } from '../editor/draft-operations.ts'
import { useDraftStore } from '../editor/draft-store.ts'
import { fieldOfPath, type InputPath } from '../editor/input-path.ts'

/** The step whose form stands around a control, and what is wrong with it. */
export type StepForm = { readonly stepId: string; readonly problems: readonly Problem[] }

export const StepFormContext = createContext<StepForm>({ stepId: '', problems: [] })

export function useStepForm(): StepForm {
  return use(StepFormContext)
}

/** Sets a value of the step's input. Quick changes to one path are one step of undo. */
export function useSetValue(): (path: InputPath, value: Json | undefined) => void {
  const { stepId } = useStepForm()
  const store = useDraftStore()
  return useCallback(
    (path, value) =>
      store.getState().change((zap) => updateInput(zap, stepId, path, value), `${stepId} ${fieldOfPath(path)}`),
    [store, stepId],
  )
}

/** What is wrong with the value at a path; with `inside`, also with anything in it. */
export function useProblemAt(path: InputPath, inside = false): string | null {
  const { problems } = useStepForm()
  const field = fieldOfPath(path)
  const found = problems.find(
    (problem) => problem.field === field || (inside && problem.field?.startsWith(`${field}.`)),
  )
  return found?.message ?? null
}

/** A stable id for the control at a path. */
export function useControlId(path: InputPath): string {
  const { stepId } = useStepForm()
  return `${stepId}-${path.join('-')}`.replace(/[^\w-]/g, '_')
}
