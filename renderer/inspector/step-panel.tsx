import { Blocks, CircleDot, Copy, Maximize2, MoreHorizontal, Pause, Play, Trash2 } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import type { Step } from '../../core/domain/zap/zap-file.ts'
import { useShortcut } from '../commands/bindings.ts'
import { chordOf } from '../commands/chord.ts'
import { ZAP_COMMANDS } from '../draft/commands/commands.ts'
import { deleteSteps, renameStep, toggleDisabled } from '../draft/operations/draft-operations.ts'
import { duplicateSteps } from '../draft/operations/insert-steps.ts'
import { useDraft, useDraftStore } from '../draft/session/draft-store.ts'
import { useLiveRuns } from '../draft/session/live-runs.ts'
import { useConnectors } from '../queries/connectors.ts'
import { toggleBreakpoints, useBreakpoints } from '../stores/breakpoints.ts'
import { closeWide, widen } from '../stores/inspector-width.ts'
import { IconButton } from '../ui/controls/button.tsx'
import { NameInput } from '../ui/controls/name-input.tsx'
import { Tabs } from '../ui/controls/tabs.tsx'
import { Menu } from '../ui/layers/menu.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { ConnectorIcon } from '../ui/look/connector-icon.tsx'
import { ActiveFields } from './data/active-field.tsx'
import { SetupForm } from './form/setup-form.tsx'
import { useFieldFocus } from './form/use-field-focus.ts'
import { SaveConnectorDialog } from './save-connector-dialog.tsx'
import { StepRuns } from './test/step-runs.tsx'
import { StepTest } from './test/step-test.tsx'
import { type StepTestState, useStepTest } from './test/use-step-test.ts'
import { useIsStepWide, useWideRoom } from './wide/use-wide-room.ts'
import { useNeighbours, WideBar } from './wide/wide-bar.tsx'
import { WIDE_INPUT, WideInput } from './wide/wide-input.tsx'
import { OutputViews, WideOutput } from './wide/wide-output.tsx'

type View = 'setup' | 'test' | 'runs'

/**
 * Everything about one step: its name, its form, what it returns, and what it did lately; beside the canvas, or wide over it with its input
 * and its output beside the form. Escape leads back to its card.
 */
export function StepPanel({ stepId, onLeave }: { stepId: string; onLeave(stepId: string): void }) {
  const step = useDraft((state) => state.history.present.steps.find((one) => one.id === stepId))
  return step && <PanelOfStep step={step} onLeave={onLeave} />
}

function PanelOfStep({ step, onLeave }: { step: Step; onLeave(stepId: string): void }) {
  const manifest = useConnectors().get(step.uses)
  const isTrigger = manifest?.kind === 'trigger'
  const standsHere = useLiveRuns().paused?.step === step.id
  const isWide = useIsStepWide()
  const room = useWideRoom()
  const hasInput = isWide && room.input && !isTrigger
  const hasOutput = isWide && room.output
  const [chosen, setView] = useState<View>(standsHere ? 'test' : 'setup')
  const view = hasOutput && chosen === 'test' ? 'setup' : chosen
  const test = useStepTest(step, manifest, isWide || view === 'test')
  // A person who steps through a test wants to see what the next step would get.
  useEffect(() => {
    if (standsHere) setView('test')
  }, [standsHere])
  const panel = useFieldFocus(step.id, () => setView('setup'))
  const leave = (): void => {
    flushSync(closeWide)
    onLeave(step.id)
  }
  const onWideKey = useWideKeys(step.id, test)
  const testTab = isWide ? (
    <OutputViews stepId={step.id} test={test} isTrigger={isTrigger} />
  ) : (
    <StepTest step={step} manifest={manifest} test={test} />
  )
  return (
    <section
      ref={panel}
      aria-label="Selected step"
      // A click beside its fields must not leave the focus to the canvas, whose keys delete.
      tabIndex={-1}
      className={classNames(
        'flex flex-col outline-none',
        isWide ? 'absolute inset-6 z-30 overflow-hidden rounded-lg bg-surface shadow-float' : 'min-h-0 flex-1',
      )}
      onKeyDown={(event) => {
        // What is open over the form (a picker, a menu) has the first claim to the key.
        const isInside = event.target instanceof Node && event.currentTarget.contains(event.target)
        if (!isInside || event.defaultPrevented) return
        if (event.key === 'Escape') leave()
        else if (isWide && onWideKey(event)) event.preventDefault()
      }}
    >
      <StepHeader step={step} manifest={manifest}>
        {isWide ? (
          <WideBar stepId={step.id} test={test} isTrigger={isTrigger} onClose={leave} />
        ) : (
          <IconButton icon={Maximize2} label="Open wide" shortcut="W" size="sm" onClick={widen} />
        )}
      </StepHeader>
      <ActiveFields hasInput={hasInput}>
        <div className={classNames('flex min-h-0 flex-1', isWide && 'border-t border-line')}>
          {hasInput && <WideInput key="input" step={step} test={test} />}
          <div key="form" className="flex min-h-0 min-w-0 flex-1 flex-col">
            <Tabs<View>
              label="Views of the step"
              value={view}
              onChange={setView}
              tabs={[
                { value: 'setup', label: 'Setup', content: <SetupForm step={step} manifest={manifest} /> },
                ...(hasOutput ? [] : [{ value: 'test' as const, label: isWide ? 'Output' : 'Test', content: testTab }]),
                { value: 'runs', label: 'Runs', content: <StepRuns stepId={step.id} /> },
              ]}
            />
          </div>
          {hasOutput && <WideOutput key="output" stepId={step.id} test={test} isTrigger={isTrigger} />}
        </div>
      </ActiveFields>
    </section>
  )
}

/** Keys of the wide form, true for one that was used: to the steps around, to the input, and to test. */
function useWideKeys(stepId: string, test: StepTestState): (event: KeyboardEvent) => boolean {
  const { before, after } = useNeighbours(stepId)
  const store = useDraftStore()
  return (event) => {
    const chord = chordOf(event)
    const { key, altKey } = event
    const next = altKey && key === 'ArrowUp' ? before : altKey && key === 'ArrowDown' ? after : undefined
    if (next) store.getState().focusOn(next.id, null)
    else if (chord === 'Mod+I') document.getElementById(`${WIDE_INPUT}-search`)?.focus()
    else if (chord === 'Mod+Enter' && test.outputs !== null) void test.test('only-step')
    else return false
    return true
  }
}

function StepHeader({
  step,
  manifest,
  children,
}: {
  step: Step
  manifest: ConnectorManifest | undefined
  /** Before its menu. */
  children: ReactNode
}) {
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
  const [isSaving, setSaving] = useState(false)
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
          {/* Of a step without a name, that is its title already. */}
          {(step.name !== undefined || manifest === undefined) && (
            <>
              {manifest?.title ?? 'Unknown connector'} <span aria-hidden>·</span>{' '}
            </>
          )}
          <code className="rounded-sm bg-sunken px-1 font-mono text-xs" title="How templates refer to this step">
            {step.id}
          </code>
        </p>
      </div>
      <div className="flex shrink-0 items-center gap-3">
        {children}
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
            ...(step.uses === 'code.run'
              ? [{ label: 'Save as a connector…', icon: Blocks, onSelect: () => setSaving(true) }]
              : []),
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
      </div>
      {isSaving && <SaveConnectorDialog step={step} onClose={() => setSaving(false)} />}
    </header>
  )
}
