import { Copy, Pause, Trash2 } from 'lucide-react'
import { deleteSteps, toggleDisabled } from '../editor/draft-operations.ts'
import { useDraftStore } from '../editor/draft-store.ts'
import { duplicateSteps } from '../editor/insert-steps.ts'
import { Button } from '../ui/button.tsx'

/** What can be done with several steps at once. */
export function SelectionPanel({ ids }: { ids: readonly string[] }) {
  const { change, insert } = useDraftStore().getState()
  return (
    <section aria-label="Selected steps" className="flex flex-col gap-3 p-4">
      <h2 className="text-lg font-semibold">{ids.length} steps selected</h2>
      <p className="text-ink-soft">Drag them together, copy them, or:</p>
      <div className="flex flex-col items-start gap-2">
        <Button icon={Copy} onClick={() => insert((zap) => duplicateSteps(zap, ids))}>
          Duplicate
        </Button>
        <Button icon={Pause} onClick={() => change((zap) => toggleDisabled(zap, ids))}>
          Disable or enable
        </Button>
        <Button icon={Trash2} onClick={() => change((zap) => deleteSteps(zap, ids))}>
          Delete
        </Button>
      </div>
    </section>
  )
}
