import { isJsonObject, textOf } from '../../../domain/values/json.ts'
import { addressAt } from '../../ai/ai-account.ts'
import { chatOperation, embedOperation, modelList, modelsOperation } from '../../ai/openai-operations.ts'
import { defineApp } from '../../define-app.ts'
import { json, texts } from '../../service/fields.ts'
import { operation } from '../../service/operation.ts'
import { hue, icon } from './logo.ts'

/** OpenRouter (https://openrouter.ai/docs/api-reference), which speaks as OpenAI does. */
export const openrouter = defineApp({
  id: 'openrouter',
  title: 'OpenRouter',
  icon,
  hue,
  address: addressAt('openrouter'),
  account: 'needed',
  alsoTakes: ['ai'],
  takesKey: false,
  answers: {
    // The maker behind it may fail after OpenRouter has answered 200.
    refusal(body) {
      const error = isJsonObject(body) ? (body.error ?? null) : null
      if (!isJsonObject(error)) return null
      const code = Number(error.code)
      return { says: textOf(error.message ?? ''), ...(code >= 400 && code < 600 && { status: code }) }
    },
  },
  lists: { models: modelList('name') },
  actions: [
    chatOperation({
      title: 'Chat by OpenRouter',
      keywords: ['model', 'completion', 'llm', 'claude', 'gpt', 'llama', 'gemini'],
      model: 'maker/model',
      fields: {
        models: texts('Other models', {
          optional: true,
          advanced: true,
          help: 'That are asked where the first cannot answer, one a line.',
        }),
        provider: json('Makers', { optional: true, advanced: true, placeholder: '{"order":["groq"]}' }),
      },
    }),
    embedOperation({
      title: 'Make embeddings by OpenRouter',
      keywords: ['vector', 'semantic', 'similarity'],
      model: 'maker/model',
    }),
    modelsOperation({
      title: 'List the models of OpenRouter',
      keywords: ['price', 'get many', 'llm'],
      sample: {
        id: 'openai/gpt-4o',
        name: 'OpenAI: GPT-4o',
        context_length: 128_000,
        pricing: { prompt: '0.0000025' },
      },
    }),
    operation({
      name: 'credits',
      title: 'Credit at OpenRouter',
      description: 'Reads how much was paid, and how much of it was used up.',
      keywords: ['money', 'balance', 'usage'],
      request: 'GET /credits',
      result: 'data',
      sample: { total_credits: 20, total_usage: 4.2 },
    }),
  ],
})
