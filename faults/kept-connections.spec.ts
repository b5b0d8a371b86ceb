import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { ImapFlow } from 'imapflow'
import { z } from 'zod'
import { hasServer, startDovecot } from '../core/test-servers.ts'
import { connectTo } from '../e2e/fixtures/control-client.ts'
import { startHost, temporaryFolder } from '../e2e/fixtures/headless-host.ts'
import { expect, test } from '../e2e/fixtures/test.ts'

const KILLS = 2
const PASSWORD = 'long-password'
const mailSchema = z.object({ subject: z.string() })

test.skip(!hasServer.dovecot, 'there is no Dovecot here: scripts/find-servers.mjs names the package')

test('mails that come while the host is killed again and again start one run each, in their order', async () => {
  const server = await startDovecot(PASSWORD)
  const folder = await temporaryFolder()
  const dataDir = join(folder.path, 'data')
  let host = await startHost({ dataDir })
  const { client, close } = await connectTo(dataDir)
  const account = { host: '127.0.0.1', port: server.port, secure: false, user: 'ada@example.com', password: PASSWORD }
  await client.credentials.set({ name: 'box', type: 'imap', secret: JSON.stringify(account) })
  const content = {
    format: 'hookline/zap@1',
    name: 'Mail',
    steps: [
      { id: 'mail', uses: 'mail.received', input: { account: { $credential: 'box' } } },
      { id: 'keep', uses: 'data.set', input: { fields: { subject: '{{ mail.subject }}' } } },
    ],
    edges: [{ from: 'mail', to: 'keep' }],
  }
  const { zaps } = await client.zaps.import({ files: [{ file: 'mail', content }], enable: true })
  const id = zaps[0]?.id ?? ''
  await expect.poll(async () => (await client.zaps.polls({ id }))[0]?.connection).toBe('connected')
  close()

  const box = new ImapFlow({
    host: '127.0.0.1',
    port: server.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: account.user, pass: PASSWORD },
    logger: false,
  })
  await box.connect()
  let sent = 0
  let isSending = true
  const sending = (async () => {
    while (isSending) await box.append('INBOX', `From: ada@example.com\r\nSubject: ${++sent}\r\n\r\nHello\r\n`)
  })()
  const stored = (): number[] => {
    const database = new Sqlite(join(dataDir, 'hookline.db'), { readonly: true })
    const rows = database.prepare<[], string>('SELECT data FROM trigger_event ORDER BY id').pluck().all()
    database.close()
    return rows.map((data) => Number(mailSchema.parse(JSON.parse(data)).subject))
  }
  for (let kills = 0; kills < KILLS; kills++) {
    const before = stored().length
    await expect.poll(() => stored().length, { timeout: 60_000 }).toBeGreaterThan(before)
    await host.kill()
    host = await startHost({ dataDir })
  }
  isSending = false
  await sending
  const all = Array.from({ length: sent }, (_, at) => at + 1)
  await expect.poll(() => stored().length, { timeout: 60_000 }).toBe(sent)
  expect(stored()).toEqual(all)
  await box.logout()
  await host.stop()
  await server.stop()
  await folder.remove()
})
