import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runCli } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/test.ts'
import { relayZap, writeZap } from '../fixtures/zap-files.ts'

test.use({ shares: true })

const HOSTILE = 'Orders\n  ok  forged\r\u001b]52;c;eA==\u0007\u009b2J\u202egpj.exe\u2028.'
const SHOWN = 'Orders\\n  ok  forged\\r\\x1b]52;c;eA==\\x07\\x9b2J\\u202egpj.exe\\u2028.'
/** Line breaks are the program's own; everything else of the kind has come from outside. */
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\uFEFF]/u
const importSchema = z.object({ zaps: z.tuple([z.object({ id: z.string() })]) })
const runsSchema = z.object({ runs: z.array(z.object({ id: z.string(), zapName: z.string() })).min(1) })

test('what senders and files put in is seen in the terminal, obeyed by nothing, and stays in its line', async ({
  host,
  folder,
  target,
}) => {
  target.answerWith(404)
  const zap = Object.assign(Object(relayZap('in', target.url)), { name: HOSTILE })
  const { zaps } = await host.ask(importSchema, 'zap', 'import', await writeZap(folder, 'in', zap), '--enable')
  await fetch(`${host.hooks}/hooks/in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ [HOSTILE]: HOSTILE }),
  })
  const cli = (...args: string[]) => runCli([...args, '--data', host.dataDir])
  await expect(async () => {
    const { runs } = await host.ask(runsSchema, 'run', 'list', '--status', 'failed')
    expect(runs[0]?.zapName).toBe(HOSTILE)
  }).toPass()
  const { runs } = await host.ask(runsSchema, 'run', 'list')
  const id = runs[0]?.id ?? ''
  const commands = [
    ['run', 'list'],
    ['run', 'show', id],
    ['zap', 'list'],
    ['zap', 'show', zaps[0].id],
    ['zap', 'export', zaps[0].id],
    ['outbox', 'dead'],
    ['incidents'],
    ['status'],
    ['run', 'show', HOSTILE],
    ['zap', 'import', `${folder}/${HOSTILE}`],
    ['session', 'end', HOSTILE],
    ['credential', 'delete', HOSTILE],
    [HOSTILE],
  ]
  for (const command of commands) {
    for (const json of [[], ['--json']]) {
      const { stdout, stderr } = await cli(...command, ...json)
      expect(stdout.replaceAll('\n', ''), command.join(' ')).not.toMatch(OBEYED)
      if (json.length > 0 && stdout !== '') JSON.parse(stdout)
      // Commander itself repeats an unknown word; its line breaks are its own.
      expect(stderr.replaceAll('\n', ''), command.join(' ')).not.toMatch(OBEYED)
      if (command[0] !== HOSTILE) expect(`${stdout}${stderr}`).not.toMatch(/^ {2}ok {2}forged/m)
    }
  }
  expect((await cli('run', 'list')).stdout).toContain(SHOWN)
  expect((await cli('zap', 'list')).stdout).toContain(SHOWN)

  const log = await readFile(join(host.dataDir, 'logs', 'hookline.log'), 'utf8').catch(() => '')
  expect(`${log}${host.log()}`.replaceAll('\n', '')).not.toMatch(OBEYED)
})

test('a log line tells of a hostile name in one line, in the terminal and in the file of the data folder', async ({
  host,
  folder,
}) => {
  const steps = [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'say' } },
    { id: 'say', uses: 'notify.show', input: { title: '{{ hook.body }}', body: 'x' } },
  ]
  const zap = { format: 'hookline/zap@1', name: 'Say', steps, edges: [{ from: 'hook', to: 'say' }] }
  await host.ask(importSchema, 'zap', 'import', await writeZap(folder, 'say', zap), '--enable')
  await fetch(`${host.hooks}/hooks/say`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: HOSTILE })
  const file = join(host.dataDir, 'logs', 'hookline.log')
  await expect.poll(() => host.log()).toContain(`Notification: ${SHOWN}`)
  expect(await readFile(file, 'utf8')).toContain(`Notification: ${SHOWN}`)
  expect(host.log().replaceAll('\n', '')).not.toMatch(OBEYED)
})
