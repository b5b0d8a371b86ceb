import { RefreshCw } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { type TunnelSettings, tunnelWaySchema } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { useStatus } from '../queries/status.ts'
import { Button } from '../ui/controls/button.tsx'
import { describedBy, Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { RadioList } from '../ui/controls/radio-list.tsx'
import { Switch } from '../ui/controls/switch.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Section } from '../ui/page/section.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { TunnelReport } from './tunnel-report.tsx'
import { type Provider, textsOfWay, WAYS, type WayTexts, wayOfTexts } from './tunnel-ways.ts'

/** How webhooks reach this computer from the internet: whether, by which way, and how that is going. */
export function TunnelSection() {
  const id = useId()
  const tunnel = useStatus((status) => status?.tunnel ?? null)
  const [settings, setSettings] = useState<TunnelSettings | null>(null)
  const [provider, setProvider] = useState<Provider>('cloudflared')
  /** What is written for each way, so that looking at another one loses nothing. */
  const [texts, setTexts] = useState<Readonly<Partial<Record<Provider, WayTexts>>>>({})
  const [problems, setProblems] = useState<WayTexts>({})
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)

  useEffect(() => {
    let isGone = false
    api.tunnel.settings().then(
      (known) => {
        if (isGone) return
        setSettings(known)
        if (known.way === null) return
        setProvider(known.way.provider)
        setTexts({ [known.way.provider]: textsOfWay(known.way) })
      },
      (thrown: unknown) => !isGone && setFailure(describeFailure(thrown)),
    )
    return () => {
      isGone = true
    }
  }, [])

  const configure = async (wanted: TunnelSettings): Promise<void> => {
    setBusy(true)
    setFailure(null)
    try {
      setSettings(await api.tunnel.configure(wanted))
    } catch (thrown) {
      setFailure(describeFailure(thrown))
    } finally {
      setBusy(false)
    }
  }
  const save = async (isOn: boolean): Promise<void> => {
    const wanted = tunnelWaySchema.safeParse(wayOfTexts(provider, texts[provider] ?? {}))
    setProblems(Object.fromEntries(wanted.error?.issues.map((issue) => [String(issue.path[0]), wordsOf(issue)]) ?? []))
    if (wanted.success) await configure({ isOn, way: wanted.data })
    // Off needs no finished form.
    else if (!isOn) await configure({ isOn, way: settings?.way ?? null })
  }
  const way = WAYS.find((one) => one.provider === provider)
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
      {settings === null && failure === null && <Spinner label="Asking the host…" />}
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
              onChange={(chosen) => {
                setProvider(chosen)
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
                    value={texts[provider]?.[name] ?? ''}
                    onChange={(event) => {
                      const { value } = event.currentTarget
                      setTexts((before) => ({ ...before, [provider]: { ...before[provider], [name]: value } }))
                    }}
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
