import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import type { AccountAddress } from '../app-parts.ts'
import { type CredentialFields, defineCredential, enteredFields } from '../credential.ts'
import { howTo } from '../service/accounts.ts'
import { MAKERS, type MakerKind } from './makers.ts'

/** An account at a maker of models, or a server of one's own that speaks as one of them does. */
export const aiAccount = defineCredential({
  id: 'ai',
  title: 'AI model',
  fields: [
    {
      name: 'kind',
      title: 'Speaks as',
      isSecret: false,
      choices: [
        { value: 'openai', label: 'OpenAI, or a server that speaks as it does (Mistral, vLLM …)' },
        { value: 'anthropic', label: 'Anthropic' },
        { value: 'gemini', label: 'Google Gemini' },
        { value: 'groq', label: 'Groq' },
        { value: 'openrouter', label: 'OpenRouter' },
        { value: 'ollama', label: 'Ollama' },
        { value: 'lmstudio', label: 'LM Studio' },
      ],
    },
    {
      name: 'baseUrl',
      title: 'Address',
      help: 'Of another service or a server of your own; that of the maker when empty, for Ollama and LM Studio that on this computer.',
      placeholder: 'https://api.openai.com/v1',
      isSecret: false,
      isOptional: true,
    },
    { name: 'apiKey', title: 'API key', help: 'Servers of your own need none.', isSecret: true, isOptional: true },
  ],
  help: howTo(
    'Where keys are made',
    { title: 'OpenAI', link: { title: 'API keys', url: 'https://platform.openai.com/api-keys' } },
    { title: 'Anthropic', link: { title: 'API keys', url: 'https://console.anthropic.com/settings/keys' } },
    { title: 'Google Gemini', link: { title: 'AI Studio', url: 'https://aistudio.google.com/apikey' } },
    { title: 'Groq', link: { title: 'API keys', url: 'https://console.groq.com/keys' } },
    { title: 'OpenRouter', link: { title: 'API keys', url: 'https://openrouter.ai/keys' } },
    {
      title: 'On this computer',
      text: 'Ollama needs no key. LM Studio neither: switch its server on in the tab “Developer”.',
      link: { title: 'Ollama', url: 'https://ollama.com' },
    },
  ),
  signIn: ({ kind, apiKey }) => (apiKey ? { headers: MAKERS[kindOf(kind)].signIn(apiKey) } : {}),
  async test({ fields, at }) {
    const { maker, address } = readAccount(fields)
    const models = await maker.models(at(address))
    return `${models.length} model${models.length === 1 ? '' : 's'}`
  },
})

const kindSchema = z.enum(['openai', 'anthropic', 'gemini', 'groq', 'openrouter', 'ollama', 'lmstudio'])

function kindOf(kind: string | undefined): MakerKind {
  const parsed = kindSchema.safeParse(kind)
  if (parsed.success) return parsed.data
  const message = `The AI credential says that it speaks as "${kind ?? ''}": choose one of ${kindSchema.options.join(', ')}.`
  throw new StepError({ code: 'bad-credential', message, retryable: false })
}

/** The maker that an account speaks to, and where that is. */
export function readAccount({ kind, baseUrl }: CredentialFields) {
  const maker = MAKERS[kindOf(kind)]
  const own = baseUrl?.trim() || undefined
  // Of servers that speak as OpenAI does in the main, some refuse what asks for the count of tokens at the end of a stream.
  const streams = kind !== 'openai' || own === undefined
  return { kind: kindOf(kind), maker, address: own ?? maker.address, streams }
}

/** The same of a stored secret. */
export function readSecret(secret: string): ReturnType<typeof readAccount> {
  return readAccount(enteredFields(secret) ?? {})
}

/**
 * Where the app of one maker finds an account of its: that of the maker, or a server of one's own. An account that speaks as OpenAI serves
 * those who speak as it does, where it names their address. `root`: without the version that ends it, for an API beside that of OpenAI.
 */
export function addressAt(kind: MakerKind, { root = false }: { readonly root?: boolean } = {}): AccountAddress {
  const part = (address: string) => (root ? address.replace(/\/v1\/?$/, '') : address)
  const { title, address: known } = MAKERS[kind]
  return {
    known: [known],
    ofAccount(fields) {
      const account = readAccount(fields)
      const isLike =
        account.kind === 'openai' && Boolean(fields.baseUrl?.trim()) && kind !== 'anthropic' && kind !== 'gemini'
      if (account.kind === kind || isLike) return part(account.address)
      const message = `The account is one at ${account.maker.title}, but this step asks ${title}: choose another account.`
      throw new StepError({ code: 'bad-credential', message, retryable: false })
    },
  }
}
