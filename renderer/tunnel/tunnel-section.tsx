import { RefreshCw } from 'lucide-react'
import { useId, useState } from 'react'
import { type TunnelSettings, tunnelWaySchema } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { cache, queries, useAnswer } from '../queries/queries.ts'
import { useStatus } from '../queries/status.ts'
import { Button } from '../ui/controls/button.tsx'
import { type Edits, entered, left, NO_EDITS, only, typed } from '../ui/controls/edits.ts'
import { describedBy, Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { RadioList } from '../ui/controls/radio-list.tsx'
import { Switch } from '../ui/controls/switch.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Section } from '../ui/page/section.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { TunnelReport } from './tunnel-report.tsx'
import { type Provider, textsOfWay, WAYS, type WayTexts, wayOfTexts } from './tunnel-ways.ts'

const SETTINGS = queries.tunnel.settings.queryOptions()
const NO_TEXTS: WayTexts = {}

/** How webhooks reach this computer from the internet: whether, by which way, and how that is going. */
export function TunnelSection() {
  const id = useId()
  const tunnel = useStatus((status) => status?.tunnel ?? null)
  const { data: settings, failure: notRead } = useAnswer(SETTINGS)
  /** The way that is looked at instead of the one that is set. */
  const [chosen, setChosen] = useState<Provider | null>(null)
  /** What is being written for each way, by `<way>.<field>`, so that looking at another one loses nothing. */
  const [edits, setEdits] = useState<Edits>(NO_EDITS)
  const [problems, setProblems] = useState<WayTexts>({})
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)

  const provider = chosen ?? settings?.way?.provider ?? 'cloudflared'
  const way = WAYS.find((one) => one.provider === provider)
  const stored = settings?.way?.provider === provider ? textsOfWay(settings.way) : NO_TEXTS
  const textOf = (field: string): string => edits[`${provider}.${field}`]?.text ?? stored[field] ?? ''

  const configure = async (wanted: TunnelSettings): Promise<void> => {
    setBusy(true)
    setFailure(null)
    try {
      cache.setQueryData(SETTINGS.queryKey, await api.tunnel.configure(wanted))
      // What was looked at or written for this way is what is set now; it follows the host again.
      setChosen(null)
      setEdits((before) => only(before, (field) => !field.startsWith(`${wanted.way?.provider}.`)))
    } catch (thrown) {
      setFailure(describeFailure(thrown))
    } finally {
      setBusy(false)
    }
  }
  const save = async (isOn: boolean): Promise<void> => {
    const texts = Object.fromEntries(way?.fields.map(({ name }) => [name, textOf(name)]) ?? [])
    const wanted = tunnelWaySchema.safeParse(wayOfTexts(provider, texts))
    setProblems(Object.fromEntries(wanted.error?.issues.map((issue) => [String(issue.path[0]), wordsOf(issue)]) ?? []))
    if (wanted.success) await configure({ isOn, way: wanted.data })
    // Off needs no finished form.
    else if (!isOn) await configure({ isOn, way: settings?.way ?? null })
  }
  const isOn = settings?.isOn ?? false
  return (
    <Section
      title="Tunnel"
      description="Lets webhooks in from the internet while this computer is on. Only the webhooks are behind it, never these screens."
      control={
        <Switch
          label="Let webhooks in"
          checked={isOn}
          disabled={settings === null || busy}
          onChange={(on) => void save(on)}
        />
      }
    >
      {settings === null && notRead === null && <Spinner label="Asking the host…" />}
      {settings !== null && (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            void save(true)
          }}
        >
          {tunnel !== null && isOn && <TunnelReport tunnel={tunnel} />}
          <div>
            <h3 id={`${id}-ways`} className="mb-1.5 text-sm font-medium text-ink-soft">
              Way in
            </h3>
            <RadioList<Provider>
              labelledBy={`${id}-ways`}
              value={provider}
              onChange={(next) => {
                setChosen(next)
                setProblems({})
              }}
              options={WAYS.map(({ provider: value, title, about }) => ({ value, label: title, help: about }))}
            />
          </div>
          {way !== undefined && way.fields.length > 0 && (
            <div className="grid grid-cols-2 items-start gap-4">
              {way.fields.map(({ name, label, help, placeholder, isNumber, isRequired }) => (
                <Field
                  key={name}
                  label={label}
                  htmlFor={`${id}-${name}`}
                  help={help}
                  error={problems[name]}
                  required={isRequired === true}
                >
                  <Input
                    id={`${id}-${name}`}
                    placeholder={placeholder}
                    inputMode={isNumber ? 'numeric' : 'text'}
                    aria-describedby={describedBy(`${id}-${name}`, { help, error: problems[name] })}
                    aria-invalid={problems[name] !== undefined || undefined}
                    value={textOf(name)}
                    onFocus={() => setEdits((before) => entered(before, `${provider}.${name}`, textOf(name)))}
                    onChange={(event) => {
                      const { value } = event.currentTarget
                      // The way that is being written for stays, whatever is set elsewhere.
                      setChosen(provider)
                      setEdits((before) => typed(before, `${provider}.${name}`, textOf(name), value))
                    }}
                    onBlur={() => setEdits((before) => left(before, `${provider}.${name}`))}
                  />
                </Field>
              ))}
            </div>
          )}
          <div className="flex gap-2">
            <Button type="submit" variant="primary" loading={busy}>
              {isOn ? 'Open it this way' : 'Let webhooks in this way'}
            </Button>
            {isOn && tunnel !== null && tunnel.state !== 'opening' && (
              <Button icon={RefreshCw} onClick={() => void api.tunnel.retry()}>
                {tunnel.state === 'open' ? 'Look now whether it works' : 'Try again now'}
              </Button>
            )}
          </div>
        </form>
      )}
      {notRead !== null && settings === null && (
        <ErrorNote
          title="The tunnel's settings could not be read."
          remedy={notRead.message}
          details={notRead.details}
        />
      )}
      {failure !== null && (
        <div className="mt-3">
          <ErrorNote title="The tunnel could not be changed." remedy={failure.message} details={failure.details} />
        </div>
      )}
    </Section>
  )
}

function wordsOf(issue: { code?: string; message: string; input?: unknown }): string {
  if (issue.code === 'invalid_type') return issue.input === undefined ? 'is needed.' : 'must be a number.'
  return issue.message
}
