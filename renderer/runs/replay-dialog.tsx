import { RotateCcw } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import type { Json } from '../../core/domain/values/json.ts'
import { Button } from '../ui/controls/button.tsx'
import { RadioList } from '../ui/controls/radio-list.tsx'
import { JsonEditor } from '../ui/json/json-editor.tsx'
import { asLargeValue, largeValueWords } from '../ui/json/large-value.ts'
import { parseJson } from '../ui/json/parse-json.ts'
import { Dialog } from '../ui/layers/dialog.tsx'
import { type ReplayChoice, replayRun } from './run-actions.ts'

/** What the dialog knows of the run. */
export type Replayable = {
  readonly id: string
  readonly version: number
  /** Number of another live version, or null. */
  readonly newestVersion: number | null
  /** Whether it ended before its steps were done, so that there is a step to go on from. */
  readonly canGoOn: boolean
  /** What its trigger returned. */
  readonly triggerOutput: Json
}

type Start = 'start' | 'failed' | 'edited'

/** Replays a run in another way than it ran: from where it failed, through another version, or with other data. */
export function ReplayDialog({
  run,
  onClose,
  onReplayed,
}: {
  run: Replayable
  onClose: () => void
  onReplayed: (runId: string) => void
}) {
  const id = useId()
  const [start, setStart] = useState<Start>(run.canGoOn ? 'failed' : 'start')
  const [version, setVersion] = useState<'same' | 'newest'>('same')
  const [text, setText] = useState(() => JSON.stringify(run.triggerOutput, null, 2))
  const [busy, setBusy] = useState(false)
  const large = asLargeValue(run.triggerOutput)
  const parsed = parseJson(text)
  const isBad = start === 'edited' && !parsed.ok
  const replay = async () => {
    setBusy(true)
    const choice: ReplayChoice = {
      version,
      fromFailed: start === 'failed',
      ...(start === 'edited' && parsed.ok && { input: parsed.value }),
    }
    const runId = await replayRun(run.id, choice)
    setBusy(false)
    if (runId !== null) onReplayed(runId)
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title="Replay this run"
      description="A new run is made; this one stays as it is."
      width={560}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" icon={RotateCcw} loading={busy} disabled={isBad} onClick={() => void replay()}>
            Replay
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Group id={`${id}-start`} title="Begin">
          <RadioList<Start>
            labelledBy={`${id}-start`}
            value={start}
            onChange={setStart}
            options={[
              ...(run.canGoOn
                ? [
                    {
                      value: 'failed' as const,
                      label: 'At the step that failed',
                      help: 'What finished before it is kept, and not done again.',
                    },
                  ]
                : []),
              { value: 'start', label: 'At the start', help: 'Every step is done again, with the same event.' },
              {
                value: 'edited',
                label: 'At the start, with edited data',
                help:
                  large === null
                    ? 'Every step is done again, with the event as you change it.'
                    : `The event cannot be edited here: ${largeValueWords(large)}.`,
                disabled: large !== null,
              },
            ]}
          />
        </Group>
        {start === 'edited' && (
          <JsonEditor
            id={`${id}-data`}
            label="Data of the trigger"
            rows={12}
            value={text}
            onChange={setText}
            help="What the trigger hands to the steps behind it."
          />
        )}
        {run.newestVersion !== null && (
          <Group id={`${id}-version`} title="Through">
            <RadioList
              labelledBy={`${id}-version`}
              value={version}
              onChange={setVersion}
              options={[
                {
                  value: 'same',
                  label: run.version < 0 ? 'The draft as it was tested' : `Version ${run.version}`,
                  help: 'The one that this run went through.',
                },
                { value: 'newest', label: `Version ${run.newestVersion}`, help: 'The one that is live now.' },
              ]}
            />
          </Group>
        )}
      </div>
    </Dialog>
  )
}

function Group({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <h3 id={id} className="text-sm font-medium text-ink-soft">
        {title}
      </h3>
      {children}
    </div>
  )
}
