import { useId } from 'react'
import type { Sample } from '../../../core/contract/values.ts'
import { Field } from '../../ui/controls/field.tsx'
import { Select } from '../../ui/controls/select.tsx'
import type { PinCommands } from './pin-output.tsx'
import type { PastData } from './use-past-data.ts'

/**
 * Which data of a step is shown, mapped with and taken by tests: the newest, that of a past run, or the connector's example. Anything but
 * the newest is pinned by being chosen.
 */
export function SampleChoice({
  stepId,
  sample,
  past,
  isTrigger,
  pin,
  onLoad,
}: {
  stepId: string
  sample: Sample
  /** Runs whose data can be loaded. */
  past: readonly PastData[]
  isTrigger: boolean
  pin: PinCommands
  /** What was chosen is loaded. */
  onLoad: () => void
}) {
  const id = useId()
  const offered = past.filter((run) => Object.hasOwn(run.outputs, stepId))
  const isPinned = sample.from === 'pinned'
  const chosen = !isPinned
    ? NEWEST
    : sample.pinnedFrom === 'run' && sample.runId !== null
      ? sample.runId
      : sample.pinnedFrom === 'connector'
        ? EXAMPLE
        : KEPT
  const choose = async (choice: string): Promise<void> => {
    if (choice === chosen) return
    const isLoaded = choice === NEWEST ? pin.unpin() : pin.load(choice === EXAMPLE ? undefined : choice)
    if (await isLoaded) onLoad()
  }
  const isListed = offered.some((run) => run.id === chosen)
  return (
    <Field label="Sample data" htmlFor={id}>
      <Select
        id={id}
        value={chosen}
        onChange={(choice) => void choose(choice)}
        className="w-full"
        options={[
          {
            value: NEWEST,
            label: `${isTrigger ? 'The last event' : 'The last run'}${sample.from === 'connector' ? ' (none yet)' : ''}`,
          },
          ...offered.map((run) => ({ value: run.id, label: run.label })),
          ...(isPinned && sample.pinnedFrom === 'run' && !isListed ? [{ value: chosen, label: 'An earlier run' }] : []),
          { value: EXAMPLE, label: 'The connector’s example' },
          ...(chosen === KEPT
            ? [
                {
                  value: KEPT,
                  label: sample.pinnedFrom === 'request' ? 'A request that was caught' : 'What was pinned here',
                },
              ]
            : []),
        ]}
      />
    </Field>
  )
}

const NEWEST = 'newest'
const EXAMPLE = 'example'
const KEPT = 'kept'
