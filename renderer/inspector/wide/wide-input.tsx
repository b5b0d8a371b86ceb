import { useMemo } from 'react'
import type { Step } from '../../../core/domain/zap/zap-file.ts'
import { useWidth } from '../../stores/inspector-width.ts'
import { Select } from '../../ui/controls/select.tsx'
import { useActiveField } from '../data/active-field.tsx'
import type { DataSource } from '../data/data-tree.ts'
import { DataTreeList } from '../data/data-tree-list.tsx'
import { useDataSources } from '../data/samples.tsx'
import { usedPaths } from '../data/used-paths.ts'
import { WrittenData } from '../test/step-test.tsx'
import type { StepTestState } from '../test/use-step-test.ts'
import { ColumnDivider } from './column-divider.tsx'

/** What is before the id of the search in it. */
export const WIDE_INPUT = 'wide-input'

/** Left in the wide form: what the step may read, with the data that tests take. A click puts a value into the field that was used last. */
export function WideInput({ step, test }: { step: Step; test: StepTestState }) {
  const width = useWidth('input')
  const active = useActiveField()
  const own = useDataSources(step.id)
  const sources = useMemo(() => withData(active?.sources ?? own, test.outputs), [active, own, test.outputs])
  const used = useMemo(() => usedPaths(step.input), [step.input])
  return (
    <section
      data-data-picker
      aria-label="Input"
      className="relative flex shrink-0 flex-col border-r border-line bg-sunken"
      style={{ width }}
    >
      <div className="flex h-10 shrink-0 items-center gap-2 border-b border-line px-3">
        <h2 className="font-semibold">Input</h2>
        <Select
          size="sm"
          label="Data of the input"
          className="ml-auto max-w-48 border-transparent!"
          value={test.source}
          options={test.options.map((one) => (one.value === 'newest' ? { ...one, label: 'Newest data' } : one))}
          onChange={test.choose}
        />
      </div>
      {test.source === 'edited' && (
        <div className="max-h-1/2 shrink-0 overflow-y-auto border-b border-line p-3">
          <WrittenData test={test} id={`${WIDE_INPUT}-written`} />
        </div>
      )}
      {sources.length === 0 ? (
        <p className="p-4 text-center text-sm text-ink-faint">No step stands before this one.</p>
      ) : (
        <DataTreeList
          id={WIDE_INPUT}
          className="flex-1"
          sources={sources}
          used={used}
          onInsert={(path) => active?.insert(path)}
        />
      )}
      <p className="flex shrink-0 items-center gap-2 border-t border-line px-3 py-2 text-sm text-ink-faint">
        {active === null ? (
          'Click into a field, then a value here; or drag it.'
        ) : (
          <>
            <span aria-hidden className="size-1.5 rounded-full bg-accent" /> used in this step. Drag a value, or click
            it.
          </>
        )}
      </p>
      <ColumnDivider column="input" side="right" label="Width of the input" />
    </section>
  )
}

/** Sources with the data that was chosen in the place of their examples. */
function withData(sources: readonly DataSource[], outputs: StepTestState['outputs']): readonly DataSource[] {
  if (outputs === null || Object.keys(outputs).length === 0) return sources
  return sources.map((source) => {
    const value = Object.hasOwn(outputs, source.id) ? outputs[source.id] : undefined
    return value === undefined ? source : { ...source, sample: { from: 'run' as const, value }, from: 'chosen data' }
  })
}
