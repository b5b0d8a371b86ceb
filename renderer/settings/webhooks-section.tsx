import { useEffect, useState } from 'react'
import { type WebhookSettings, webhookSettingsSchema } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { Button } from '../ui/controls/button.tsx'
import { describedBy, Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Section } from '../ui/page/section.tsx'
import { Spinner } from '../ui/page/spinner.tsx'

type Texts = Readonly<Record<keyof WebhookSettings, string>>

const textsOf = (settings: WebhookSettings): Texts => ({
  keepDays: String(settings.keepDays),
  perAddress: String(settings.perAddress),
  connectionsPerAddress: String(settings.connectionsPerAddress),
  maxDataGb: String(settings.maxDataGb),
  hosts: settings.hosts.join(', '),
})

/** What holds for all webhooks: what the inbox keeps, what senders may use up, and by which names they call. */
export function WebhooksSection() {
  const [texts, setTexts] = useState<Texts | null>(null)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  /** What is wrong with what was written, by field. */
  const [problems, setProblems] = useState<Partial<Texts>>({})
  useEffect(() => {
    let gone = false
    api.inbox.settings().then(
      (settings) => {
        if (!gone) setTexts(textsOf(settings))
      },
      (thrown: unknown) => {
        if (!gone) setFailure(describeFailure(thrown))
      },
    )
    return () => {
      gone = true
    }
  }, [])

  const save = async (written: Texts) => {
    setFailure(null)
    const wanted = webhookSettingsSchema.safeParse({
      keepDays: Number(written.keepDays),
      perAddress: Number(written.perAddress),
      connectionsPerAddress: Number(written.connectionsPerAddress),
      maxDataGb: Number(written.maxDataGb),
      hosts: written.hosts.split(/[\s,]+/).filter((name) => name !== ''),
    })
    setProblems(Object.fromEntries(wanted.error?.issues.map(({ path, message }) => [path[0], message]) ?? []))
    if (!wanted.success) return
    setBusy(true)
    try {
      const settings = await api.inbox.setSettings(wanted.data)
      setTexts(textsOf(settings))
      toast({ title: 'Saved', tone: 'success' })
    } catch (thrown) {
      setFailure(describeFailure(thrown))
    }
    setBusy(false)
  }

  const field = (name: keyof Texts) => ({
    id: `webhooks-${name}`,
    'aria-describedby': describedBy(`webhooks-${name}`, { help: true, error: problems[name] }),
    'aria-invalid': problems[name] !== undefined,
    value: texts?.[name] ?? '',
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setTexts((before) => (before === null ? null : { ...before, [name]: value }))
    },
  })

  return (
    <Section title="Webhooks" description="For every webhook; each has limits of its own in its step.">
      {texts === null && failure === null && <Spinner label="Asking the host…" />}
      {texts !== null && (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            void save(texts)
          }}
        >
          <div className="grid grid-cols-2 items-start gap-4">
            <Field
              label="Days that the inbox keeps requests"
              htmlFor="webhooks-keepDays"
              error={problems.keepDays}
              help="Events and runs stay. 0 keeps requests for ever."
            >
              <Input type="number" min={0} max={3650} required {...field('keepDays')} />
            </Field>
            <Field
              label="Requests a minute from one address"
              htmlFor="webhooks-perAddress"
              error={problems.perAddress}
              help="More are answered 429. 0 lets in as many as come."
            >
              <Input type="number" min={0} max={1_000_000} required {...field('perAddress')} />
            </Field>
            <Field
              label="Gigabytes that all data may take"
              htmlFor="webhooks-maxDataGb"
              error={problems.maxDataGb}
              help="Beyond them senders are answered 507; runs go on. 0 takes what the disk has."
            >
              <Input type="number" min={0} max={100_000} step="any" required {...field('maxDataGb')} />
            </Field>
            <Field
              label="Connections of one address"
              htmlFor="webhooks-connectionsPerAddress"
              error={problems.connectionsPerAddress}
              help="At a time. Programs of this computer count while a tunnel is open. 0 lets in as many as come."
            >
              <Input type="number" min={0} max={10_000} required {...field('connectionsPerAddress')} />
            </Field>
            <div className="col-span-2">
              <Field
                label="Other names of this computer"
                htmlFor="webhooks-hosts"
                error={problems.hosts}
                help="Requests by a name that is neither this computer’s nor its tunnel’s are answered 421. A proxy with a name of its own goes here."
              >
                <Input placeholder="hooks.example.com" {...field('hosts')} />
              </Field>
            </div>
          </div>
          <div>
            <Button type="submit" loading={busy}>
              Save
            </Button>
          </div>
        </form>
      )}
      {failure !== null && (
        <div className="mt-3">
          <ErrorNote title="The settings were not saved." remedy={failure.message} details={failure.details} />
        </div>
      )}
    </Section>
  )
}
