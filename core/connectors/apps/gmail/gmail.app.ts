import { z } from 'zod'
import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, type Json, jsonSchema, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { appPoll } from '../../app-triggers.ts'
import { defineApp } from '../../define-app.ts'
import { messageIdOf } from '../../kit/mail-fields.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { GOOGLE_ACCOUNTS, googleAnswers } from '../../providers/google.ts'
import { choice, file, longText, text, texts, yesNo } from '../../service/fields.ts'
import { listOf, operation } from '../../service/operation.ts'
import { readPages } from '../../service/pages.ts'
import { textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { fetchAttachment, rawMessage, readForReply, shownMessage } from './gmail-messages.ts'
import { hue, icon } from './logo.ts'

const SEND = ['https://www.googleapis.com/auth/gmail.send']
const READ = ['https://www.googleapis.com/auth/gmail.readonly']
const MODIFY = ['https://www.googleapis.com/auth/gmail.modify']

const message = text('Message', { placeholder: '{{ mail.id }}', help: 'Its id.' })
const address = { placeholder: 'ada@example.com', help: 'With commas between several.' }
const bodyFields = {
  text: longText('Text', { optional: true }),
  html: longText('HTML', { optional: true, advanced: true }),
  cc: text('Cc', { ...address, optional: true, advanced: true }),
  bcc: text('Bcc', { ...address, optional: true, advanced: true }),
  from: text('From', { ...address, help: 'An address of the account.', optional: true, advanced: true }),
  replyTo: text('Answers go to', { ...address, optional: true, advanced: true }),
  attachments: file('Attachments', { optional: true, help: 'A file of an earlier step, a list of them, or a path.' }),
}
const mail = {
  id: '18f1c0de',
  threadId: '18f1c0de',
  from: 'Ada <ada@example.com>',
  to: 'you@example.com',
  cc: '',
  subject: 'Order 42',
  date: '2026-11-30T09:00:00.000Z',
  messageId: '<order-42@example.com>',
  snippet: 'Thank you for your order',
  text: 'Thank you for your order.',
  html: '',
  labels: ['INBOX', 'UNREAD'],
  attachments: [{ filename: 'invoice.pdf', contentType: 'application/pdf', bytes: 12_345, id: 'ANGjdJ8' }],
}
const sent = { id: '18f1c0de', threadId: '18f1c0de', labelIds: ['SENT'], messageId: '<…@hookline>' }

async function getMessage(http: AppClient, id: string): Promise<Json> {
  const answer = await http({
    path: `gmail/v1/users/me/messages/${pathPart('message', id)}`,
    query: { format: 'full' },
    maxBytes: 50_000_000,
  })
  return shownMessage(answer.body)
}

const listPages = (items: string) => ({
  items,
  size: { as: 'maxResults', most: 500 },
  next: { by: 'cursor' as const, at: 'nextPageToken', as: 'pageToken' },
})

const profileSchema = z.object({ historyId: z.string() })
const historySchema = z.object({
  historyId: z.string(),
  nextPageToken: z.string().optional(),
  history: z
    .array(z.object({ messagesAdded: z.array(z.object({ message: z.object({ id: z.string() }) })).default([]) }))
    .default([]),
})

/** Messages that came since a number of the history; null when that is too old for Gmail. */
async function addedSince(
  http: AppClient,
  since: string,
  label: string,
): Promise<{ ids: string[]; next: string } | null> {
  const ids: string[] = []
  let next = since
  let pageToken: string | undefined
  do {
    const query = { startHistoryId: since, historyTypes: 'messageAdded', labelId: label, maxResults: 500, pageToken }
    try {
      const page = (await http({ path: 'gmail/v1/users/me/history', query })).as(historySchema)
      ids.push(...page.history.flatMap(({ messagesAdded }) => messagesAdded.map((one) => one.message.id)))
      next = page.historyId
      pageToken = page.nextPageToken
    } catch (error) {
      if (error instanceof StepError && error.details.code === 'http-404') return null
      throw error
    }
  } while (pageToken !== undefined)
  return { ids: [...new Set(ids)], next }
}

/** A message that was deleted meanwhile is none. */
async function messagesOf(http: AppClient, ids: readonly string[]): Promise<Json[]> {
  const found: Json[] = []
  for (const id of ids) {
    try {
      found.push(await getMessage(http, id))
    } catch (error) {
      if (!(error instanceof StepError) || error.details.code !== 'http-404') throw error
    }
  }
  return found
}

const newMessage = appPoll({
  name: 'new-message',
  title: 'New mail in Gmail',
  description: 'Starts for each mail that comes in.',
  keywords: ['email', 'receive', 'inbox', 'mail'],
  summary: '{label}',
  every: '1m',
  scopes: READ,
  input: z.strictObject({
    label: z
      .string()
      .default('INBOX')
      .meta({ title: 'Label', ui: { widget: 'service-choice', options: { from: 'labels' }, placeholder: 'INBOX' } }),
    from: z
      .string()
      .optional()
      .meta({ title: 'Only from', ui: { placeholder: '@example.com' } }),
    subject: z.string().optional().meta({ title: 'Only where the subject has', ui: {} }),
  }),
  output: z.record(z.string(), z.json()),
  sample: mail,
  async poll({ input, http, cursor }) {
    const start = async () => (await http({ path: 'gmail/v1/users/me/profile' })).as(profileSchema).historyId
    const recent = async () => {
      const request = { path: 'gmail/v1/users/me/messages', query: { labelIds: input.label } }
      const { items } = await readPages(http, request, listPages('messages'), 25)
      return items.map((one) => textAt(one, 'id'))
    }
    const since = typeof cursor === 'string' ? cursor : null
    const added = since === null ? null : await addedSince(http, since, input.label)
    // At the first poll, and where Gmail has forgotten the number: what is newest; ids tell what a run was made of before.
    const next = added?.next ?? (await start())
    const messages = await messagesOf(http, added?.ids ?? (await recent()))
    const has = (one: Json, field: string, wanted: string | undefined) =>
      wanted === undefined ||
      textOf(valueAt(one, readPath(field)) ?? '')
        .toLowerCase()
        .includes(wanted.toLowerCase())
    const wanted = messages.filter((one) => has(one, 'from', input.from) && has(one, 'subject', input.subject))
    return {
      events: wanted.map((one) => ({ key: textAt(one, 'id'), data: jsonSchema.parse(one) })),
      cursor: next,
    }
  },
})

/** Gmail (https://developers.google.com/workspace/gmail/api/reference/rest). */
export const gmail = defineApp({
  id: 'gmail',
  title: 'Gmail',
  icon,
  hue,
  address: 'https://gmail.googleapis.com',
  account: 'needed',
  alsoTakes: GOOGLE_ACCOUNTS,
  takesKey: false,
  answers: googleAnswers,
  lists: {
    labels: listOf({
      request: 'GET /gmail/v1/users/me/labels',
      pages: { items: 'labels' },
      value: 'id',
      label: 'name',
    }),
  },
  triggers: [newMessage],
  actions: [
    operation({
      name: 'send',
      title: 'Send a mail with Gmail',
      description: 'Sends a mail from your Gmail address, with files where there are some.',
      keywords: ['email', 'e-mail', 'mail', 'send email'],
      summary: '{to}',
      scopes: SEND,
      fields: { to: text('To', address), subject: text('Subject', { most: 998 }), ...bodyFields },
      sample: sent,
      async run({ http, files, input, idempotencyKey }) {
        const messageId = messageIdOf(idempotencyKey)
        const raw = await rawMessage(input, files, { messageId })
        const { body } = await http({ method: 'POST', path: 'gmail/v1/users/me/messages/send', body: { raw } })
        return { ...Object(body), messageId }
      },
    }),
    operation({
      name: 'reply',
      title: 'Reply to a mail in Gmail',
      description: 'Answers a mail, in its thread.',
      keywords: ['email', 'answer'],
      scopes: [...SEND, ...READ],
      fields: { message, ...bodyFields },
      sample: sent,
      async run({ http, files, input, idempotencyKey }) {
        const { threadId, ...to } = await readForReply(http, textOf(input.message ?? ''))
        const messageId = messageIdOf(idempotencyKey)
        const raw = await rawMessage(input, files, { messageId, ...to })
        const { body } = await http({
          method: 'POST',
          path: 'gmail/v1/users/me/messages/send',
          body: { raw, threadId },
        })
        return { ...Object(body), messageId }
      },
    }),
    operation({
      name: 'list',
      title: 'Search mails in Gmail',
      description: 'Finds mails by the words of Gmail’s search, with their texts.',
      keywords: ['email', 'find', 'get many', 'search'],
      summary: '{q}',
      effect: 'none',
      scopes: READ,
      fields: {
        q: text('Search', { optional: true, placeholder: 'from:ada is:unread newer_than:2d' }),
        label: text('Label', { optional: true, from: { list: 'labels' } }),
        spam: yesNo('Spam and trash, too', { advanced: true }),
        limit: text('At most', { optional: true, advanced: true, help: 'Mails; 20 when empty, 100 at most.' }),
      },
      sample: { items: [mail], count: 1 },
      async run({ http, input }) {
        const query = {
          ...(input.q !== undefined && { q: textOf(input.q) }),
          ...(input.label !== undefined && { labelIds: textOf(input.label) }),
          ...(input.spam === true && { includeSpamTrash: true }),
        }
        const limit = Math.min(Math.max(Number(input.limit ?? 20) || 20, 1), 100)
        const request = { path: 'gmail/v1/users/me/messages', query }
        const { items } = await readPages(http, request, listPages('messages'), limit)
        const mails = await messagesOf(
          http,
          items.map((one) => textAt(one, 'id')),
        )
        return { items: mails, count: mails.length }
      },
    }),
    operation({
      name: 'get',
      title: 'Get a mail from Gmail',
      description: 'Reads a mail: who wrote it, its texts, and which files hang on it.',
      keywords: ['email', 'read'],
      effect: 'none',
      scopes: READ,
      fields: { message },
      sample: mail,
      run: ({ http, input }) => getMessage(http, textOf(input.message ?? '')),
    }),
    operation({
      name: 'get-attachment',
      title: 'Download a file of a mail in Gmail',
      description: 'Downloads a file that hangs on a mail.',
      keywords: ['email', 'attachment', 'file'],
      effect: 'none',
      scopes: READ,
      fields: {
        message,
        attachment: text('Attachment', { placeholder: '{{ mail.attachments[0].id }}', help: 'Its id.' }),
        filename: text('Name of the file', { optional: true, placeholder: '{{ mail.attachments[0].filename }}' }),
      },
      sample: { file: { filename: 'invoice.pdf', contentType: 'application/pdf', bytes: 12_345 } },
      run: ({ http, files, input }) => fetchAttachment(http, files, input),
    }),
    operation({
      name: 'modify-labels',
      title: 'Change labels of a mail in Gmail',
      description: 'Adds and removes labels: without UNREAD a mail is read, without INBOX it is archived.',
      keywords: ['email', 'mark as read', 'archive', 'label'],
      request: 'POST /gmail/v1/users/me/messages/{message}/modify',
      effect: 'idempotent',
      scopes: MODIFY,
      fields: {
        message,
        add: texts('Add', { as: 'addLabelIds', optional: true, placeholder: 'STARRED' }),
        remove: texts('Remove', { as: 'removeLabelIds', optional: true, placeholder: 'UNREAD' }),
      },
      sample: { id: '18f1c0de', threadId: '18f1c0de', labelIds: ['INBOX'] },
    }),
    operation({
      name: 'trash',
      title: 'Move a mail to the trash in Gmail',
      description: 'Moves a mail to the trash, from where Gmail deletes it after 30 days.',
      keywords: ['email', 'delete'],
      request: 'POST /gmail/v1/users/me/messages/{message}/trash',
      effect: 'idempotent',
      scopes: MODIFY,
      fields: { message },
      sample: { id: '18f1c0de', labelIds: ['TRASH'] },
    }),
    operation({
      name: 'delete',
      title: 'Delete a mail in Gmail for good',
      description: 'Deletes a mail at once. It cannot be had back.',
      keywords: ['email', 'remove'],
      request: 'DELETE /gmail/v1/users/me/messages/{message}',
      scopes: ['https://mail.google.com/'],
      fields: { message },
      sample: {},
    }),
    operation({
      name: 'create-draft',
      title: 'Create a draft in Gmail',
      description: 'Puts a mail into the drafts, to be looked at and sent by a person.',
      keywords: ['email', 'draft'],
      summary: '{to}',
      scopes: ['https://www.googleapis.com/auth/gmail.compose'],
      fields: {
        to: text('To', { ...address, optional: true }),
        subject: text('Subject', { most: 998, optional: true }),
        ...bodyFields,
      },
      sample: { id: 'r-42', message: { id: '18f1c0de', threadId: '18f1c0de' } },
      async run({ http, files, input, idempotencyKey }) {
        const raw = await rawMessage(input, files, { messageId: messageIdOf(idempotencyKey) })
        return (await http({ method: 'POST', path: 'gmail/v1/users/me/drafts', body: { message: { raw } } })).body
      },
    }),
    operation({
      name: 'get-thread',
      title: 'Get a thread from Gmail',
      description: 'Reads all mails of a thread.',
      keywords: ['email', 'conversation'],
      effect: 'none',
      scopes: READ,
      fields: { thread: text('Thread', { placeholder: '{{ mail.threadId }}' }) },
      sample: { items: [mail], count: 1 },
      async run({ http, input }) {
        const path = `gmail/v1/users/me/threads/${pathPart('thread', input.thread)}`
        const found = valueAt(
          (await http({ path, query: { format: 'full' }, maxBytes: 50_000_000 })).body,
          readPath('messages'),
        )
        const items = (found !== undefined && isJsonList(found) ? found : []).map(shownMessage)
        return { items, count: items.length }
      },
    }),
    operation({
      name: 'create-label',
      title: 'Create a label in Gmail',
      description: 'Creates a label; a "/" in its name puts it below another.',
      keywords: ['email', 'folder'],
      request: 'POST /gmail/v1/users/me/labels',
      scopes: ['https://www.googleapis.com/auth/gmail.labels'],
      fields: {
        name: text('Name', { placeholder: 'Orders/New' }),
        shown: choice(
          'Shown',
          { labelShow: 'Always', labelShowIfUnread: 'While something in it is unread', labelHide: 'Never' },
          { as: 'labelListVisibility', advanced: true },
        ),
      },
      sample: { id: 'Label_1', name: 'Orders/New' },
    }),
  ],
})
