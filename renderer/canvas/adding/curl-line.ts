import { useEffect, useState } from 'react'
import { looksLikeCurl } from '../../../core/domain/curl/command-text.ts'
import type { CurlStep } from '../../../core/domain/curl/curl-step.ts'
import { api } from '../../api/client.ts'
import { describeFailure } from '../../api/failure.ts'
import { reloadCredentials, useCredentials } from '../../credentials/credentials.ts'
import type { StepPreset } from '../../draft/operations/insert-steps.ts'
import { presetOf } from '../../draft/operations/operation-preset.ts'
import { toast } from '../../ui/layers/toast.tsx'

/** A step that a line of curl becomes, of this connector. */
export type CurlChoice = {
  readonly connector: 'app.call' | 'http.request'
  readonly title: string
  readonly preset: StepPreset
}

/**
 * The steps that a line of curl may become, the best first: the operation of an app that does the same, and an HTTP request. None where there
 * is no such line in the text. `taken` are names of credentials.
 */
export async function choicesOfCurl(text: string, taken: ReadonlySet<string>): Promise<CurlChoice[]> {
  const { curlStep } = await import('../../../core/domain/curl/curl-step.ts')
  const made = curlStep(text, taken)
  if (made === null) return []
  const { step, credentials, problems } = made
  const plain: CurlChoice = {
    connector: 'http.request',
    title: 'HTTP request from your curl line',
    preset: { input: step.input, credentials, notes: problems },
  }
  // Without it the plain request still does what was asked.
  const matched = await api.apps.match({ request: step.input }).catch(() => null)
  if (matched === null) return [plain]
  const { operation, input, credential } = matched
  const name = credential ?? credentials[0]?.name ?? null
  const preset = presetOf(operation, name, false)
  return [
    {
      connector: 'app.call',
      title: `${operation.title} from your curl line`,
      preset: {
        ...preset,
        input: { ...preset.input, input },
        credentials: credential === null ? credentials : [],
        notes: notesOf(problems, credential === null ? null : credentials),
        host: URL.parse(String(step.input.url))?.host,
      },
    },
    plain,
  ]
}

/** What could not be taken over, of a secret too that the app's own credential replaces. */
function notesOf(problems: readonly string[], replaced: CurlStep['credentials'] | null): string[] {
  const [secret] = replaced ?? []
  if (secret === undefined) return [...problems]
  const others = problems.filter((problem) => !problem.includes(`"${secret.name}"`))
  return ['The secret of the line is not kept: the app is signed in to with its own credential.', ...others]
}

/** The steps of a search that is a line of curl, as {@link choicesOfCurl}; none for any other search, and while it is read. */
export function useCurlLine(search: string): readonly CurlChoice[] {
  const credentials = useCredentials().data
  const [read, setRead] = useState<{ search: string; choices: readonly CurlChoice[] } | null>(null)
  useEffect(() => {
    if (!looksLikeCurl(search)) return
    let isOver = false
    void choicesOfCurl(search, new Set(credentials?.map(({ name }) => name))).then((choices) => {
      if (!isOver) setRead({ search, choices })
    })
    return () => {
      isOver = true
    }
  }, [search, credentials])
  return read?.search === search ? read.choices : NONE
}

const NONE: readonly CurlChoice[] = []

/** How the line of such a step says what it is. */
export function curlWords({ credentials = [] }: StepPreset): string {
  const [credential] = credentials
  if (credential === undefined) return 'What it sends is filled in.'
  return credential.secret === null
    ? `What it sends is filled in; its secret goes into the credential ${credential.name}.`
    : `What it sends is filled in; its secret becomes the credential ${credential.name}.`
}

/** Keeps the secrets that came with a new step, and says what could not be taken over. */
export async function keepWithStep({
  input = {},
  credentials = [],
  notes = [],
  host = typeof input.url === 'string' && !input.url.includes('{{') ? URL.parse(input.url)?.host : undefined,
}: StepPreset): Promise<void> {
  if (credentials.length === 0 && notes.length === 0) return
  const kept: string[] = []
  try {
    for (const { name, type, secret } of credentials) {
      if (secret === null) continue
      await api.credentials.set({ name, type, secret, hosts: host ? [host] : null })
      kept.push(name)
    }
  } catch (thrown) {
    toast({ title: 'The secret was not kept', detail: describeFailure(thrown).message, tone: 'error' })
  }
  if (kept.length > 0) await reloadCredentials()
  const [first] = kept
  const title = first === undefined ? 'The step was filled in' : `The secret is kept as ${first}`
  const more = notes.length > 3 ? `${notes.length - 3} more.` : ''
  const detail = [...notes.slice(0, 3), more].filter(Boolean).join(' ')
  toast({ title, ...(detail !== '' && { detail }), tone: notes.length > 0 ? 'notice' : 'success' })
}
