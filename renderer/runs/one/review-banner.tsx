import { CircleAlert } from 'lucide-react'
import { useId, useState } from 'react'
import type { RunSummary } from '../../../core/contract/values.ts'
import { Button } from '../../ui/controls/button.tsx'
import { RadioList } from '../../ui/controls/radio-list.tsx'
import { JsonEditor } from '../../ui/json/json-editor.tsx'
import { parseJson } from '../../ui/json/parse-json.ts'
import { type Resolution, resolveRun } from '../run-actions.ts'

const CHOICES = [
  {
    value: 'run-again',
    label: 'Run it again',
    help: 'It was not done, or twice does no harm. The run goes on from there.',
  },
  {
    value: 'mark-done',
    label: 'Mark it done',
    help: 'It was done. The run goes on behind it, with the output that you give.',
  },
  { value: 'stop', label: 'Stop the run', help: 'Nothing more is done. The run ends as failed, and can be replayed.' },
] as const

const ACTS: Readonly<Record<Resolution, string>> = {
  'run-again': 'Run again',
  'mark-done': 'Mark done',
  stop: 'Stop',
}

/** What a person has to decide about a run that was broken off in the middle of a step, and what each choice does. */
export function ReviewBanner({
  run,
  stepNames,
  onChanged,
}: {
  run: RunSummary
  /** The steps that were broken off. */
  stepNames: readonly string[]
  onChanged: () => void
}) {
  const id = useId()
  const [choice, setChoice] = useState<Resolution>('run-again')
  const [output, setOutput] = useState('')
  const [busy, setBusy] = useState(false)
  const parsed = parseJson(output)
  const isBad = choice === 'mark-done' && output.trim() !== '' && !parsed.ok
  const decide = async () => {
    setBusy(true)
    await resolveRun(run.id, choice, choice === 'mark-done' && parsed.ok ? parsed.value : undefined)
    setBusy(false)
    onChanged()
  }
  return (
    <section aria-labelledby={id} className="shrink-0 border-b border-line bg-waiting-soft px-5 py-3">
      <div className="flex items-start gap-2.5">
        <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-waiting" />
        <div className="min-w-0 flex-1">
          <h2 id={id} className="font-semibold">
            {stepNames.length === 0
              ? 'This run needs a decision'
              : `Was ${stepNames.map((name) => `“${name}”`).join(' and ')} done?`}
          </h2>
          <div className="mt-2 flex max-w-[1040px] flex-col gap-3">
            <RadioList columns labelledBy={id} value={choice} onChange={setChoice} options={CHOICES} />
            <div className="flex items-end gap-4">
              {choice === 'mark-done' && (
                <div className="min-w-0 flex-1">
                  <JsonEditor
                    id={`${id}-output`}
                    label="Output of the step, as JSON"
                    help="What later steps read from it. Empty stands for {}."
                    rows={2}
                    optional
                    placeholder="{}"
                    value={output}
                    onChange={setOutput}
                  />
                </div>
              )}
              <Button
                variant={choice === 'stop' ? 'danger' : 'primary'}
                className={choice === 'mark-done' ? 'mb-5' : ''}
                loading={busy}
                disabled={isBad}
                onClick={() => void decide()}
              >
                {ACTS[choice]}
              </Button>
            </div>
          </div>
        </div>
      </div>
    </section>
  )
}
