import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
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
        {
          value: 'openai',
          label: 'OpenAI (and all that are compatible: Ollama, LM Studio, Groq, OpenRouter, Mistral …)',
        },
        { value: 'anthropic', label: 'Anthropic' },
        { value: 'gemini', label: 'Google Gemini' },
      ],
    },
    {
      name: 'baseUrl',
      title: 'Address',
      help: 'Of another service or a server of your own; that of the maker when empty. Ollama: http://127.0.0.1:11434/v1',
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
    {
      title: 'On this computer',
      text: 'Ollama needs no key: only its address.',
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

const kindSchema = z.enum(['openai', 'anthropic', 'gemini'])

function kindOf(kind: string | undefined): MakerKind {
  const parsed = kindSchema.safeParse(kind)
  if (parsed.success) return parsed.data
  const message = `The AI credential says that it speaks as "${kind ?? ''}": choose openai, anthropic or gemini.`
  throw new StepError({ code: 'bad-credential', message, retryable: false })
}

/** The maker that an account speaks to, and where that is. */
export function readAccount({ kind, baseUrl }: CredentialFields) {
  const maker = MAKERS[kindOf(kind)]
  return { kind: kindOf(kind), maker, address: baseUrl?.trim() || maker.address }
}

/** The same of a stored secret. */
export function readSecret(secret: string): ReturnType<typeof readAccount> {
  return readAccount(enteredFields(secret) ?? {})
}
