import { z } from 'zod'
import { isJsonObject, type Json } from '../../../domain/values/json.ts'
import type { ServiceFiles } from '../../app-parts.ts'
import type { AppClient } from '../../app-request.ts'
import { appPoll } from '../../app-triggers.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { howTo, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, file, json, longText, number, text, texts, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { operation } from '../../service/operation.ts'
import { textAt } from '../../service/parts.ts'
import type { Entered, ServiceFields } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const chat = text('Chat', {
  as: 'chat_id',
  placeholder: '-1001234567890 or @channel',
  help: 'The number of a chat, as a message that came in has it, or the @name of a channel.',
})
const format = choice(
  'Format',
  { HTML: 'HTML', MarkdownV2: 'Markdown' },
  { optional: true, as: 'parse_mode', advanced: true },
)
const silent = yesNo('Without a sound', { as: 'disable_notification', advanced: true })
const thread = number('Topic', {
  as: 'message_thread_id',
  optional: true,
  advanced: true,
  help: 'Of a group with topics.',
})
const replyTo = number('Replies to', {
  as: 'reply_parameters.message_id',
  optional: true,
  advanced: true,
  help: 'The number of a message in the same chat.',
})
const buttons = json('Buttons and keyboard', {
  as: 'reply_markup',
  optional: true,
  advanced: true,
  placeholder: '{"inline_keyboard":[[{"text":"Yes","callback_data":"yes"}]]}',
})

const message = {
  message_id: 42,
  date: 1_764_000_000,
  chat: { id: 123_456, type: 'private', first_name: 'Ada' },
  text: 'The backup is done.',
}

/** Sends something that is a file, an address or the id of a file that Telegram has (https://core.telegram.org/bots/api#sending-files). */
function sends(kind: 'photo' | 'document' | 'video' | 'audio', title: string, words: readonly string[]) {
  const fields: ServiceFields = {
    chat,
    [kind]: file(title, {
      help: 'A file of an earlier step, a path, an https address, or the id of a file at Telegram.',
    }),
    caption: longText('Caption', { optional: true, most: 1_024 }),
    format,
    silent,
    thread,
    replyTo,
    buttons,
  }
  return operation({
    name: `send-${kind}`,
    title: `Send ${kind === 'audio' ? 'audio' : kind === 'document' ? 'a file' : `a ${kind}`} on Telegram`,
    description: `Sends ${title.toLowerCase()} to a chat.`,
    keywords: words,
    summary: '{chat}',
    fields,
    sample: { ...message, [kind]: { file_id: 'AgACAgIAAx', file_unique_id: 'AQAD' } },
    async run({ http, files, input }) {
      const given = input[kind] ?? ''
      const rest = fieldsOf(input)
      const method = `bot{token}/send${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`
      if (typeof given === 'string' && /^https?:\/\/|^[\w-]{20,}$/.test(given)) {
        return resultOf(http, method, { ...rest, [kind]: given })
      }
      const parts = Object.entries(rest).map(([name, value]) => ({
        name,
        value: typeof value === 'string' ? value : JSON.stringify(value),
      }))
      const read = await files.read(given, kind)
      const answer = await http({ method: 'POST', path: method, parts: [...parts, { name: kind, ...read }] })
      return valueAt(answer.body, readPath('result')) ?? {}
    },
  })
}

/** What is sent beside a file, as Telegram names it. */
function fieldsOf({
  chat: to,
  caption,
  format: mode,
  silent: quiet,
  thread: topic,
  replyTo: reply,
  buttons: markup,
}: Entered) {
  const fields: Record<string, Json | undefined> = {
    chat_id: to,
    caption,
    parse_mode: mode,
    disable_notification: quiet === true ? true : undefined,
    message_thread_id: topic,
    reply_parameters: reply === undefined ? undefined : { message_id: reply },
    reply_markup: markup,
  }
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

async function resultOf(http: AppClient, path: string, body: Json): Promise<Json> {
  const answer = await http({ method: 'POST', path, body })
  return valueAt(answer.body, readPath('result')) ?? {}
}

async function download(http: AppClient, files: ServiceFiles, id: Json): Promise<Json> {
  const found = await http({ method: 'POST', path: 'bot{token}/getFile', body: { file_id: id } })
  const { result } = found.as(fileSchema)
  const answer = await http({ path: `file/bot{token}/${result.file_path}`, maxBytes: 20_971_520, takesFile: true })
  const name = result.file_path.split('/').at(-1) ?? 'file'
  return { file: await files.keep(name, answer.bytes), path: result.file_path }
}

const fileSchema = z.object({
  result: z.object({
    file_path: z
      .string()
      .max(1_000)
      .regex(/^[\w./-]+$/),
  }),
})
const updatesSchema = z.object({ result: z.array(z.looseObject({ update_id: z.int() })) })

/**
 * What is written to the bot. To ask with a number confirms, and so deletes, what came before it, so the number is stored with the events of the
 * poll before (https://core.telegram.org/bots/api#getupdates). One program may ask at a time.
 */
const update = appPoll({
  name: 'update',
  title: 'Message to a Telegram bot',
  description: 'Starts for each message to the bot, each button that is pressed, and each post in its channels.',
  keywords: ['chat', 'bot', 'receive', 'incoming', 'telegram trigger', 'callback'],
  summary: '',
  every: '10s',
  input: z.strictObject({}),
  output: z.record(z.string(), z.json()),
  sample: { update_id: 1, message: { ...message, from: { id: 7, first_name: 'Ada', is_bot: false } } },
  async poll({ http, cursor }) {
    const offset = typeof cursor === 'number' ? cursor : 0
    const body = { offset, limit: 100, timeout: 0, allowed_updates: KINDS }
    const { result } = (await http({ method: 'POST', path: 'bot{token}/getUpdates', body })).as(updatesSchema)
    const last = result.at(-1)
    return {
      events: result.map((one) => ({ key: String(one.update_id), data: z.json().parse(one) })),
      cursor: last === undefined ? offset : last.update_id + 1,
    }
  },
})
const KINDS = ['message', 'edited_message', 'channel_post', 'callback_query']

/** Telegram's API for bots (https://core.telegram.org/bots/api). */
export const telegram = defineApp({
  id: 'telegram',
  title: 'Telegram',
  icon,
  hue,
  address: 'https://api.telegram.org',
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'telegram',
      title: 'Telegram bot',
      secret: { title: 'Token', placeholder: '123456:ABC-DEF…' },
      help: howTo(
        'A bot in two steps',
        { title: 'Write /newbot to @BotFather', link: { title: 'BotFather', url: 'https://t.me/BotFather' } },
        { title: 'Paste the token here', text: 'To let it write to a group, add the bot there.' },
      ),
      signIn: (token) => ({ path: { token } }),
      test: whoIs({ address: 'https://api.telegram.org', path: 'bot{token}/getMe', name: ['result.username'] }),
    }),
  ],
  answers: {
    says: ['description'],
    waits: (body) => {
      const seconds = valueAt(body, readPath('parameters.retry_after'))
      return typeof seconds === 'number' ? seconds * 1_000 : undefined
    },
    refusal: (body) =>
      isJsonObject(body) && body.ok === false
        ? {
            says: typeof body.description === 'string' ? body.description : '',
            ...(typeof body.error_code === 'number' && { status: body.error_code }),
          }
        : null,
  },
  triggers: [
    update,
    hookTrigger({
      name: 'update-webhook',
      title: 'Telegram tells of a message',
      description:
        'Starts at once for each message to the bot. While it does, the bot cannot be asked by the other trigger.',
      keywords: ['webhook', 'bot', 'chat', 'at once'],
      fields: {
        kinds: texts('What', {
          optional: true,
          placeholder: 'message',
          help: 'message, callback_query …; the usual ones when empty.',
        }),
      },
      verify: { scheme: 'header', header: 'X-Telegram-Bot-Api-Secret-Token' },
      subscribe: 'POST /bot{token}/setWebhook',
      body: ({ url, secret }, { kinds }) => ({
        url,
        secret_token: secret,
        ...(kinds !== undefined && { allowed_updates: kinds }),
      }),
      id: () => 'webhook',
      unsubscribe: 'POST /bot{token}/deleteWebhook',
      events: ({ body }) => [{ key: textAt(body, 'update_id') || null, data: body }],
      sample: {
        update_id: 873_214,
        message: {
          message_id: 42,
          chat: { id: 1234, type: 'private' },
          from: { id: 1234, first_name: 'Ada' },
          text: 'Hello!',
        },
      },
    }),
  ],
  actions: [
    operation({
      name: 'send-message',
      title: 'Send a Telegram message',
      description: 'Writes to a person, a group or a channel, as your bot.',
      keywords: ['chat', 'text', 'bot', 'notify', 'message'],
      request: 'POST /bot{token}/sendMessage',
      fields: {
        chat,
        text: longText('Text', { most: 4_096 }),
        format,
        silent,
        noPreview: yesNo('Without a preview of links', { as: 'link_preview_options.is_disabled', advanced: true }),
        protect: yesNo('May not be forwarded', { as: 'protect_content', advanced: true }),
        thread,
        replyTo,
        buttons,
      },
      result: 'result',
      sample: message,
    }),
    sends('photo', 'Photo', ['image', 'picture']),
    sends('document', 'File', ['attachment', 'document', 'upload']),
    sends('video', 'Video', ['movie', 'clip']),
    sends('audio', 'Audio', ['music', 'sound', 'voice']),
    operation({
      name: 'edit-message',
      title: 'Edit a Telegram message',
      description: 'Puts another text in the place of that of a message of the bot.',
      request: 'POST /bot{token}/editMessageText',
      effect: 'idempotent',
      fields: {
        chat,
        message: number('Message', { as: 'message_id' }),
        text: longText('Text', { most: 4_096 }),
        format,
        buttons,
      },
      result: 'result',
      sample: message,
    }),
    operation({
      name: 'delete-message',
      title: 'Delete a Telegram message',
      description: 'Deletes a message in a chat.',
      request: 'POST /bot{token}/deleteMessage',
      effect: 'idempotent',
      fields: { chat, message: number('Message', { as: 'message_id' }) },
      result: 'result',
      sample: { value: true },
    }),
    operation({
      name: 'chat-action',
      title: 'Show that the Telegram bot is typing',
      description: 'Shows for some seconds that the bot is writing, or sends something.',
      keywords: ['typing', 'status'],
      request: 'POST /bot{token}/sendChatAction',
      effect: 'idempotent',
      fields: {
        chat,
        action: choice('Shows', {
          typing: 'Typing',
          upload_photo: 'Sends a photo',
          upload_document: 'Sends a file',
          record_voice: 'Records a message',
        }),
      },
      result: 'result',
      sample: { value: true },
    }),
    operation({
      name: 'get-file',
      title: 'Download a file from Telegram',
      description: 'Downloads a file that came with a message, up to 20 MB.',
      keywords: ['photo', 'voice', 'document', 'attachment'],
      effect: 'none',
      fields: { id: text('Id of the file', { placeholder: '{{ update.message.document.file_id }}' }) },
      sample: { file: { filename: 'file_1.jpg', contentType: 'image/jpeg', bytes: 12_345 }, path: 'photos/file_1.jpg' },
      run: ({ http, files, input }) => download(http, files, input.id ?? ''),
    }),
    operation({
      name: 'answer-callback',
      title: 'Answer a button on Telegram',
      description: 'Ends the waiting of a person who pressed a button, with a word to them.',
      keywords: ['callback', 'inline keyboard'],
      request: 'POST /bot{token}/answerCallbackQuery',
      effect: 'idempotent',
      fields: {
        query: text('Press of the button', { as: 'callback_query_id', placeholder: '{{ update.callback_query.id }}' }),
        text: text('Text', { optional: true, most: 200 }),
        alert: yesNo('In a window', { as: 'show_alert', advanced: true }),
      },
      result: 'result',
      sample: { value: true },
    }),
  ],
})
