import { once } from 'node:events'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { expect, onTestFinished, test } from 'vitest'
import { enableZap, runToEnd, testApp } from '../../test-app.ts'
import { sendingZap } from './test-sending.ts'

type Mail = {
  readonly from: string
  readonly to: string[]
  readonly text: string
  readonly user: string | undefined
  readonly isSecure: boolean
}

/** A mail server that takes mails of ada, and keeps what it was sent. */
async function mailServer(options: SMTPServerOptions = {}) {
  const mails: Mail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth({ username, password }, _session, done) {
      if (password === 'long-password') done(null, { user: username })
      else done(new Error('Invalid username or password'))
    },
    onRcptTo({ address }, _session, done) {
      done(address.startsWith('nobody@') ? Object.assign(new Error('No such user here'), { responseCode: 550 }) : null)
    },
    onData(stream, session, done) {
      let text = ''
      stream.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text,
          user: session.user as string | undefined,
          isSecure: session.secure,
        })
        done(null)
      })
    },
    ...options,
  })
  // A client that breaks off is no fault of the test.
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  onTestFinished(() => new Promise<void>((closed) => server.close(closed)))
  const address = server.server.address()
  return { mails, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

async function setUp(port: number, more: Record<string, unknown> = {}) {
  const made = await testApp()
  const secret = JSON.stringify({
    host: '127.0.0.1',
    port,
    secure: false,
    user: 'ada@example.com',
    password: 'long-password',
    ...more,
  })
  await made.client.credentials.set({ name: 'post', type: 'smtp', secret })
  return made
}

test('a mail is sent as it was written, in every alphabet, with who may see it, and with files', async () => {
  const { mails, port } = await mailServer()
  const { client, folder } = await setUp(port)
  const { writeFile, mkdir } = await import('node:fs/promises')
  await mkdir(`${folder}/files`, { recursive: true })
  await writeFile(`${folder}/files/Größe.csv`, 'a,b\n1,2\n')
  const id = await enableZap(
    client,
    sendingZap({
      to: 'Grace <grace@example.com>, ada@example.com',
      bcc: 'secret@example.com',
      subject: 'Bestellung {{ go.id }} – bestätigt ✓',
      text: 'Grüße',
      html: '<b>Grüße</b>',
      attachments: 'Größe.csv',
    }),
  )
  const { run, steps } = await runToEnd(client, id, { id: 42 })
  expect(run.status).toBe('succeeded')
  const [mail] = mails
  expect(mail).toMatchObject({
    from: 'ada@example.com',
    to: ['grace@example.com', 'ada@example.com', 'secret@example.com'],
    user: 'ada@example.com',
  })
  expect(mail?.text).not.toContain('secret@example.com')
  expect(mail?.text).toMatch(/^Subject: =\?UTF-8\?/m)
  expect(mail?.text).toContain(Buffer.from('a,b\n1,2\n').toString('base64'))
  const output = steps.find(({ step }) => step === 'send')?.output
  expect(output).toMatchObject({
    accepted: ['grace@example.com', 'ada@example.com', 'secret@example.com'],
    rejected: [],
  })
  expect(mail?.text).toContain((output as { messageId: string }).messageId)
})

test('text that comes from outside makes no header of its own', async () => {
  const { mails, port } = await mailServer()
  const { client } = await setUp(port)
  const id = await enableZap(client, sendingZap({ to: 'a@example.com', subject: '{{ go.subject }}', text: 'x' }))
  await runToEnd(client, id, { subject: 'Hi\r\nBcc: evil@example.com\r\n\r\nbody' })
  expect(mails[0]?.to).toEqual(['a@example.com'])
  expect(mails[0]?.text).not.toMatch(/^Bcc:/m)
})

test.each<[string, Record<string, unknown>, Record<string, unknown>, string, RegExp]>([
  ['a wrong password', { password: 'another-password' }, {}, 'sign-in', /does not take user and password/],
  ['an address that is not there', {}, { to: 'nobody@example.com' }, 'bad-address', /No such user here/],
  ['a server without encryption where it must be', { secure: true }, {}, 'network', /could not be reached/],
])('%s is told with what to do, and no secret', async (_words, account, input, code, message) => {
  const { port } = await mailServer()
  const { client } = await setUp(port, account)
  const id = await enableZap(client, sendingZap({ to: 'a@example.com', subject: 's', text: 'x', ...input }))
  const { steps } = await runToEnd(client, id, {})
  const error = steps.find(({ step }) => step === 'send')?.attempts.at(-1)?.error
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
  expect(JSON.stringify(steps)).not.toMatch(/another-password|long-password/)
})

test('an account is tested by signing in, and nothing is sent', async () => {
  const { mails, port } = await mailServer()
  const { client } = await setUp(port)
  expect(await client.credentials.test({ name: 'post' })).toMatchObject({ ok: true, account: 'ada@example.com' })
  const wrong = await setUp(port, { password: 'another-password' })
  expect(await wrong.client.credentials.test({ name: 'post' })).toMatchObject({
    ok: false,
    message: expect.stringMatching(/enter them again/),
  })
  expect(mails).toEqual([])
})

test('a server that is not there is a network error, which may go better later', async () => {
  const { client } = await setUp(9)
  const id = await enableZap(client, sendingZap({ to: 'a@example.com', subject: 's', text: 'x' }))
  const { steps } = await runToEnd(client, id, {})
  expect(steps.find(({ step }) => step === 'send')?.attempts.at(-1)?.error).toMatchObject({
    code: 'network',
    message: expect.stringMatching(/127\.0\.0\.1:9: nothing listens there/),
  })
})
