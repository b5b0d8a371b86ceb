import { Check, CloudOff, LoaderCircle } from 'lucide-react'
import { useDraft } from '../draft/session/draft-store.ts'
import { Tooltip } from '../ui/layers/tooltip.tsx'

/** Whether the draft is saved, in words; `data-save-state` says the same to tests. */
export function SaveStateMark() {
  const save = useDraft((state) => state.save)
  const state = save.kind === 'saving' || save.kind === 'saved' ? save.kind : 'error'
  return (
    <span
      role="status"
      data-save-state={state}
      className="inline-flex w-28 shrink-0 items-center gap-1.5 text-sm text-ink-faint"
    >
      {save.kind === 'error' ? (
        <Tooltip content={save.message}>
          <span className="inline-flex items-center gap-1.5 text-error">
            <CloudOff size={14} aria-hidden />
            Not saved: retrying
          </span>
        </Tooltip>
      ) : save.kind === 'conflict' ? (
        <span className="inline-flex items-center gap-1.5 text-error">
          <CloudOff size={14} aria-hidden />
          Not saved
        </span>
      ) : save.kind === 'saving' ? (
        <>
          <LoaderCircle size={13} aria-hidden className="animate-spin" />
          Saving…
        </>
      ) : (
        <>
          <Check size={14} aria-hidden />
          Saved
        </>
      )}
    </span>
  )
}
