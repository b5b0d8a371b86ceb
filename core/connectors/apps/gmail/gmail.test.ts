import { gmail as gmailOf } from '@googleapis/gmail'
import { describe, expect, it } from 'vitest'
import { isJsonObject, type Json } from '../../../domain/values/json.ts'
import { type Sent, sentByLibrary, sentByUs } from '../../service/test-judge.ts'
import { gmail } from './gmail.app.ts'

const account = { type: 'google', secret: JSON.stringify({ clientId: 'a', clientSecret: 'b', accessToken: 'ya29.1' }) }
const ORIGINAL = {
  id: 'm1',
  threadId: 't1',
  payload: {
    headers: [
      { name: 'Message-ID', value: '<first@example.com>' },
      { name: 'Subject', value: 'Order 42' },
      { name: 'From', value: 'Ada <ada@example.com>' },
    ],
  },
}
const answers = ({ method, path }: Sent): Json =>
  method === 'GET' && path.endsWith('/m1') ? ORIGINAL : { id: 'm2', threadId: 't1' }
const us = (uses: string, input: Record<string, Json>) => sentByUs(gmail, uses, input, { answers, account })
const theirs = (call: (users: ReturnType<typeof gmailOf>['users']) => Promise<unknown>) =>
  sentByLibrary((rootUrl) => call(gmailOf({ version: 'v1', rootUrl: `${rootUrl}/` }).users), answers)
const bare = (sent: readonly Sent[]) => sent.map(({ authorization: _, ...rest }) => rest)

/** A sent message as text, without what differs from mail to mail. */
function mailOf(sent: Sent | undefined): string {
  const body = sent?.body as { raw: string }
  return Buffer.from(body.raw, 'base64url').toString('utf8')
}

describe('gmail', () => {
  it('sends a whole message, its Message-ID the same at every attempt', async () => {
    const input = {
      to: 'Grace <grace@example.com>, ada@example.com',
      subject: 'Größe ✓',
      text: 'Grüße',
      html: '<p>Grüße</p>',
      bcc: 'b@example.com',
    }
    const first = await us('send', input)
    const mail = mailOf(first.sent[0])
    expect(mail).toMatch(/^To: Grace <grace@example.com>, ada@example.com\r$/m)
    expect(mail).toMatch(/^Bcc: b@example.com\r$/m)
    expect(mail).toMatch(/^Subject: =\?UTF-8\?/m)
    expect(mail).toContain('multipart/alternative')
    const id = /^Message-ID: (<\S+>)/im.exec(mail)?.[1]
    expect(id).toBe(/^Message-ID: (<\S+>)/im.exec(mailOf((await us('send', input)).sent[0]))?.[1])
    expect(isJsonObject(first.output) && first.output.messageId).toBe(id)
    const expected = await theirs(({ messages }) =>
      messages.send({ userId: 'me', requestBody: first.sent[0]?.body as { raw: string } }),
    )
    expect(bare(first.sent)).toEqual(bare(expected))
  })

  it('lets no header in through a subject or an address', async () => {
    const { sent } = await us('send', { to: 'a@example.com', subject: 'x\r\nBcc: evil@example.com', text: 'y' })
    expect(mailOf(sent[0])).not.toMatch(/^Bcc:/m)
  })

  it('answers in the thread of a message', async () => {
    const { sent } = await us('reply', { message: 'm1', text: 'Thanks' })
    const mail = mailOf(sent[1])
    expect(sent[1]?.body).toMatchObject({ threadId: 't1' })
    expect(mail).toMatch(/^In-Reply-To: <first@example.com>/m)
    expect(mail).toMatch(/^Subject: Re: Order 42/m)
    expect(mail).toMatch(/^To: Ada <ada@example.com>/m)
    const [expected] = await theirs(({ messages }) =>
      messages.get({
        userId: 'me',
        id: 'm1',
        format: 'metadata',
        metadataHeaders: ['Message-ID', 'References', 'Subject', 'From', 'Reply-To'],
      }),
    )
    expect(bare(sent)[0]).toEqual(expected && bare([expected])[0])
  })

  it.each<[string, Record<string, Json>, Parameters<typeof theirs>[0]]>([
    [
      'modify-labels',
      { message: 'm1', add: ['STARRED'], remove: ['UNREAD'] },
      ({ messages }) =>
        messages.modify({
          userId: 'me',
          id: 'm1',
          requestBody: { addLabelIds: ['STARRED'], removeLabelIds: ['UNREAD'] },
        }),
    ],
    ['delete', { message: 'm1' }, ({ messages }) => messages.delete({ userId: 'me', id: 'm1' })],
    [
      'create-label',
      { name: 'Orders/New' },
      ({ labels }) =>
        labels.create({ userId: 'me', requestBody: { name: 'Orders/New', labelListVisibility: 'labelShow' } }),
    ],
  ])('%s as Google’s own library does', async (uses, input, call) => {
    expect(bare((await us(uses, input)).sent)).toEqual(bare(await theirs(call)))
  })

  it('reads a message: its headers, its texts in whichever part they are, and what hangs on it', async () => {
    const part = (mimeType: string, text: string) => ({
      mimeType,
      body: { data: Buffer.from(text).toString('base64url') },
    })
    const stored = {
      id: 'm9',
      threadId: 't9',
      internalDate: '1764000000000',
      payload: {
        mimeType: 'multipart/mixed',
        headers: [{ name: 'Subject', value: 'Hi' }],
        parts: [
          {
            mimeType: 'multipart/alternative',
            parts: [part('text/plain', 'Grüße'), part('text/html', '<p>Grüße</p>')],
          },
          { mimeType: 'application/pdf', filename: 'a.pdf', body: { attachmentId: 'att', size: 3 } },
        ],
      },
    }
    const { output } = await sentByUs(gmail, 'get', { message: 'm9' }, { answers: () => stored, account })
    expect(output).toMatchObject({
      subject: 'Hi',
      text: 'Grüße',
      html: '<p>Grüße</p>',
      date: '2025-11-24T16:00:00.000Z',
      attachments: [{ filename: 'a.pdf', contentType: 'application/pdf', bytes: 3, id: 'att' }],
    })
  })
})
