import { CircleDot, FastForward, Play, StepForward } from 'lucide-react'
import { useShortcut } from '../commands/bindings.ts'
import { THIS_ZAP_GROUP, usePaletteEntries } from '../commands/palette-store.ts'
import { ZAP_COMMANDS } from '../draft/commands/commands.ts'
import { useDraft } from '../draft/session/draft-store.ts'
import { useLiveRuns } from '../draft/session/live-runs.ts'
import { clearBreakpoints, useBreakpoints } from '../stores/breakpoints.ts'
import { SplitButton } from '../ui/controls/split-button.tsx'
import type { MenuItem } from '../ui/layers/menu-items.tsx'

const STEP_THROUGH = ZAP_COMMANDS['step-through']

/** Runs the draft: to its end, step by step, or to the first breakpoint. */
export function RunButton() {
  const run = useLiveRuns()
  const zapId = useDraft((state) => state.host.id)
  const pinned = useDraft((state) => state.host.pinned.length)
  const hasSteps = useDraft((state) => state.history.present.steps.length > 0)
  const breakpoints = useBreakpoints(zapId)
  const marked = useDraft((state) => state.history.present.steps.filter((step) => breakpoints.includes(step.id)).length)
  const stepThrough = useShortcut(STEP_THROUGH)
  usePaletteEntries(() => {
    const group = THIS_ZAP_GROUP
    if (!hasSteps) return []
    return [
      { id: 'run-now', group, title: 'Run now', icon: Play, run: () => void run.start() },
      {
        id: 'run-to-breakpoint',
        group,
        title: 'Run to breakpoint',
        icon: FastForward,
        words: 'debug test pause',
        run: () => void run.start('breakpoints'),
      },
    ]
  })
  const items: readonly MenuItem[] = [
    {
      label: STEP_THROUGH.title,
      icon: StepForward,
      shortcut: stepThrough,
      onSelect: () => void run.start('every-step'),
    },
    {
      label: marked === 0 ? 'Run to breakpoint (none is set)' : 'Run to breakpoint',
      icon: FastForward,
      disabled: marked === 0,
      onSelect: () => void run.start('breakpoints'),
    },
    'separator',
    {
      label: marked < 2 ? 'Remove the breakpoint' : `Remove all ${marked} breakpoints`,
      icon: CircleDot,
      disabled: marked === 0,
      onSelect: () => clearBreakpoints(zapId),
    },
  ]
  const pins = pinned === 0 ? '' : ` and, for ${pinned === 1 ? 'one step' : `${pinned} steps`}, what is pinned`
  return (
    <SplitButton
      icon={Play}
      loading={run.isRunning}
      disabled={!hasSteps}
      onClick={() => void run.start()}
      hint={`Runs the draft as it stands, with the trigger's last event or its example${pins}`}
      items={items}
      more="Other ways to run"
    >
      Run now
    </SplitButton>
  )
}
