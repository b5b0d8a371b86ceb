import { Maximize, Network, Redo2, Undo2, Waypoints } from 'lucide-react'
import { type PaletteEntry, STEPS_GROUP, THIS_ZAP_GROUP, usePaletteEntries } from '../../commands/palette-store.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { useZapNames } from '../../queries/zaps.ts'
import { stepSummary } from '../../steps/step-summary.ts'

/** What the command palette offers while a zap is open: what the canvas's buttons do, and a way to each step, found by all that is in it. */
export function useCanvasEntries(act: { tidy(): void; fit(): void; reveal(stepId: string): void }): void {
  const store = useDraftStore()
  const connectors = useConnectors()
  const zapNames = useZapNames()
  usePaletteEntries(() => {
    const { history, undo, redo, select } = store.getState()
    const steps = history.present.steps.map((step): PaletteEntry => {
      const manifest = connectors.get(step.uses)
      const summary = manifest ? stepSummary(step, manifest, zapNames) : null
      return {
        id: `step ${step.id}`,
        group: STEPS_GROUP,
        title: step.name ?? manifest?.title ?? step.uses,
        detail: summary ?? step.id,
        icon: Waypoints,
        words: `${step.id} ${manifest?.title ?? ''} ${JSON.stringify(step.input)}`,
        run: () => {
          select([step.id])
          act.reveal(step.id)
        },
      }
    })
    const commands: readonly PaletteEntry[] = [
      { id: 'tidy', group: THIS_ZAP_GROUP, title: 'Tidy up', icon: Network, action: 'tidy', run: act.tidy },
      { id: 'fit', group: THIS_ZAP_GROUP, title: 'Fit everything', icon: Maximize, action: 'fit', run: act.fit },
      { id: 'undo', group: THIS_ZAP_GROUP, title: 'Undo', icon: Undo2, action: 'undo', run: undo },
      { id: 'redo', group: THIS_ZAP_GROUP, title: 'Redo', icon: Redo2, action: 'redo', run: redo },
    ]
    return [...commands, ...steps]
  })
}
