import { once } from 'node:events'
import { createRequire } from 'node:module'
import type { AddressInfo, Server } from 'node:net'
import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../db/test-database.ts'
import { enableZap, outputsOf, type TestClient, testApp } from '../../test-app.ts'
import { hasServer, startDovecot, type TestServer } from '../../test-servers.ts'

const PASSWORD = 'long-password'
type MailServer = { readonly name: string; readonly user: string; readonly password: string; port: number }

const dovecot: MailServer = { name: 'dovecot', user: 'ada@example.com', password: PASSWORD, port: 0 }
const hoodiecrow: MailServer = { name: 'hoodiecrow', user: 'testuser', password: 'testpass', port: 0 }
const servers = [...(hasServer.dovecot ? [dovecot] : []), hoodiecrow]
let real: TestServer | undefined
/** Of the package only what is used here; it brings no types. */
type Hoodiecrow = { readonly server: Server; listen(port: number): void; close(done: () => void): void }
let own: Hoodiecrow | undefined

beforeAll(async () => {
  const make: (options: object) => Hoodiecrow = createRequire(import.meta.url)('hoodiecrow-imap')
  own = make({ plugins: ['IDLE', 'UIDPLUS', 'LITERALPLUS'], storage: { INBOX: {}, '': { folders: { Work: {} } } } })
  own.listen(0)
  await once(own.server, 'listening')
  hoodiecrow.port = (own.server.address() as AddressInfo).port // it listens on a port
  if (!hasServer.dovecot) return
  real = await startDovecot(PASSWORD)
  dovecot.port = real.port
})
afterAll(async () => {
  await real?.stop()
  await new Promise<void>((closed) => own?.close(closed))
})

/** A program that looks into the same mailbox. */
async function other({ port, user, password }: MailServer): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: password },
    logger: false,
  })
  await client.connect()
  onTestFinished(() => client.close())
  return client
}

async function account(client: TestClient, server: MailServer, more: Record<string, unknown> = {}): Promise<void> {
  const { port, user, password } = server
  const secret = JSON.stringify({ host: '127.0.0.1', port, secure: false, user, password, ...more })
  await client.credentials.set({ name: 'box', type: 'imap', secret })
}

const zapOf = (input: Record<string, unknown> = {}) => ({
  steps: [
    { id: 'mail', uses: 'mail.received', input: { account: { $credential: 'box' }, ...input } },
    { id: 'keep', uses: 'data.set', input: { fields: { mail: '{{ mail }}' } } },
  ],
  edges: [{ from: 'mail', to: 'keep' }],
})

const textMail = (subject: string, more = ''): string =>
  `From: Ada <ada@example.com>\r\nTo: me@example.com\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replaceAll(/\W/g, '')}@example.com>\r\nDate: Thu, 26 Nov 2026 09:30:00 +0100\r\n${more}\r\nHello\r\n`

const connected = (client: TestClient, id: string) =>
  expect.poll(async () => (await client.zaps.polls({ id }))[0]?.connection, { timeout: 20_000 }).toBe('connected')

const subjects = async (client: TestClient, id: string): Promise<string[]> =>
  (await outputsOf(client, id, 'keep')).map((output) => (output as { mail: { subject: string } }).mail.subject)

describe.each(servers)('$name', (server) => {
  /** Dovecot makes folders, the other has one. */
  async function folderFor(box: ImapFlow): Promise<string> {
    if (server.name === 'hoodiecrow') return 'INBOX'
    const folder = `F${crypto.randomUUID().slice(0, 8)}`
    await box.mailboxCreate(folder)
    return folder
  }

  test('a mail starts a run as soon as it is there, once, whole, and with its files', async () => {
    const box = await other(server)
    const folder = await folderFor(box)
    await box.append(folder, textMail('There before'))
    const { client } = await testApp()
    await account(client, server)
    const id = await enableZap(client, zapOf({ folder, markSeen: true }))
    await connected(client, id)
    const mail = [
      'From: =?UTF-8?Q?Gr=C3=A4fin=2C_Ada?= <ada@example.com>',
      'To: Grace <grace@example.com>, me@example.com',
      'Subject: =?UTF-8?B?QmVzdGVsbHVuZyDinJMg8J+OiQ==?=',
      'Message-ID: <m1@example.com>',
      'Date: Thu, 26 Nov 2026 09:30:00 +0100',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Gr=FC=DFe',
      '--b',
      'Content-Type: text/csv; name="=?UTF-8?Q?Gr=C3=B6=C3=9Fe.csv?="',
      'Content-Disposition: attachment; filename="../../=?UTF-8?Q?Gr=C3=B6=C3=9Fe.csv?="',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('a,b\n1,2\n').toString('base64'),
      '--b--',
      '',
    ].join('\r\n')
    await box.append(folder, mail)
    await expect.poll(async () => (await outputsOf(client, id, 'keep')).length).toBe(1)
    const [output] = await outputsOf(client, id, 'keep')
    expect(output).toMatchObject({
      mail: {
        messageId: '<m1@example.com>',
        from: '"Gräfin, Ada" <ada@example.com>',
        fromAddress: 'ada@example.com',
        to: 'Grace <grace@example.com>, me@example.com',
        subject: 'Bestellung ✓ 🎉',
        text: expect.stringMatching(/^Grüße\s*$/),
        date: '2026-11-26T08:30:00.000Z',
        headers: { 'message-id': '<m1@example.com>' },
        attachments: [
          {
            filename: expect.stringMatching(/^[^/\\]+\.csv$/),
            contentType: 'text/csv',
            bytes: 8,
            content: { $blob: expect.any(String) },
          },
        ],
        complete: true,
      },
    })
    // It is marked as read after it was stored, and what was there before is left alone.
    await box.mailboxOpen(folder)
    await expect
      .poll(async () => {
        const all = await box.fetchAll('1:*', { flags: true, envelope: true })
        return all.filter(({ flags }) => flags?.has('\\Seen')).map(({ envelope }) => envelope?.messageId)
      })
      .toEqual(['<m1@example.com>'])
  })

  test('what came while nothing ran is found at the next start, once and in order', async () => {
    const box = await other(server)
    const folder = await folderFor(box)
    const dataDir = temporaryFolder()
    const first = await testApp({ dataDir })
    await account(first.client, server)
    const id = await enableZap(first.client, zapOf({ folder, subject: 'invoice', from: 'ADA@' }))
    await connected(first.client, id)
    await box.append(folder, textMail('Invoice 1'))
    await expect.poll(() => subjects(first.client, id)).toEqual(['Invoice 1'])
    await first.app.stop()
    for (const subject of ['Invoice 2', 'Something else', 'Your INVOICE 3']) await box.append(folder, textMail(subject))
    const second = await testApp({ dataDir })
    await expect.poll(() => subjects(second.client, id)).toEqual(['Invoice 1', 'Invoice 2', 'Your INVOICE 3'])
    await connected(second.client, id)
    await box.append(folder, textMail('Invoice 4'))
    await expect.poll(async () => (await subjects(second.client, id)).at(-1)).toBe('Invoice 4')
    expect(await subjects(second.client, id)).toHaveLength(4)
  })
})

const withDovecot = test.skipIf(!hasServer.dovecot)

withDovecot('a folder that is numbered anew loses nothing and doubles nothing', async () => {
  const box = await other(dovecot)
  const folder = 'Anew'
  await box.mailboxCreate(folder)
  const before = new Date('2026-11-20T08:00:00Z')
  await box.append(folder, textMail('Old'), [], before)
  const dataDir = temporaryFolder()
  const first = await testApp({ dataDir })
  await account(first.client, dovecot)
  const id = await enableZap(first.client, zapOf({ folder }))
  await connected(first.client, id)
  const taken = new Date('2026-11-21T08:00:00Z')
  await box.append(folder, textMail('Taken'), [], taken)
  await expect.poll(() => subjects(first.client, id)).toEqual(['Taken'])
  await first.app.stop()
  await box.mailboxDelete(folder)
  await box.mailboxCreate(folder)
  await box.append(folder, textMail('Old'), [], before)
  await box.append(folder, textMail('Taken'), [], taken)
  await box.append(folder, textMail('Same second'), [], taken)
  await box.append(folder, textMail('New'), [], new Date('2026-11-22T08:00:00Z'))
  const second = await testApp({ dataDir })
  await expect.poll(() => subjects(second.client, id)).toEqual(['Taken', 'Same second', 'New'])
})

withDovecot('a mail of many megabytes is read by a thread, and its file is whole', async () => {
  const box = await other(dovecot)
  await box.mailboxCreate('Large')
  const { client } = await testApp()
  await account(client, dovecot)
  const id = await enableZap(client, zapOf({ folder: 'Large' }))
  await connected(client, id)
  const content = Buffer.alloc(6_000_000, 'abc')
  const lines = content.toString('base64').replaceAll(/.{76}/g, '$&\r\n')
  const type = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b'
  const body = `--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}\r\n--b--\r\n`
  await box.append('Large', textMail('Large', `${type}\r\n\r\n${body}`))
  await expect.poll(async () => (await outputsOf(client, id, 'keep')).length, { timeout: 20_000 }).toBe(1)
  expect((await outputsOf(client, id, 'keep'))[0]).toMatchObject({
    mail: { attachments: [{ filename: 'a.pdf', bytes: 6_000_000 }], complete: true },
  })
})

withDovecot.each<[string, Record<string, unknown>, string, string, RegExp]>([
  ['a wrong password', { password: 'another-password' }, 'INBOX', 'sign-in', /enter them again under Credentials/],
  ['a folder that is not there', {}, 'Nowhere', 'no-folder', /choose another one/],
  ['a port where nothing is', { port: 9 }, 'INBOX', 'network', /nothing listens there/],
])(
  '%s is shown with what to do, is tried again later, and no secret is told',
  async (_words, more, folder, code, message) => {
    const { client } = await testApp()
    await account(client, dovecot, more)
    const id = await enableZap(client, zapOf({ folder }))
    const state = async () => (await client.zaps.polls({ id }))[0]
    await expect.poll(async () => (await state())?.failures, { timeout: 20_000 }).toBeGreaterThan(0)
    expect(await state()).toMatchObject({
      connection: 'waiting',
      error: { code, message: expect.stringMatching(message) },
    })
    expect(JSON.stringify(await state())).not.toMatch(/another-password|long-password/)
    // Entered anew, it is tried at once.
    if (code === 'no-folder') return
    await account(client, dovecot)
    await connected(client, id)
    await expect.poll(state, { timeout: 20_000 }).toMatchObject({ failures: 0, error: null })
  },
)

withDovecot('an account is tested by signing in, encrypted where that is asked for', async () => {
  const { client } = await testApp()
  await account(client, dovecot)
  expect(await client.credentials.test({ name: 'box' })).toMatchObject({
    ok: true,
    account: expect.stringMatching(/^ada@example.com \(\d+ in INBOX\)$/),
  })
  await account(client, dovecot, { password: 'another-password' })
  expect(await client.credentials.test({ name: 'box' })).toMatchObject({
    ok: false,
    message: expect.stringMatching(/enter them again/),
  })
  // It refuses everything but TLS on this one, with a certificate of its own making.
  await account(client, dovecot, { tls: 'any' })
  expect(await client.credentials.test({ name: 'box' })).toMatchObject({ ok: true })
  await account(client, dovecot, { secure: true })
  expect(await client.credentials.test({ name: 'box' })).toMatchObject({ ok: false })
})
