import { z } from 'zod'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { filesTouched } from '../kit/file-value.ts'
import { answeredSchema, askModel, schemaOf } from './ask-model.ts'
import { askFields, modelFields, models, textField } from './fields.ts'

/** Asks a model. */
export const aiPrompt = defineAction({
  id: 'ai.prompt',
  title: 'Ask an AI model',
  description: 'Sends a prompt to a model, with pictures and PDFs where there are some, and returns its answer.',
  keywords: [
    'chatgpt',
    'gpt',
    'openai',
    'claude',
    'gemini',
    'ollama',
    'llm',
    'chat',
    'generate text',
    'summarise',
    'translate',
    'artificial intelligence',
  ],
  icon: 'sparkles',
  category: 'code',
  summary: '{model}',
  // It changes nothing in the world. Asked again after it was cut off, it costs again.
  effect: 'idempotent',
  actsByFetch: false,
  takesLarge: true,
  touches: ({ files }) => filesTouched(files),
  timeoutMs: 300_000,
  options: { models },
  input: z.strictObject({
    ...modelFields,
    prompt: textField('Prompt', 'Summarise this mail in one sentence: {{ mail.text }}').refine(
      (value) => textOf(value).trim() !== '',
      {
        error: 'needs a text',
      },
    ),
    system: jsonSchema.optional().meta({
      title: 'Instructions',
      description: 'How it is to behave, whatever is asked.',
      ui: { widget: 'template-long', placeholder: 'You answer in German, briefly.' },
    }),
    files: jsonSchema.optional().meta({
      title: 'Files',
      description: 'Pictures and PDFs: a file of an earlier step, a list of them, or a path.',
      ui: { widget: 'file-path', mustExist: true },
    }),
    schema: jsonSchema.optional().meta({
      title: 'Shape of the answer',
      description: 'A JSON Schema: the answer is then JSON, and is checked.',
      ui: { widget: 'json', advanced: true },
    }),
    ...askFields,
  }),
  output: answeredSchema,
  sample: {
    text: 'A customer asks when order 42 arrives.',
    json: null,
    model: 'gpt-5-mini',
    usage: { inputTokens: 120, outputTokens: 12 },
  },
  async run(ctx) {
    const { prompt, system, schema, ...input } = ctx.input
    const output = await askModel(ctx, {
      ...input,
      prompt: textOf(prompt),
      system: system === undefined || textOf(system) === '' ? undefined : textOf(system),
      schema: schemaOf(schema),
    })
    return { output }
  },
})
