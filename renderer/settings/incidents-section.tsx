import { useEffect, useState } from 'react'
import { incidentSettingsSchema } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { Button } from '../ui/controls/button.tsx'
import { describedBy, Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { Section } from '../ui/page/section.tsx'

const ID = 'incidents-stuckAfterMinutes'

/** When something is an incident, of which the status bar, a notification and the Outbox page tell. */
export function IncidentsSection() {
  const [minutes, setMinutes] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | undefined>()
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    api.incidents.settings().then(
      ({ stuckAfterMinutes }) => setMinutes(String(stuckAfterMinutes)),
      (thrown: unknown) => toast({ title: describeFailure(thrown).message, tone: 'error' }),
    )
  }, [])

  const save = async () => {
    const wanted = incidentSettingsSchema.safeParse({ stuckAfterMinutes: Number(minutes) })
    setProblem(wanted.success ? undefined : 'Whole minutes from 1 to 10080, which is a week.')
    if (!wanted.success) return
    setBusy(true)
    try {
      await api.incidents.setSettings(wanted.data)
      toast({ title: 'Saved', tone: 'success' })
    } catch (thrown) {
      toast({ title: describeFailure(thrown).message, tone: 'error' })
    } finally {
      setBusy(false)
    }
  }

  return (
    <Section
      title="Incidents"
      description="What needs your eye is shown in the status bar and on the Outbox page, and notified once. It closes by itself."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <Field
          label="Minutes until something waits too long"
          htmlFor={ID}
          error={problem}
          help="For runs that are due and do not begin, and for those that keep failing and are tried again."
        >
          <Input
            id={ID}
            type="number"
            min={1}
            max={10_080}
            required
            disabled={minutes === null}
            aria-describedby={describedBy(ID, { help: true, error: problem })}
            aria-invalid={problem !== undefined}
            value={minutes ?? ''}
            onChange={(event) => setMinutes(event.currentTarget.value)}
          />
        </Field>
        <div>
          <Button type="submit" loading={isBusy}>
            Save
          </Button>
        </div>
      </form>
    </Section>
  )
}
