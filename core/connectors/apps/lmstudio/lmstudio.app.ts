import { addressAt } from '../../ai/ai-account.ts'
import {
  chatOperation,
  embedOperation,
  modelList,
  modelsOperation,
  respondOperation,
} from '../../ai/openai-operations.ts'
import { defineApp } from '../../define-app.ts'
import { hue, icon } from './logo.ts'

/** LM Studio's server (https://lmstudio.ai/docs/developer/openai-compat), which speaks as OpenAI does. */
export const lmstudio = defineApp({
  id: 'lmstudio',
  title: 'LM Studio',
  icon,
  hue,
  address: addressAt('lmstudio'),
  account: 'needed',
  alsoTakes: ['ai'],
  takesKey: false,
  lists: { models: modelList() },
  actions: [
    chatOperation({
      title: 'Chat with LM Studio',
      keywords: ['local', 'model', 'llm', 'completion', 'private'],
      model: 'qwen3-8b',
      most: 'max_tokens',
    }),
    respondOperation({
      title: 'Ask LM Studio',
      keywords: ['local', 'model', 'llm', 'responses', 'private'],
      model: 'qwen3-8b',
    }),
    embedOperation({
      title: 'Make embeddings with LM Studio',
      keywords: ['local', 'vector', 'semantic', 'similarity'],
      model: 'text-embedding-nomic-embed-text-v1.5',
    }),
    modelsOperation({
      title: 'List the models of LM Studio',
      keywords: ['local', 'get many'],
      sample: { id: 'qwen3-8b', object: 'model', owned_by: 'organization_owner' },
    }),
  ],
})
