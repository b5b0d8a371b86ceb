import { type Json, textOf } from '../../../domain/values/json.ts'
import { addressAt } from '../../ai/ai-account.ts'
import {
  chatOperation,
  imageField,
  imageOf,
  jsonIn,
  messagesField,
  messagesOf,
  modelField,
  schemaField,
  systemField,
  temperatureField,
  tokensField,
} from '../../ai/openai-operations.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { longText, number, text, texts, yesNo } from '../../service/fields.ts'
import { listOf, operation } from '../../service/operation.ts'
import type { Entered } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

/** A model is loaded at the first question, which takes its time. */
const PATIENCE_MS = 900_000

const asked = {
  model: modelField('llama3.2'),
  prompt: longText('Prompt'),
  system: systemField,
}
const ways = {
  image: imageField,
  schema: schemaField,
  think: yesNo('Thinks first', { advanced: true }),
  most: tokensField,
  temperature: temperatureField,
  context: number('Tokens that it sees', { min: 1, optional: true, advanced: true, help: 'num_ctx' }),
  keep: text('Keeps the model loaded', { optional: true, advanced: true, placeholder: '5m' }),
}

/** What both ways of asking say of how the model is to answer. */
function waysOf(input: Entered): Record<string, Json> {
  const { schema, think, most, temperature, context, keep } = input
  const options = {
    ...(temperature !== undefined && { temperature }),
    ...(context !== undefined && { num_ctx: context }),
    ...(most !== undefined && { num_predict: most }),
  }
  return {
    stream: false,
    ...(schema !== undefined && { format: schema }),
    ...(think === true && { think: true }),
    ...(keep !== undefined && { keep_alive: keep }),
    ...(Object.keys(options).length > 0 && { options }),
  }
}

function answerOf(body: Json, path: string, input: Entered): Json {
  const words = textOf(valueAt(body, readPath(path)) ?? '')
  const count = (name: string) => valueAt(body, readPath(name)) ?? null
  return {
    text: words,
    ...(input.schema !== undefined && { data: jsonIn(words) }),
    finish: count('done_reason'),
    usage: { prompt_tokens: count('prompt_eval_count'), completion_tokens: count('eval_count') },
  }
}

const sample = { text: 'Paris.', finish: 'stop', usage: { prompt_tokens: 12, completion_tokens: 2 } }
const keywords = ['local', 'model', 'llm', 'llama', 'private']

/** Ollama (https://github.com/ollama/ollama/blob/main/docs/api.md), on this computer or another. */
export const ollama = defineApp({
  id: 'ollama',
  title: 'Ollama',
  icon,
  hue,
  address: addressAt('ollama', { root: true }),
  account: 'needed',
  alsoTakes: ['ai'],
  takesKey: false,
  lists: {
    models: listOf({ request: 'GET /api/tags', pages: { items: 'models' }, value: 'name', label: 'name' }),
  },
  actions: [
    operation({
      name: 'chat',
      title: 'Chat with Ollama',
      description: 'Answers a prompt, after what was said before.',
      keywords,
      summary: '{prompt}',
      effect: 'none',
      timeoutMs: PATIENCE_MS,
      fields: { ...asked, messages: messagesField, ...ways },
      sample,
      async run({ http, files, input }) {
        const image = await imageOf(input, files)
        const body = {
          model: input.model ?? '',
          messages: [
            ...(input.system === undefined ? [] : [{ role: 'system', content: input.system }]),
            ...messagesOf(input),
            { role: 'user', content: input.prompt ?? '', ...(image && { images: [image.base64] }) },
          ],
          ...waysOf(input),
        }
        return answerOf((await http({ method: 'POST', path: 'api/chat', body })).body, 'message.content', input)
      },
    }),
    operation({
      name: 'generate',
      title: 'Ask Ollama',
      description: 'Answers a single prompt.',
      keywords: [...keywords, 'completion'],
      summary: '{prompt}',
      effect: 'none',
      timeoutMs: PATIENCE_MS,
      fields: { ...asked, ...ways },
      sample,
      async run({ http, files, input }) {
        const image = await imageOf(input, files)
        const body = {
          model: input.model ?? '',
          prompt: input.prompt ?? '',
          ...(input.system !== undefined && { system: input.system }),
          ...(image && { images: [image.base64] }),
          ...waysOf(input),
        }
        return answerOf((await http({ method: 'POST', path: 'api/generate', body })).body, 'response', input)
      },
    }),
    operation({
      name: 'embed',
      title: 'Make embeddings with Ollama',
      description: 'Makes vectors of texts, by which like ones are found.',
      keywords: ['local', 'vector', 'semantic', 'similarity'],
      request: 'POST /api/embed',
      effect: 'none',
      timeoutMs: PATIENCE_MS,
      fields: { model: modelField('nomic-embed-text'), input: texts('Texts', { most: 2_000, help: 'One a line.' }) },
      sample: { model: 'nomic-embed-text', embeddings: [[0.0101, -0.0017]], prompt_eval_count: 8 },
    }),
    operation({
      name: 'models',
      title: 'List the models of Ollama',
      description: 'Reads which models are there.',
      keywords: ['local', 'get many'],
      request: 'GET /api/tags',
      result: 'models',
      sample: {
        items: [{ name: 'llama3.2:latest', size: 2_019_393_189, details: { parameter_size: '3.2B' } }],
        count: 1,
      },
    }),
    chatOperation({
      name: 'chat-openai',
      title: 'Chat with Ollama, as with OpenAI',
      description: 'Answers a prompt in the way of OpenAI, for zaps that were made for that.',
      keywords: [...keywords, 'completion'],
      model: 'llama3.2',
      path: 'v1/chat/completions',
      most: 'max_tokens',
    }),
  ],
})
