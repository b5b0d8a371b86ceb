import { KeyRound, PlugZap, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { ReadApi } from '../../core/contract/app-values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { CredentialDialog } from '../credentials/credential-dialog.tsx'
import { freeName, useCredentials } from '../credentials/credentials.ts'
import { Button } from '../ui/controls/button.tsx'
import { Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Select } from '../ui/controls/select.tsx'
import { AppLogo } from '../ui/look/app-logo.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { formatBytes } from '../ui/words/format-bytes.ts'

/** What a person says of an API that they add: what it is called, where it is, and how they sign in. */
export type ApiChoices = {
  readonly title: string
  readonly address: string
  readonly credential: string | null
  /** What is wrong with the address; null while nothing is. */
  readonly problem: string | null
  set(change: { readonly title?: string; readonly address?: string; readonly credential?: string | null }): void
}

export function useApiSettings(read: ReadApi): ApiChoices {
  const [chosen, setChosen] = useState({ title: read.title, address: read.address, credential: null as string | null })
  const url = URL.parse(chosen.address)
  const problem =
    chosen.address.trim() === '' || (url !== null && /^https?:$/.test(url.protocol))
      ? null
      : 'It must begin with http:// or https://.'
  return { ...chosen, problem, set: (change) => setChosen((before) => ({ ...before, ...change })) }
}

export function ApiSettings({ read, settings }: { read: ReadApi; settings: ApiChoices }) {
  const [isMaking, setMaking] = useState(false)
  const known = useCredentials().data ?? []
  const taken = known.map(({ name }) => name)
  const ways = read.signIns.map(signInWords)
  const types = [...new Set(read.signIns.flatMap(({ type }) => TYPES[type] ?? []))]
  const host = URL.parse(settings.address)?.host
  const suggests = read.servers.filter((server) => server !== settings.address).slice(0, 3)
  return (
    <>
      <section aria-label="The API" className="rounded-lg border border-line bg-surface">
        <div className="flex items-center gap-3 border-line border-b p-4">
          <AppLogo icon="" title={settings.title} size={40} />
          <div className="min-w-0 flex-1">
            <Input
              aria-label="Title"
              value={settings.title}
              className="-ml-2.5 border-transparent! bg-transparent! text-lg! font-semibold hover:border-line-strong!"
              onChange={(event) => settings.set({ title: event.target.value })}
            />
            <p className="truncate text-sm text-ink-faint">
              {read.kind} · {read.source} · {formatBytes(read.bytes)}
            </p>
          </div>
        </div>
        <div className="flex flex-col gap-4 p-4">
          <Field
            label="Address"
            htmlFor="api-address"
            required
            error={settings.problem}
            help={
              settings.address === ''
                ? `The document names no whole address${suggests.length > 0 ? ` (only ${suggests.join(', ')})` : ''}: say where the API is. Requests go nowhere else.`
                : 'Requests go there and below, and nowhere else.'
            }
          >
            <Input
              id="api-address"
              value={settings.address}
              className="font-mono text-sm!"
              placeholder="https://api.example.com/v1"
              onChange={(event) => settings.set({ address: event.target.value })}
            />
          </Field>
          <Field
            label="Credential"
            htmlFor="api-credential"
            help={
              ways.length === 0
                ? 'This description names no way to sign in; choose a credential where the API needs one.'
                : `Signs in with ${ways.join(', or ')}.`
            }
          >
            <div className="flex gap-2">
              <Select
                id="api-credential"
                value={settings.credential ?? ''}
                options={[
                  { value: '', label: 'None' },
                  ...known.map(({ name, title }) => ({ value: name, label: title })),
                ]}
                onChange={(name) => settings.set({ credential: name === '' ? null : name })}
              />
              <Button icon={KeyRound} onClick={() => setMaking(true)}>
                New
              </Button>
            </div>
          </Field>
          <TryIt look={read.look} settings={settings} needsCredential={read.signIns.length > 0} />
        </div>
      </section>
      {read.problems.length > 0 && (
        <section aria-label="Could not be mapped in full" className="rounded-lg border border-line bg-surface">
          <h2 className="border-line border-b px-4 py-2.5 font-medium">Could not be mapped in full</h2>
          <ul>
            {read.problems.map((problem) => (
              <li key={problem} className="flex gap-2.5 border-line px-4 py-2.5 not-last:border-b">
                <TriangleAlert size={14} aria-hidden className="mt-[3px] shrink-0 text-waiting" />
                <span className="min-w-0 break-words text-ink-soft">{problem}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {isMaking && (
        <CredentialDialog
          replaces={null}
          suggested={suggestedName(settings.title, taken)}
          suggestedHosts={host === undefined ? [] : [host]}
          suggestedFields={suggestedFields(read.signIns, settings.address)}
          types={types.length === 0 ? null : types}
          taken={taken}
          onClose={() => setMaking(false)}
          onSaved={(name) => settings.set({ credential: name })}
        />
      )}
    </>
  )
}

/** Asks the API for something that needs no values, before it is added. Nothing else on this page sends anything. */
function TryIt({ look, settings, needsCredential }: { look: number; settings: ApiChoices; needsCredential: boolean }) {
  const { address, credential, problem } = settings
  const [tried, setTried] = useState<{ of: string; ok: boolean; text: string } | null>(null)
  const [isTrying, setTrying] = useState(false)
  const of = JSON.stringify([address, credential])
  const shown = tried?.of === of ? tried : null
  const tryIt = async (): Promise<void> => {
    setTrying(true)
    try {
      const { operation, ok, message, ms } = await api.apps.tryIt({ look, address, credential })
      const remedy = needsCredential && credential === null ? ' Choose a credential, and try it again.' : ''
      setTried({ of, ok, text: ok ? `${operation} was answered in ${ms} ms.` : `${message}${remedy}` })
    } catch (thrown) {
      setTried({ of, ok: false, text: describeFailure(thrown).message })
    } finally {
      setTrying(false)
    }
  }
  return (
    <div className="flex items-start gap-3">
      <Button
        icon={PlugZap}
        loading={isTrying}
        disabled={address.trim() === '' || problem !== null}
        onClick={() => void tryIt()}
      >
        Try it
      </Button>
      <p
        role="status"
        className={classNames('min-w-0 py-1.5 text-sm break-words', shown?.ok === true ? 'text-success' : 'text-error')}
      >
        {shown?.text}
      </p>
    </div>
  )
}

/** The types of credential by which a way to sign in is used. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  basic: ['basic'],
  bearer: ['bearer'],
  header: ['header'],
  cookie: ['header'],
  query: ['query'],
  oauth2: ['oauth2', 'bearer'],
  other: ['bearer', 'header', 'query', 'basic'],
}

/** What the description says of the fields of a credential. */
function suggestedFields(signIns: ReadApi['signIns'], address: string): Record<string, Record<string, string>> {
  const suggested: Record<string, Record<string, string>> = {}
  for (const { type, name, oauth } of signIns) {
    if (type === 'header') suggested.header ??= { '': `${name}: ` }
    if (type === 'cookie') suggested.header ??= { '': `Cookie: ${name}=` }
    if (oauth === undefined) continue
    const whole = (url: string): string => (url === '' ? '' : (URL.parse(url, address)?.href ?? url))
    suggested.oauth2 ??= {
      authorizeUrl: whole(oauth.authorizeUrl),
      tokenUrl: whole(oauth.tokenUrl),
      deviceUrl: whole(oauth.deviceUrl),
      scopes: oauth.scopes,
    }
  }
  return suggested
}

function signInWords({ type, name }: ReadApi['signIns'][number]): string {
  switch (type) {
    case 'basic':
      return 'user and password'
    case 'bearer':
      return 'a token'
    case 'header':
      return `a key in the header ${name}`
    case 'query':
      return `a key in the parameter ${name}`
    case 'cookie':
      return `the cookie ${name} (a header "Cookie" of the form ${name}=…)`
    case 'oauth2':
      return 'OAuth2 (or a token of it)'
    default:
      return 'a way of its own'
  }
}

function suggestedName(title: string, taken: readonly string[]): string {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, 60)
  return name === '' ? '' : freeName(name, taken)
}
