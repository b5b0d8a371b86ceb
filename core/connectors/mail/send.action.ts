import { z } from 'zod'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { credentialRefSchema, enteredFields } from '../credential.ts'
import { defineAction } from '../define.ts'
import { filesTouched, openSource, withSource } from '../kit/file-value.ts'
import { mailFiles, mailTexts, messageIdOf } from '../kit/mail-fields.ts'
import { mailError, smtpOptions } from '../providers/mail.ts'

const addresses = (title: string, advanced = true) =>
  jsonSchema.optional().meta({
    title,
    description: 'With commas between several.',
    ui: { widget: 'template', placeholder: 'ada@example.com', ...(advanced && { advanced: true }) },
  })

/** Sends a mail by SMTP. Its `Message-ID` is the same at every attempt; servers take a repeat all the same. */
export const mailSend = defineAction({
  id: 'mail.send',
  title: 'Send a mail',
  description: 'Sends a mail by your own mail server, with files where there are some.',
  keywords: ['mail', 'email', 'e-mail', 'smtp', 'send email', 'message', 'newsletter'],
  icon: 'mail',
  category: 'notify',
  summary: '{to}',
  // No server tells a repeat: whether it was sent before it was cut off cannot be known.
  effect: 'unsafe',
  takesLarge: true,
  touches: ({ attachments }) => filesTouched(attachments),
  timeoutMs: 120_000,
  input: z.strictObject({
    account: credentialRefSchema.meta({
      title: 'Account',
      description: 'The server that sends it.',
      ui: { widget: 'credential', types: ['smtp'] },
    }),
    to: jsonSchema
      .refine((value) => textOf(value).trim() !== '', { error: 'needs an address' })
      .meta({
        title: 'To',
        description: 'With commas between several.',
        ui: { widget: 'template', placeholder: 'ada@example.com' },
      }),
    subject: jsonSchema.meta({ title: 'Subject', ui: { widget: 'template', placeholder: 'Order {{ hook.body.id }}' } }),
    text: jsonSchema.optional().meta({ title: 'Text', ui: { widget: 'template-long' } }),
    attachments: jsonSchema.optional().meta({
      title: 'Attachments',
      description: 'A file of an earlier step, a list of them, or a path.',
      ui: { widget: 'file-path', mustExist: true },
    }),
    html: jsonSchema.optional().meta({
      title: 'HTML',
      description: 'Shown in place of the text where that is possible.',
      ui: { widget: 'template-long', advanced: true },
    }),
    from: addresses('From'),
    cc: addresses('Cc'),
    bcc: addresses('Bcc'),
    replyTo: addresses('Answers go to'),
    inReplyTo: jsonSchema.optional().meta({
      title: 'Answers the mail',
      description: 'Its Message-ID, so that both stand in one thread.',
      ui: { widget: 'template', placeholder: '{{ mail.headers["message-id"] }}', advanced: true },
    }),
  }),
  output: z.object({ messageId: z.string(), accepted: z.array(z.string()), rejected: z.array(z.string()) }),
  sample: { messageId: '<3f2a@hookline.local>', accepted: ['ada@example.com'], rejected: [] },
  async run({ input, credential, connect, files, large, idempotencyKey }) {
    const { account, attachments, inReplyTo, ...texts } = input
    const read = (given: z.output<typeof jsonSchema>, field: string) =>
      withSource(openSource({ files, large }, given, field), async ({ filename, contentType, read: whole }) => ({
        filename,
        contentType,
        content: await whole(),
      }))
    const entered = enteredFields((await credential(account)).secret) ?? {}
    const attached = await mailFiles(attachments, read)
    const { createTransport } = await import('nodemailer')
    const transport = createTransport(await smtpOptions(entered, { connect }))
    try {
      const sent = await transport.sendMail({
        // A mail without a sender is refused nearly everywhere.
        from: entered.user?.includes('@') === true ? entered.user : `hookline@${entered.host ?? 'localhost'}`,
        ...mailTexts({ ...texts, inReplyTo, references: inReplyTo }),
        messageId: messageIdOf(idempotencyKey),
        attachments: attached,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      return {
        output: {
          messageId: sent.messageId,
          accepted: sent.accepted.map(addressOf),
          rejected: sent.rejected.map(addressOf),
        },
      }
    } catch (error) {
      throw mailError(error)
    } finally {
      transport.close()
    }
  },
})

const addressOf = (one: string | { readonly address: string }): string => (typeof one === 'string' ? one : one.address)
