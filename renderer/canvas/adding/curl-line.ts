import { useEffect, useState } from 'react'
import { looksLikeCurl } from '../../../core/domain/curl/command-text.ts'
import { api } from '../../api/client.ts'
import { describeFailure } from '../../api/failure.ts'
import { reloadCredentials, useCredentials } from '../../credentials/credentials.ts'
import type { StepPreset } from '../../draft/operations/insert-steps.ts'
import { toast } from '../../ui/layers/toast.tsx'

/** What an HTTP step has already that was made of a line of curl. Null where there is none in the text. `taken` are names of credentials. */
export async function presetOfCurl(text: string, taken: ReadonlySet<string>): Promise<StepPreset | null> {
  const { curlStep } = await import('../../../core/domain/curl/curl-step.ts')
  const made = curlStep(text, taken)
  if (made === null) return null
  const { step, credentials, problems } = made
  return { input: step.input, credentials, notes: problems }
}

/** The step of a search that is a line of curl; null for any other search, and while it is read. */
export function useCurlLine(search: string): StepPreset | null {
  const credentials = useCredentials().data
  const [read, setRead] = useState<{ search: string; preset: StepPreset | null } | null>(null)
  useEffect(() => {
    if (!looksLikeCurl(search)) return
    let isOver = false
    void presetOfCurl(search, new Set(credentials?.map(({ name }) => name))).then((preset) => {
      if (!isOver) setRead({ search, preset })
    })
    return () => {
      isOver = true
    }
  }, [search, credentials])
  return read?.search === search ? read.preset : null
}

/** How the line of such a step says what it is. */
export function curlWords({ credentials = [] }: StepPreset): string {
  const [credential] = credentials
  if (credential === undefined) return 'What it sends is filled in.'
  return credential.secret === null
    ? `What it sends is filled in; its secret goes into the credential ${credential.name}.`
    : `What it sends is filled in; its secret becomes the credential ${credential.name}.`
}

/** Keeps the secrets that came with a new step, and says what could not be taken over. */
export async function keepWithStep({ input = {}, credentials = [], notes = [] }: StepPreset): Promise<void> {
  if (credentials.length === 0 && notes.length === 0) return
  const host = typeof input.url === 'string' && !input.url.includes('{{') ? URL.parse(input.url)?.host : undefined
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
