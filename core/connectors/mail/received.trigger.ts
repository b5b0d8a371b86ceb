import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { credentialRefSchema, enteredFields } from '../credential.ts'
import { defineTrigger } from '../define.ts'
import type { OptionsSource } from '../field-options.ts'
import { fileValueSchema, sampleFile } from '../kit/file-value.ts'
import { switchField } from '../kit/from-text.ts'
import { imapError, openImap } from '../providers/imap.ts'
import { watchFolder } from './watch-folder.ts'

const folders: OptionsSource = async ({ input }, context) => {
  const parsed = z.object({ account: credentialRefSchema }).safeParse(input)
  if (!parsed.success)
    throw new StepError({ code: 'no-account', message: 'Choose an account first.', retryable: false })
  const entered = enteredFields((await context.credential(parsed.data.account)).secret) ?? {}
  const client = await openImap(entered, context)
  try {
    const found = await client.list()
    return { options: found.map(({ path }) => ({ value: path, label: path })), next: null }
  } catch (error) {
    throw imapError(error)
  } finally {
    client.close()
  }
}

const containsField = (title: string, placeholder: string) =>
  z
    .string()
    .max(1_000)
    .optional()
    .meta({ title, description: 'Only mails in which this stands, in capital letters or small.', ui: { placeholder } })

/** Starts for each mail that comes into a folder of a mailbox. */
export const mailReceived = defineTrigger({
  id: 'mail.received',
  title: 'Mail received',
  description: 'Starts for each mail that comes into a mailbox, as soon as it is there.',
  keywords: ['mail', 'email', 'e-mail', 'imap', 'inbox', 'new email', 'email trigger', 'attachment'],
  icon: 'mail-open',
  category: 'notify',
  summary: '{folder}',
  options: { folders },
  input: z.strictObject({
    account: credentialRefSchema.meta({
      title: 'Account',
      description: 'The server that has the mailbox.',
      ui: { widget: 'credential', types: ['imap'] },
    }),
    folder: z
      .string()
      .trim()
      .min(1, { error: 'needs the name of a folder, such as INBOX' })
      .max(500)
      .default('INBOX')
      .meta({
        title: 'Folder',
        ui: { widget: 'service-choice', options: { from: 'folders', needs: ['account'] }, placeholder: 'INBOX' },
      }),
    from: containsField('From', 'ada@example.com'),
    subject: containsField('Subject', 'Invoice'),
    markSeen: switchField()
      .prefault(false)
      .meta({ title: 'Mark as read', description: 'In the mailbox, once the mail is stored here.' }),
    attachments: switchField()
      .prefault(true)
      .meta({ title: 'Keep attachments', description: 'Each as a file for later steps.', ui: { advanced: true } }),
  }),
  output: z.object({
    id: z.string(),
    messageId: z.string(),
    from: z.string(),
    fromAddress: z.string(),
    to: z.string(),
    cc: z.string(),
    subject: z.string(),
    text: jsonSchema,
    html: jsonSchema,
    date: z.string(),
    headers: z.record(z.string(), z.string()),
    attachments: z.array(fileValueSchema),
    /** False for a mail of which the end was left out, as it is larger than 50 MB. */
    complete: z.boolean(),
  }),
  sample: {
    id: '1732438800-42',
    messageId: '<3f2a@example.com>',
    from: 'Ada <ada@example.com>',
    fromAddress: 'ada@example.com',
    to: 'orders@example.com',
    cc: '',
    subject: 'Invoice 1017',
    text: 'Dear all,\nhere it is.\n',
    html: '<p>Dear all,<br>here it is.</p>',
    date: '2026-11-26T09:30:00.000Z',
    headers: { 'message-id': '<3f2a@example.com>' },
    attachments: [sampleFile('invoice.pdf', 12_345)],
    complete: true,
  },
  source: {
    from: 'connection',
    subject: ({ account, folder }) => ({ account: account.$credential, folder }),
    words: ({ folder, account }) => `mail in ${folder} of ${account.$credential}`,
    async keep(context) {
      const { account } = context.input
      const entered = enteredFields((await context.credential(account)).secret) ?? {}
      const client = await openImap(entered, context)
      try {
        await watchFolder(client, context)
      } catch (error) {
        throw imapError(error)
      } finally {
        client.close()
      }
    },
  },
})
