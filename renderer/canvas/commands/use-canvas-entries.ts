import { Waypoints } from 'lucide-react'
import {
  type PaletteEntry,
  paletteEntries,
  STEPS_GROUP,
  THIS_ZAP_GROUP,
  usePaletteEntries,
} from '../../commands/palette-store.ts'
import { ZAP_COMMAND_LIST } from '../../draft/commands/commands.ts'
import type { OpenZap } from '../../draft/commands/open-zap.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { useZapNames } from '../../queries/zaps.ts'
import { stepSummary } from '../../steps/step-summary.ts'

/** What the command palette offers while a zap is open: its commands, and a way to each step, found by all that is in it. */
export function useCanvasEntries(openZap: () => OpenZap, reveal: (stepId: string) => void): void {
  const store = useDraftStore()
  const connectors = useConnectors()
  const zapNames = useZapNames()
  usePaletteEntries(() => {
    const { history, select } = store.getState()
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
          reveal(step.id)
        },
      }
    })
    const commands = paletteEntries(ZAP_COMMAND_LIST, openZap, THIS_ZAP_GROUP)
    return [...commands, ...steps]
  })
}
