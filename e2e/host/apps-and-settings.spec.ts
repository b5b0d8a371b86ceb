import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { runCli } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/test.ts'
import { writeZap } from '../fixtures/zap-files.ts'

test.use({ shares: true })

const importSchema = z.object({ zaps: z.array(z.object({ id: z.string(), status: z.string() })) })
const settingSchema = z.object({ setting: z.object({ key: z.string(), value: z.unknown() }) })

test('settings are listed, read and set by their keys', async ({ host }) => {
  const data = ['--data', host.dataDir]
  const { settings } = await host.ask(
    z.object({ settings: z.array(z.object({ key: z.string() })) }),
    'settings',
    'list',
  )
  expect(settings.map(({ key }) => key)).toEqual(expect.arrayContaining(['webhooks.keepDays', 'backups.folder']))
  for (const [key, text, value] of [
    ['webhooks.keepDays', '12', 12],
    ['webhooks.maxDataGb', '0.5', 0.5],
    ['webhooks.hosts', 'a.example, b.example', ['a.example', 'b.example']],
    ['notifications.incidents', 'false', false],
  ] as const) {
    expect(await host.ask(settingSchema, 'settings', 'set', key, text)).toMatchObject({ setting: { key, value } })
    expect((await runCli(['settings', 'get', key, ...data])).stdout.trim()).toBe([value].flat().join(', '))
  }
  for (const [key, text, words] of [
    [
      'webhooks.keepDays',
      'soon',
      '"Days that the inbox keeps requests" (webhooks.keepDays) must be a whole number from 0 to 3,650.',
    ],
    ['webhooks.nothing', '1', 'There is no setting "webhooks.nothing"'],
  ] as const) {
    const { code, stderr } = await runCli(['settings', 'set', key, text, ...data])
    expect(code).toBe(1)
    expect(stderr).toContain(words)
  }
})

test('a zap of an app runs in the built program, which loads the app for it', async ({ host, folder }) => {
  const data = ['--data', host.dataDir]
  const seen: (string | undefined)[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization)
    response.setHeader('content-type', 'application/json').end('{"id":"m1","time":1764000000}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    // A server that listens on a port has an AddressInfo.
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { connectors } = await host.ask(z.object({ connectors: z.array(z.object({ id: z.string() })) }), 'connectors')
    expect(connectors.map(({ id }) => id)).toEqual(expect.arrayContaining(['http.request', 'ntfy.publish']))
    await runCli(['credential', 'set', 'phone', '--type', 'ntfy', '--stdin', ...data], { stdin: '{"token":"tk_1"}' })
    const file = await writeZap(folder, 'phone', {
      format: 'hookline/zap@1',
      name: 'Phone',
      steps: [
        { id: 'go', uses: 'manual.run' },
        {
          id: 'send',
          uses: 'ntfy.publish',
          input: { account: { $credential: 'phone' }, topic: 'alerts', message: 'Done', server: address },
        },
      ],
      edges: [{ from: 'go', to: 'send' }],
    })
    const { zaps } = await host.ask(importSchema, 'zap', 'import', file, '--enable')
    const { stdout, code } = await runCli(['zap', 'run', zaps[0]?.id ?? '', '--wait', '--json', ...data])
    expect(code, stdout).toBe(0)
    expect(stdout).toContain('"id":"m1"')
    expect(stdout).not.toContain('tk_1')
    expect(seen).toEqual(['Bearer tk_1'])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
