import { isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { GRAPH, graphPages, microsoftAnswers, recipients, valuesOf } from '../../providers/microsoft.ts'
import { changeSample, changesTrigger } from '../../providers/microsoft-changes.ts'
import { choice, file, longText, text, texts, yesNo } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import { type Entered, pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const READ = ['Mail.Read']
const WRITE = ['Mail.ReadWrite']
const SEND = ['Mail.Send']
const FIELDS =
  'id,subject,from,toRecipients,receivedDateTime,bodyPreview,isRead,hasAttachments,conversationId,internetMessageId,webLink'

const message = text('Message', { placeholder: '{{ mail.id }}', help: 'Its id.' })
const people = { placeholder: 'ada@example.com', help: 'With commas between several.' }
const folder = text('Folder', {
  placeholder: 'inbox',
  help: 'inbox, sentitems, archive, or the id of another.',
  from: { list: 'folders' },
})
const written = {
  to: text('To', people),
  subject: text('Subject', { optional: true }),
  text: longText('Text', { optional: true }),
  html: longText('HTML', { optional: true, advanced: true }),
  cc: text('Cc', { ...people, optional: true, advanced: true }),
  bcc: text('Bcc', { ...people, optional: true, advanced: true }),
  replyTo: text('Answers go to', { ...people, optional: true, advanced: true }),
  importance: choice('Importance', { low: 'Low', normal: 'Usual', high: 'High' }, { optional: true, advanced: true }),
  attachments: file('Attachment', { optional: true, help: 'A file of an earlier step, or a path; up to 3 MB.' }),
}

/** A message as Microsoft has it. */
function messageOf(
  input: Entered,
  read: { filename: string; contentType: string; content: Uint8Array } | null,
): Record<string, Json> {
  const { html, text: words, subject, importance } = input
  return {
    subject: subject ?? '',
    body: html === undefined ? { contentType: 'Text', content: words ?? '' } : { contentType: 'HTML', content: html },
    toRecipients: recipients(input.to),
    ...(input.cc !== undefined && { ccRecipients: recipients(input.cc) }),
    ...(input.bcc !== undefined && { bccRecipients: recipients(input.bcc) }),
    ...(input.replyTo !== undefined && { replyTo: recipients(input.replyTo) }),
    ...(importance !== undefined && { importance }),
    ...(read && {
      attachments: [
        {
          '@odata.type': '#microsoft.graph.fileAttachment',
          name: read.filename,
          contentType: read.contentType,
          contentBytes: Buffer.from(read.content).toString('base64'),
        },
      ],
    }),
  }
}

const stored = {
  id: 'AAMkAGI2TG93AAA=',
  subject: 'Order 42',
  from: { emailAddress: { name: 'Ada', address: 'ada@example.com' } },
  receivedDateTime: '2026-11-30T09:00:00Z',
  bodyPreview: 'Thank you for your order.',
  isRead: false,
  hasAttachments: false,
}

/** Mail of Outlook, by Microsoft Graph (https://learn.microsoft.com/en-us/graph/api/resources/mail-api-overview). */
export const microsoftOutlook = defineApp({
  id: 'microsoft-outlook',
  title: 'Microsoft Outlook',
  icon,
  hue,
  address: GRAPH,
  account: 'needed',
  takesKey: false,
  alsoTakes: ['microsoft'],
  answers: microsoftAnswers,
  lists: {
    folders: listOf({ request: 'GET /me/mailFolders', pages: graphPages(100), value: 'id', label: 'displayName' }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-message',
      title: 'New mail in Outlook',
      description: 'Starts for each mail that comes in.',
      keywords: ['email', 'receive', 'inbox', 'office 365'],
      every: '1m',
      scopes: READ,
      request: `GET /me/mailFolders/{folder}/messages?$orderby=receivedDateTime desc&$select=${FIELDS}`,
      fields: { folder },
      pages: graphPages(100),
      key: 'id',
      sample: stored,
    }),
    changesTrigger({
      name: 'push',
      title: 'Outlook tells of a mail',
      description: 'Starts at once when a mail comes into a folder; a step after it reads that.',
      keywords: ['email', 'webhook', 'at once', 'office 365'],
      scopes: READ,
      fields: { folder },
      resource: ({ folder: of }) => `me/mailFolders('${textOf(of ?? 'inbox').replaceAll("'", "''")}')/messages`,
      changes: 'created',
      sample: changeSample('AAMkAGI2TG93AAA=', 'Users/ddfcd489/Messages/AAMkAGI2TG93AAA='),
    }),
  ],
  actions: [
    operation({
      name: 'send',
      title: 'Send mail with Outlook',
      description: 'Sends a mail. Microsoft does not say its id.',
      keywords: ['email', 'office 365'],
      summary: '{subject}',
      scopes: SEND,
      fields: { ...written, unsaved: yesNo('Not kept under “Sent”', { advanced: true }) },
      sample: {},
      async run({ http, files, input }) {
        const read = input.attachments === undefined ? null : await files.read(input.attachments, 'attachments')
        const body = { message: messageOf(input, read), saveToSentItems: input.unsaved !== true }
        return (await http({ method: 'POST', path: 'me/sendMail', body })).body
      },
    }),
    operation({
      name: 'list',
      title: 'Find mails in Outlook',
      description: 'Reads the mails of a folder, all or those that fit.',
      keywords: ['email', 'search', 'get many', 'office 365'],
      summary: '{folder}',
      scopes: READ,
      request: `GET /me/mailFolders/{folder}/messages?$select=${FIELDS}`,
      fields: {
        folder,
        search: text('With the words', {
          as: '$search',
          optional: true,
          placeholder: 'subject:order',
          send: (value) => JSON.stringify(textOf(value)),
        }),
        filter: text('Only where', {
          as: '$filter',
          optional: true,
          advanced: true,
          placeholder: 'isRead eq false',
          help: 'In the words of OData; not together with words.',
        }),
        order: text('Order', {
          as: '$orderby',
          optional: true,
          advanced: true,
          placeholder: 'receivedDateTime desc',
          help: 'Not together with words.',
        }),
      },
      pages: graphPages(1_000),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get',
      title: 'Get a mail from Outlook',
      description: 'Reads one mail with its text.',
      keywords: ['email', 'read', 'office 365'],
      scopes: READ,
      request: 'GET /me/messages/{message}',
      fields: {
        message,
        plain: yesNo('As plain text', {
          as: 'Prefer',
          at: 'header',
          send: (value) => (value === true ? 'outlook.body-content-type="text"' : undefined),
        }),
      },
      sample: { ...stored, body: { contentType: 'html', content: '<p>Thank you for your order.</p>' } },
    }),
    operation({
      name: 'reply',
      title: 'Answer a mail in Outlook',
      description: 'Answers the sender of a mail, or all whom it went to.',
      keywords: ['email', 'office 365'],
      scopes: SEND,
      request: 'POST /me/messages/{message}/{how}',
      fields: {
        message,
        text: longText('Text', { as: 'comment' }),
        how: choice('To', { reply: 'The sender', replyAll: 'All' }, { at: 'path', advanced: true }),
      },
      sample: {},
    }),
    operation({
      name: 'update',
      title: 'Mark a mail in Outlook',
      description: 'Marks a mail as read or unread, and sets categories and a flag.',
      keywords: ['email', 'read', 'unread', 'category', 'flag', 'office 365'],
      scopes: WRITE,
      request: 'PATCH /me/messages/{message}',
      effect: 'idempotent',
      fields: {
        message,
        read: choice(
          'It is',
          { true: 'Read', false: 'Unread' },
          { as: 'isRead', optional: true, send: (value) => value === 'true' },
        ),
        categories: texts('Categories', { optional: true, help: 'These take the place of all others.' }),
        flag: choice(
          'Flag',
          { flagged: 'Flagged', complete: 'Done', notFlagged: 'None' },
          { as: 'flag.flagStatus', optional: true, advanced: true },
        ),
      },
      sample: stored,
    }),
    operation({
      name: 'move',
      title: 'Move a mail in Outlook',
      description: 'Moves a mail into another folder, where it has another id.',
      keywords: ['email', 'folder', 'archive', 'office 365'],
      scopes: WRITE,
      request: 'POST /me/messages/{message}/move',
      fields: { message, folder: { ...folder, as: 'destinationId' } },
      sample: stored,
    }),
    operation({
      name: 'create-draft',
      title: 'Create a draft in Outlook',
      description: 'Writes a mail that is not sent yet.',
      keywords: ['email', 'office 365'],
      summary: '{subject}',
      scopes: WRITE,
      fields: written,
      sample: { ...stored, isDraft: true },
      async run({ http, files, input }) {
        const read = input.attachments === undefined ? null : await files.read(input.attachments, 'attachments')
        return (await http({ method: 'POST', path: 'me/messages', body: messageOf(input, read) })).body
      },
    }),
    operation({
      name: 'attachments',
      title: 'Get the files of a mail in Outlook',
      description: 'Reads the attachments of a mail as files for later steps.',
      keywords: ['email', 'download', 'attachment', 'office 365'],
      scopes: READ,
      effect: 'none',
      fields: { message },
      sample: {
        items: [
          {
            id: 'AAMk',
            name: 'invoice.pdf',
            file: { filename: 'invoice.pdf', contentType: 'application/pdf', bytes: 12_345 },
          },
        ],
        count: 1,
      },
      async run({ http, files, input }) {
        const { body } = await http({
          path: `me/messages/${pathPart('message', input.message)}/attachments`,
          maxBytes: 100_000_000,
        })
        const kept: Json[] = []
        for (const one of valuesOf(body)) {
          const { contentBytes, ...rest } = isJsonObject(one) ? one : {}
          const name = textOf(rest.name ?? 'file')
          const type = typeof rest.contentType === 'string' ? rest.contentType : undefined
          kept.push(
            typeof contentBytes === 'string'
              ? { ...rest, file: await files.keep(name, Buffer.from(contentBytes, 'base64'), type) }
              : rest,
          )
        }
        return kept
      },
    }),
    operation({
      name: 'delete',
      title: 'Delete a mail in Outlook',
      description: 'Moves a mail to the deleted ones.',
      keywords: ['email', 'remove', 'trash', 'office 365'],
      scopes: WRITE,
      request: 'DELETE /me/messages/{message}',
      fields: { message },
      sample: {},
    }),
  ],
})
