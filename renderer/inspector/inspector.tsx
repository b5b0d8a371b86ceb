import './inspector.css'
import { useEffect } from 'react'
import { useDraft } from '../draft/session/draft-store.ts'
import { useIsWide } from '../stores/inspector-width.ts'
import { classNames } from '../ui/look/class-names.ts'
import { SamplesProvider } from './data/samples.tsx'
import { SelectionPanel } from './selection-panel.tsx'
import { StepPanel } from './step-panel.tsx'
import { preloadTemplateFields } from './templates/template-input.tsx'
import { ZapPanel } from './zap-panel.tsx'

/** The form of what is selected: a step, several steps, or the zap itself. */
export function Inspector({ onLeave }: { onLeave(stepId: string): void }) {
  const selected = useDraft((state) => state.selected)
  const isWide = useIsWide()
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
      className={classNames(
        'flex shrink-0 flex-col border-l border-line bg-surface',
        isWide ? 'w-[min(720px,calc(100vw-560px))] min-w-90' : 'w-90',
      )}
    >
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
