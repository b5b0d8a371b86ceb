import { useState } from 'react'
import { type HistorySettings, historySettingsSchema } from '../../core/contract/values.ts'
import type { Failure } from '../api/failure.ts'
import { Button } from '../ui/controls/button.tsx'
import { describedBy, Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { saveHistorySettings } from './history.ts'

type Texts = Readonly<Record<keyof HistorySettings, string>>

const textsOf = (settings: HistorySettings): Texts => ({
  keepSucceededDays: String(settings.keepSucceededDays),
  keepFailedDays: String(settings.keepFailedDays),
})

/** For how many days runs are kept. */
export function KeepForm({ settings }: { settings: HistorySettings }) {
  const [texts, setTexts] = useState<Texts>(() => textsOf(settings))
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [problems, setProblems] = useState<Partial<Texts>>({})

  const save = async () => {
    const wanted = historySettingsSchema.safeParse({
      keepSucceededDays: Number(texts.keepSucceededDays),
      keepFailedDays: Number(texts.keepFailedDays),
    })
    setProblems(Object.fromEntries(wanted.error?.issues.map(({ path, message }) => [path[0], message]) ?? []))
    if (!wanted.success) return
    setBusy(true)
    const failed = await saveHistorySettings(wanted.data)
    setBusy(false)
    setFailure(failed)
    if (failed === null) toast({ title: 'Saved', tone: 'success' })
  }

  const field = (name: keyof Texts) => ({
    id: `history-${name}`,
    'aria-describedby': describedBy(`history-${name}`, { help: true, error: problems[name] }),
    'aria-invalid': problems[name] !== undefined,
    value: texts[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setTexts((before) => ({ ...before, [name]: value }))
    },
  })

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <div className="grid grid-cols-2 items-start gap-4">
        <Field
          label="Days to keep runs that succeeded"
          htmlFor="history-keepSucceededDays"
          error={problems.keepSucceededDays}
          help="Or were filtered out or cancelled. 0 keeps them for ever."
        >
          <Input type="number" min={0} max={36_500} required {...field('keepSucceededDays')} />
        </Field>
        <Field
          label="Days to keep runs that failed"
          htmlFor="history-keepFailedDays"
          error={problems.keepFailedDays}
          help="Or were replayed. A run whose dead letter waits for you stays. 0 keeps them for ever."
        >
          <Input type="number" min={0} max={36_500} required {...field('keepFailedDays')} />
        </Field>
      </div>
      <div>
        <Button type="submit" loading={busy}>
          Save
        </Button>
      </div>
      {failure !== null && (
        <ErrorNote title="The settings were not saved." remedy={failure.message} details={failure.details} />
      )}
    </form>
  )
}
