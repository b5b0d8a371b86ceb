import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enableZap, outputsOf, runToEnd, testApp } from '../../test-app.ts'
import { hasServer, startDovecot, type TestServer } from '../../test-servers.ts'
import { hasPostfix, startPostfix } from './test-postfix.ts'
import { sendingZap } from './test-sending.ts'

const PASSWORD = 'long-password'

describe.skipIf(!hasPostfix || !hasServer.dovecot)('Postfix and Dovecot', () => {
  let boxes: TestServer | undefined
  let post: TestServer | undefined

  beforeAll(async () => {
    boxes = await startDovecot(PASSWORD)
    post = await startPostfix(boxes)
  }, 60_000)
  afterAll(async () => {
    await post?.stop()
    await boxes?.stop()
  })

  async function setUp(more: Record<string, unknown> = {}) {
    const made = await testApp()
    const account = { host: '127.0.0.1', secure: false, user: 'ada@example.com', password: PASSWORD }
    // The certificate is the server's own.
    const smtp = { ...account, port: post?.port, tls: 'any', ...more }
    await made.client.credentials.set({ name: 'post', type: 'smtp', secret: JSON.stringify(smtp) })
    const imap = { ...account, port: boxes?.port }
    await made.client.credentials.set({ name: 'box', type: 'imap', secret: JSON.stringify(imap) })
    return made
  }

  test('a mail that one zap sends starts another as it was written', async () => {
    const { client, folder } = await setUp()
    mkdirSync(join(folder, 'files'), { recursive: true })
    writeFileSync(join(folder, 'files', 'Größe.csv'), 'a,b\n1,2\n')
    const receives = await enableZap(client, {
      steps: [
        { id: 'mail', uses: 'mail.received', input: { account: { $credential: 'box' } } },
        { id: 'keep', uses: 'data.set', input: { fields: { mail: '{{ mail }}' } } },
      ],
      edges: [{ from: 'mail', to: 'keep' }],
    })
    await expect
      .poll(async () => (await client.zaps.polls({ id: receives }))[0]?.connection, { timeout: 20_000 })
      .toBe('connected')
    const sends = await enableZap(
      client,
      sendingZap({
        to: 'Ada <ada@example.com>',
        subject: 'Bestellung ✓',
        text: 'Grüße\n.\nEnde',
        attachments: 'Größe.csv',
      }),
    )
    expect((await runToEnd(client, sends, {})).run.status).toBe('succeeded')
    await expect.poll(async () => (await outputsOf(client, receives, 'keep')).length, { timeout: 20_000 }).toBe(1)
    const [output] = await outputsOf(client, receives, 'keep')
    expect(output).toMatchObject({
      mail: { subject: 'Bestellung ✓', text: 'Grüße\n.\nEnde\n', attachments: [{ filename: 'Größe.csv', bytes: 8 }] },
    })
  }, 60_000)

  test.each([
    ['an address that it does not have', {}, { to: 'grace@example.com' }, /550 .{0,20}grace@example\.com/],
    ['an address that it does not send to', {}, { to: 'grace@elsewhere.org' }, /554 .{0,20}grace@elsewhere\.org/],
    ['a wrong password', { password: 'wrong' }, { to: 'ada@example.com' }, /535/],
    ['a mail that is too large', {}, { to: 'ada@example.com', text: 'x'.repeat(200_000) }, /552|too large|size/i],
  ])('%s is told in its own words', async (_what, account, input, words) => {
    const { client } = await setUp(account)
    const id = await enableZap(client, sendingZap({ subject: 's', text: 't', ...input }))
    const { steps } = await runToEnd(client, id, {})
    const error = steps.find(({ step }) => step === 'send')?.attempts.at(-1)?.error
    expect(error?.message).toMatch(words)
  })
})
