import { CircleDot, Copy, MoreHorizontal, Pause, Play, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import type { Step } from '../../core/domain/zap/zap-file.ts'
import { useShortcut } from '../commands/bindings.ts'
import { ZAP_COMMANDS } from '../draft/commands/commands.ts'
import { deleteSteps, renameStep, toggleDisabled } from '../draft/operations/draft-operations.ts'
import { duplicateSteps } from '../draft/operations/insert-steps.ts'
import { useDraft, useDraftStore } from '../draft/session/draft-store.ts'
import { useLiveRuns } from '../draft/session/live-runs.ts'
import { useConnectors } from '../queries/connectors.ts'
import { toggleBreakpoints, useBreakpoints } from '../stores/breakpoints.ts'
import { IconButton } from '../ui/controls/button.tsx'
import { NameInput } from '../ui/controls/name-input.tsx'
import { Tabs } from '../ui/controls/tabs.tsx'
import { Menu } from '../ui/layers/menu.tsx'
import { ConnectorIcon } from '../ui/look/connector-icon.tsx'
import { SetupForm } from './form/setup-form.tsx'
import { useFieldFocus } from './form/use-field-focus.ts'
import { StepRuns } from './test/step-runs.tsx'
import { StepTest } from './test/step-test.tsx'

type View = 'setup' | 'test' | 'runs'

/** Everything about one step: its name, its form, what it returns, and what it did lately. Escape leads back to its card. */
export function StepPanel({ stepId, onLeave }: { stepId: string; onLeave(stepId: string): void }) {
  const step = useDraft((state) => state.history.present.steps.find((one) => one.id === stepId))
  const connectors = useConnectors()
  const standsHere = useLiveRuns().paused?.step === stepId
  const [view, setView] = useState<View>(standsHere ? 'test' : 'setup')
  // A person who steps through a test wants to see what the next step would get.
  useEffect(() => {
    if (standsHere) setView('test')
  }, [standsHere])
  const panel = useFieldFocus(stepId, () => setView('setup'))
  if (!step) return null
  const manifest = connectors.get(step.uses)
  return (
    <section
      ref={panel}
      aria-label="Selected step"
      className="flex min-h-0 flex-1 flex-col"
      onKeyDown={(event) => {
        // What is open over the form (a picker, a menu) has the first claim to the key.
        const isInside = event.target instanceof Node && event.currentTarget.contains(event.target)
        if (event.key === 'Escape' && !event.defaultPrevented && isInside) onLeave(stepId)
      }}
    >
      <StepHeader step={step} manifest={manifest} />
      <Tabs<View>
        label="Views of the step"
        value={view}
        onChange={setView}
        tabs={[
          { value: 'setup', label: 'Setup', content: <SetupForm step={step} manifest={manifest} /> },
          { value: 'test', label: 'Test', content: <StepTest step={step} manifest={manifest} /> },
          { value: 'runs', label: 'Runs', content: <StepRuns stepId={step.id} /> },
        ]}
      />
    </section>
  )
}

function StepHeader({ step, manifest }: { step: Step; manifest: ConnectorManifest | undefined }) {
  const store = useDraftStore()
  const { change, insert } = store.getState()
  const shortcuts = {
    duplicate: useShortcut(ZAP_COMMANDS.duplicate),
    toggle: useShortcut(ZAP_COMMANDS['toggle-disabled']),
    breakpoint: useShortcut(ZAP_COMMANDS['toggle-breakpoint']),
    delete: useShortcut(ZAP_COMMANDS.delete),
  }
  const zapId = useDraft((state) => state.host.id)
  const hasBreakpoint = useBreakpoints(zapId).includes(step.id)
  const isDisabled = step.settings?.disabled === true
  const isTrigger = manifest?.kind === 'trigger'
  return (
    <header className="flex shrink-0 items-start gap-3 px-4 pt-4 pb-2">
      <ConnectorIcon
        icon={manifest?.icon}
        category={manifest?.category}
        size={36}
        {...(isTrigger && { className: 'rounded-full!' })}
      />
      <div className="min-w-0 flex-1">
        <div data-field="name" className="-mt-0.5 -ml-1.5 flex">
          <NameInput
            value={step.name ?? ''}
            placeholder={manifest?.title ?? step.uses}
            label="Name of the step"
            className="h-7 w-full text-lg font-semibold placeholder:text-ink"
            onChange={(name) => change((zap) => renameStep(zap, step.id, name))}
            clearable
          />
        </div>
        <p className="text-sm text-ink-faint">
          {manifest?.title ?? 'Unknown connector'} <span aria-hidden>·</span>{' '}
          <code className="rounded-sm bg-sunken px-1 font-mono text-xs" title="How templates refer to this step">
            {step.id}
          </code>
        </p>
      </div>
      <Menu
        trigger={<IconButton icon={MoreHorizontal} label="More about this step" size="sm" />}
        items={[
          {
            label: 'Duplicate',
            icon: Copy,
            shortcut: shortcuts.duplicate,
            onSelect: () => void insert((zap) => duplicateSteps(zap, [step.id])),
          },
          {
            label: isDisabled ? 'Enable' : 'Disable',
            icon: isDisabled ? Play : Pause,
            shortcut: shortcuts.toggle,
            onSelect: () => change((zap) => toggleDisabled(zap, [step.id])),
          },
          ...(isTrigger
            ? []
            : [
                {
                  label: hasBreakpoint ? 'Remove the breakpoint' : 'Set a breakpoint',
                  icon: CircleDot,
                  shortcut: shortcuts.breakpoint,
                  onSelect: () => toggleBreakpoints(zapId, [step.id]),
                },
              ]),
          'separator',
          {
            label: 'Delete',
            icon: Trash2,
            shortcut: shortcuts.delete,
            tone: 'danger',
            onSelect: () => change((zap) => deleteSteps(zap, [step.id])),
          },
        ]}
      />
    </header>
  )
}
