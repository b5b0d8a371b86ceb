import { addressAt } from '../../ai/ai-account.ts'
import { MAKERS } from '../../ai/makers.ts'
import { chatOperation, modelList, modelsOperation, transcribeOperation } from '../../ai/openai-operations.ts'
import { defineApp } from '../../define-app.ts'
import { choice } from '../../service/fields.ts'
import { hue, icon } from './logo.ts'

/** Groq (https://console.groq.com/docs/api-reference), which speaks as OpenAI does. */
export const groq = defineApp({
  id: 'groq',
  title: 'Groq',
  icon,
  hue,
  address: addressAt('groq'),
  account: 'needed',
  alsoTakes: ['ai'],
  takesKey: false,
  answers: MAKERS.groq.answers,
  lists: { models: modelList() },
  actions: [
    chatOperation({
      title: 'Chat with Groq',
      keywords: ['llama', 'model', 'completion', 'fast'],
      model: 'llama-…',
      fields: {
        effort: choice(
          'Effort',
          { none: 'None', default: 'Usual', low: 'Low', medium: 'Medium', high: 'High' },
          { as: 'reasoning_effort', optional: true, advanced: true },
        ),
      },
    }),
    transcribeOperation({
      title: 'Write down speech with Groq',
      keywords: ['speech to text', 'audio', 'whisper', 'transcript'],
      model: 'whisper-…',
    }),
    modelsOperation({
      title: 'List the models of Groq',
      keywords: ['llama', 'get many'],
      sample: { id: 'llama-3.3-70b-versatile', object: 'model', owned_by: 'Meta' },
    }),
  ],
})
