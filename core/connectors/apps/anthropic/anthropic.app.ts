import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { addressAt } from '../../ai/ai-account.ts'
import { MAKERS } from '../../ai/makers.ts'
import { jsonIn, messagesField, messagesOf, modelField, schemaField, systemField } from '../../ai/openai-operations.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { choice, file, json, longText, number, texts } from '../../service/fields.ts'
import { listOf, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { hue, icon } from './logo.ts'

const model = modelField('claude-…')
const pages: Pages = {
  items: 'data',
  size: { as: 'limit', most: 1_000 },
  next: { by: 'cursor', at: 'last_id', as: 'after_id' },
  end: { at: 'has_more', is: false },
}
const keywords = ['claude', 'model', 'llm']

/** What is said, with a picture or a PDF where there is one. */
function contentOf(prompt: Json, read: { contentType: string; content: Uint8Array } | null): Json {
  if (read === null) return prompt
  const { contentType, content } = read
  const source = { type: 'base64', media_type: contentType, data: Buffer.from(content).toString('base64') }
  return [
    { type: contentType.startsWith('image/') ? 'image' : 'document', source },
    { type: 'text', text: prompt },
  ]
}

/** Anthropic's Claude (https://platform.claude.com/docs/en/api). */
export const anthropic = defineApp({
  id: 'anthropic',
  title: 'Anthropic Claude',
  icon,
  hue,
  address: addressAt('anthropic'),
  account: 'needed',
  alsoTakes: ['ai'],
  takesKey: false,
  answers: MAKERS.anthropic.answers,
  lists: { models: listOf({ request: 'GET /v1/models', pages, value: 'id', label: 'display_name', hint: 'id' }) },
  actions: [
    operation({
      name: 'message',
      title: 'Ask Claude',
      description: 'Answers a prompt, with a picture or a PDF, or by the tools that it may ask for.',
      keywords: [...keywords, 'chat', 'completion'],
      summary: '{prompt}',
      effect: 'idempotent',
      timeoutMs: 600_000,
      fields: {
        model,
        prompt: longText('Prompt'),
        system: systemField,
        file: file('Picture or PDF', { optional: true }),
        messages: messagesField,
        schema: schemaField,
        most: number('Tokens at most', { min: 1, optional: true, help: '4096 when empty.', advanced: true }),
        effort: choice(
          'Effort',
          { low: 'Low', medium: 'Medium', high: 'High', xhigh: 'Very high', max: 'Most' },
          { optional: true, advanced: true },
        ),
        tools: json('Tools', {
          optional: true,
          advanced: true,
          placeholder: '[{"name":"weather","description":"…","input_schema":{"type":"object"}}]',
        }),
        toolChoice: json('Which tool', { optional: true, advanced: true, placeholder: '{"type":"any"}' }),
        thinking: json('Thinking', { optional: true, advanced: true, placeholder: '{"type":"adaptive"}' }),
        stops: texts('Ends at', { optional: true, advanced: true, help: 'Words, one a line.' }),
      },
      sample: {
        id: 'msg_013Zva2CMHLNnXjNJJKqJ2EF',
        text: 'Paris.',
        tools: [],
        finish: 'end_turn',
        usage: { input_tokens: 12, output_tokens: 2 },
      },
      async run({ http, files, input }) {
        const { system, schema, most = 4_096, effort, tools, toolChoice, thinking, stops } = input
        const read = input.file === undefined ? null : await files.read(input.file, 'file')
        const body = {
          model: input.model ?? '',
          max_tokens: most,
          ...(system !== undefined && { system }),
          messages: [...messagesOf(input), { role: 'user', content: contentOf(input.prompt ?? '', read) }],
          ...((schema !== undefined || effort !== undefined) && {
            output_config: {
              ...(effort !== undefined && { effort }),
              ...(schema !== undefined && { format: { type: 'json_schema', schema } }),
            },
          }),
          ...(tools !== undefined && { tools }),
          ...(toolChoice !== undefined && { tool_choice: toolChoice }),
          ...(thinking !== undefined && { thinking }),
          ...(stops !== undefined && { stop_sequences: stops }),
        }
        const answer = (await http({ method: 'POST', path: 'v1/messages', body })).body
        const content = valueAt(answer, readPath('content')) ?? null
        const blocks = (isJsonList(content) ? content : []).filter(isJsonObject)
        const words = blocks.map((one) => (one.type === 'text' ? textOf(one.text ?? '') : '')).join('')
        return {
          id: valueAt(answer, readPath('id')) ?? null,
          text: words,
          ...(schema !== undefined && { data: jsonIn(words) }),
          tools: blocks.flatMap(({ type, id = null, name = null, input: given = null }) =>
            type === 'tool_use' ? [{ id, name, input: given }] : [],
          ),
          finish: valueAt(answer, readPath('stop_reason')) ?? null,
          usage: valueAt(answer, readPath('usage')) ?? null,
        }
      },
    }),
    operation({
      name: 'count-tokens',
      title: 'Count tokens for Claude',
      description: 'Says how many tokens a prompt has, without asking it.',
      keywords: [...keywords, 'length', 'price'],
      summary: '{prompt}',
      effect: 'none',
      fields: { model, prompt: longText('Prompt'), system: systemField, messages: messagesField },
      sample: { input_tokens: 14 },
      async run({ http, input }) {
        const { system, prompt = '' } = input
        const messages = [...messagesOf(input), { role: 'user', content: prompt }]
        const body = { model: input.model ?? '', messages, ...(system !== undefined && { system }) }
        return (await http({ method: 'POST', path: 'v1/messages/count_tokens', body })).body
      },
    }),
    operation({
      name: 'models',
      title: 'List the models of Claude',
      description: 'Reads which models the account may use.',
      keywords: [...keywords, 'get many'],
      request: 'GET /v1/models',
      pages,
      sample: {
        items: [{ id: 'claude-opus-4-1', display_name: 'Claude Opus 4.1', created_at: '2026-08-05T00:00:00Z' }],
        count: 1,
        hasMore: false,
      },
    }),
    operation({
      name: 'upload-file',
      title: 'Upload a file to Claude',
      description: 'Uploads a file, to which prompts can refer.',
      keywords: [...keywords, 'document', 'attachment'],
      fields: { file: file('File') },
      sample: { id: 'file_011CNha8iCJcU1wXNR6q4V8w', filename: 'report.pdf', size_bytes: 12_345 },
      async run({ http, files, input }) {
        const read = await files.read(input.file ?? '', 'file')
        return (await http({ method: 'POST', path: 'v1/files', parts: [{ name: 'file', ...read }] })).body
      },
    }),
    operation({
      name: 'batch',
      title: 'Ask Claude many things at once',
      description: 'Hands over many prompts, which are answered within a day for less.',
      keywords: [...keywords, 'bulk', 'cheap'],
      request: 'POST /v1/messages/batches',
      fields: {
        requests: json('Prompts', {
          placeholder:
            '[{"custom_id":"1","params":{"model":"claude-…","max_tokens":1024,"messages":[{"role":"user","content":"Hi"}]}}]',
        }),
      },
      sample: { id: 'msgbatch_013Zva2CMHLNnXjNJJKqJ2EF', processing_status: 'in_progress', results_url: null },
    }),
  ],
})
