import { useEffect, useState } from 'react'
import { isDynamicText } from '../../../core/domain/templates/template.ts'
import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import { replaceInput } from '../../draft/operations/draft-operations.ts'
import type { InputPath } from '../../draft/operations/input-path.ts'
import { useDraft, useDraftStore } from '../../draft/session/draft-store.ts'
import type { FormField } from '../../steps/form-fields.ts'
import { useSetValue, useStepForm } from '../form/form-context.ts'
import { isShowable, type TextKind, textKindOf } from './field-text.ts'

/** A field's switch between its control and its text. */
export type FieldTextSwitch = {
  /** Null where there is no switch. */
  readonly kind: TextKind | null
  readonly isText: boolean
  /** Whether there is anything that the other side shows differently. */
  readonly isUseful: boolean
  /** Whether the control can show what is written. */
  readonly canGoBack: boolean
  readonly value: Json | undefined
  toggle(): void
  change(value: Json | undefined): void
}

/** Whether a field is edited as text. One whose control cannot show its value begins so, and the person goes back. */
export function useFieldText(field: FormField, path: InputPath, own: Json | undefined): FieldTextSwitch {
  const { stepId, isTrigger } = useStepForm()
  const store = useDraftStore()
  const setValue = useSetValue(field)
  // The conditions of a filter are "all" and "any" of its input at once.
  const isWhole = field.control === 'conditions'
  const input = useDraft((state) =>
    isWhole ? state.history.present.steps.find((step) => step.id === stepId)?.input : undefined,
  )
  const { all, any, ...others } = input ?? {}
  const conditions = { ...(all !== undefined && { all }), ...(any !== undefined && { any }) }
  const value: Json | undefined = isWhole ? conditions : own
  const kind = textKindOf(field.control, isTrigger)
  const canGoBack = isWhole ? isShowable(field, all) && isShowable(field, any) : isShowable(field, own)
  const [isText, setText] = useState(!canGoBack)
  useEffect(() => {
    if (!canGoBack) setText(true)
  }, [canGoBack])
  return {
    kind,
    isText: kind !== null && (isText || !canGoBack),
    isUseful: kind !== 'template' || isText || (typeof own === 'string' && isDynamicText(own)),
    canGoBack,
    value,
    toggle: () => setText(!isText),
    change(next) {
      if (!isWhole) setValue(path, next)
      else if (next === undefined || isJsonObject(next)) {
        store.getState().change((zap) => replaceInput(zap, stepId, { ...others, ...next }), `${stepId} text`)
      }
    },
  }
}
