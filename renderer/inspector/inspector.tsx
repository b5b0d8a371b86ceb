import './inspector.css'
import { useEffect } from 'react'
import { useDraft } from '../draft/session/draft-store.ts'
import { closeWide, useWidth } from '../stores/inspector-width.ts'
import { classNames } from '../ui/look/class-names.ts'
import { SamplesProvider } from './data/samples.tsx'
import { SelectionPanel } from './selection-panel.tsx'
import { StepPanel } from './step-panel.tsx'
import { preloadTemplateFields } from './templates/template-input.tsx'
import { ColumnDivider } from './wide/column-divider.tsx'
import { useIsStepWide } from './wide/use-wide-room.ts'
import { ZapPanel } from './zap-panel.tsx'

/** The form of what is selected: a step, several steps, or the zap itself. */
export function Inspector({ onLeave }: { onLeave(stepId: string): void }) {
  const selected = useDraft((state) => state.selected)
  const isWide = useIsStepWide()
  const width = useWidth('form')
  useEffect(() => closeWide, [])
  const [only] = selected.length === 1 ? selected : []
  useEffect(() => {
    // The canvas comes first.
    const idle = requestIdleCallback(preloadTemplateFields)
    return () => cancelIdleCallback(idle)
  }, [])
  return (
    <aside
      aria-label="Inspector"
      data-inspector
      style={{ width }}
      className={classNames('flex shrink-0 flex-col border-l border-line bg-surface', !isWide && 'relative')}
    >
      {isWide ? (
        // biome-ignore lint/a11y/noStaticElementInteractions: Escape and a button do the same
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        <div className="absolute inset-0 z-30 bg-scrim" onClick={closeWide} />
      ) : (
        <ColumnDivider column="form" side="left" label="Width of the form" />
      )}
      <SamplesProvider>
        {only !== undefined ? (
          <StepPanel key={only} stepId={only} onLeave={onLeave} />
        ) : selected.length > 1 ? (
          <SelectionPanel ids={selected} />
        ) : (
          <ZapPanel />
        )}
      </SamplesProvider>
    </aside>
  )
}
