import { CircleSlash2, CopyPlus, Play, Trash2 } from 'lucide-react'
import { deleteAnnotations } from '../draft/operations/annotations.ts'
import { areDisabled, deleteSteps, toggleDisabled } from '../draft/operations/draft-operations.ts'
import { duplicateSteps } from '../draft/operations/insert-steps.ts'
import { useDraft, useDraftStore } from '../draft/session/draft-store.ts'
import { Button } from '../ui/controls/button.tsx'

/** What can be done with several steps at once, and with the notes and frames that were chosen with them. */
export function SelectionPanel({ ids }: { ids: readonly string[] }) {
  const { change, insert } = useDraftStore().getState()
  const marked = useDraft((state) => state.marked)
  const isOff = useDraft((state) => areDisabled(state.history.present.steps.filter(({ id }) => ids.includes(id))))
  return (
    <section aria-label="Selected steps" className="flex flex-col gap-3 p-4">
      <h2 className="text-lg font-semibold">{ids.length} steps selected</h2>
      <p className="text-ink-soft">Drag them together, copy them, or:</p>
      <div className="flex flex-col items-start gap-2">
        <Button icon={CopyPlus} onClick={() => insert((zap) => duplicateSteps(zap, ids, marked))}>
          Duplicate
        </Button>
        <Button icon={isOff ? Play : CircleSlash2} onClick={() => change((zap) => toggleDisabled(zap, ids))}>
          {isOff ? 'Enable' : 'Disable'}
        </Button>
        <Button icon={Trash2} onClick={() => change((zap) => deleteAnnotations(deleteSteps(zap, ids), marked))}>
          Delete
        </Button>
      </div>
    </section>
  )
}
