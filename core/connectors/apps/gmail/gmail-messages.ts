import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import { z } from 'zod'
import { type Json, textOf } from '../../../domain/values/json.ts'
import type { ServiceFiles } from '../../app-parts.ts'
import type { AppClient } from '../../app-request.ts'
import { mailFiles, mailTexts } from '../../kit/mail-fields.ts'
import type { Entered } from '../../service/request.ts'
import { pathPart } from '../../service/request.ts'

const headerSchema = z.object({ name: z.string(), value: z.string() })
type Part = {
  mimeType?: string | undefined
  filename?: string | undefined
  body?: { data?: string | undefined; attachmentId?: string | undefined; size?: number | undefined } | undefined
  headers?: { name: string; value: string }[] | undefined
  parts?: Part[] | undefined
}
const partSchema: z.ZodType<Part> = z.lazy(() =>
  z.object({
    mimeType: z.string().optional(),
    filename: z.string().optional(),
    headers: z.array(headerSchema).optional(),
    body: z
      .object({ data: z.string().optional(), attachmentId: z.string().optional(), size: z.number().optional() })
      .optional(),
    parts: z.array(partSchema).max(1_000).optional(),
  }),
)
const messageSchema = z.object({
  id: z.string(),
  threadId: z.string(),
  labelIds: z.array(z.string()).default([]),
  snippet: z.string().default(''),
  internalDate: z.string().default('0'),
  payload: partSchema.optional(),
})

/** Longest nesting of the parts of a message that is looked at. */
const DEEPEST = 20

/** A message as steps read it: its headers and texts, and which files hang on it. */
export function shownMessage(stored: Json): { [name: string]: Json } {
  const { id, threadId, labelIds, snippet, internalDate, payload } = messageSchema.parse(stored)
  const headers = Object.fromEntries((payload?.headers ?? []).map(({ name, value }) => [name.toLowerCase(), value]))
  const texts = { plain: '', html: '' }
  const attachments: Json[] = []
  const walk = (part: Part, depth: number): void => {
    const { mimeType = '', filename = '', body, parts = [] } = part
    if (filename !== '') {
      attachments.push({ filename, contentType: mimeType, bytes: body?.size ?? 0, id: body?.attachmentId ?? '' })
    } else if (mimeType === 'text/plain' && texts.plain === '') texts.plain = decoded(body?.data)
    else if (mimeType === 'text/html' && texts.html === '') texts.html = decoded(body?.data)
    if (depth < DEEPEST) for (const one of parts) walk(one, depth + 1)
  }
  if (payload !== undefined) walk(payload, 0)
  return {
    id,
    threadId,
    from: headers.from ?? '',
    to: headers.to ?? '',
    cc: headers.cc ?? '',
    subject: headers.subject ?? '',
    date: new Date(Number(internalDate)).toISOString(),
    messageId: headers['message-id'] ?? '',
    snippet,
    text: texts.plain,
    html: texts.html,
    labels: labelIds,
    attachments,
  }
}

const decoded = (data: string | undefined): string => Buffer.from(data ?? '', 'base64url').toString('utf8')

const rawSchema = z.object({ data: z.string() })

/** A file that hangs on a message, kept. */
export async function fetchAttachment(http: AppClient, files: ServiceFiles, input: Entered): Promise<Json> {
  const message = pathPart('message', input.message)
  const id = pathPart('attachment', input.attachment)
  const answer = await http({ path: `gmail/v1/users/me/messages/${message}/attachments/${id}`, maxBytes: 50_000_000 })
  const { data } = answer.as(rawSchema)
  return { file: await files.keep(textOf(input.filename ?? 'attachment'), Buffer.from(data, 'base64url')) }
}

const replySchema = z.object({
  threadId: z.string(),
  payload: z.object({ headers: z.array(headerSchema) }),
})

/** What a reply needs of the message that it answers. */
export async function readForReply(http: AppClient, id: string) {
  const query = { format: 'metadata', metadataHeaders: ['Message-ID', 'References', 'Subject', 'From', 'Reply-To'] }
  const { threadId, payload } = (
    await http({ path: `gmail/v1/users/me/messages/${pathPart('message', id)}`, query })
  ).as(replySchema)
  const header = (name: string) => payload.headers.find((one) => one.name.toLowerCase() === name)?.value ?? ''
  const messageId = header('message-id')
  const subject = header('subject')
  return {
    threadId,
    inReplyTo: messageId,
    references: [header('references'), messageId].filter((text) => text !== '').join(' '),
    subject: /^re:/i.test(subject) ? subject : `Re: ${subject}`,
    to: header('reply-to') || header('from'),
  }
}

/** A whole message (RFC 5322) in base64url, as Gmail takes it. Its Message-ID is the same at every attempt of a step, so that a repeat can be found. */
export async function rawMessage(
  input: Entered,
  files: ServiceFiles,
  own: {
    readonly messageId: string
    readonly inReplyTo?: string
    readonly references?: string
    readonly to?: string
    readonly subject?: string
  },
): Promise<string> {
  const composer = new MailComposer({
    ...mailTexts({ to: own.to, subject: own.subject, inReplyTo: own.inReplyTo, references: own.references }),
    ...mailTexts(mailFields(input)),
    messageId: own.messageId,
    attachments: await mailFiles(input.attachments, files.read),
    // Only files that were given are read, and no address is.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile()
  composer.keepBcc = true
  return (await composer.build()).toString('base64url')
}

const mailFields = ({ to, cc, bcc, from, replyTo, subject, text, html }: Entered) => ({
  to,
  cc,
  bcc,
  from,
  replyTo,
  subject,
  text,
  html,
})
