import { join } from 'node:path'
import { z } from 'zod'
import { type RunningHost, runCli, startHost } from '../fixtures/headless-host.ts'
import { startLocaltunnelServer } from '../fixtures/localtunnel-server.ts'
import { startRelayChannel } from '../fixtures/relay-channel.ts'
import { freePort, hasSshd, startSshd } from '../fixtures/sshd.ts'
import { expect, test } from '../fixtures/test.ts'
import { relayZap, writeZap } from '../fixtures/zap-files.ts'

const statusSchema = z.object({
  tunnel: z.object({
    state: z.string(),
    url: z.string().nullable(),
    why: z.string().nullable(),
    retryAt: z.string().nullable(),
    moved: z.object({ from: z.string(), webhooks: z.array(z.object({ url: z.string() })) }).nullable(),
  }),
})
type Tunnel = z.infer<typeof statusSchema>['tunnel']

const tunnelOf = async (host: RunningHost): Promise<Tunnel> => (await host.ask(statusSchema, 'tunnel')).tunnel
const open = async (host: RunningHost, ...args: string[]): Promise<Tunnel> =>
  (await host.ask(statusSchema, 'tunnel', 'open', ...args)).tunnel

/** Imports a zap that hands on what comes to `/hooks/orders`. */
async function relayOrders(host: RunningHost, folder: string, targetUrl: string): Promise<void> {
  const file = await writeZap(folder, 'orders', relayZap('orders', targetUrl))
  await host.ask(z.unknown(), 'zap', 'import', file, '--enable')
}

const post = (url: string) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"order":4711}' })

test.describe('ssh', () => {
  test.skip(!hasSshd, 'no OpenSSH server here: "apt install openssh-server" gets it')

  test('brings webhooks from a server, comes back when the server does, and leads to nothing else', async ({
    folder,
    host,
    target,
  }) => {
    const sshd = await startSshd(folder)
    const remotePort = await freePort()
    await relayOrders(host, folder, target.url)
    const args = [
      '--host',
      '127.0.0.1',
      '--server-port',
      sshd.port,
      '--user',
      sshd.user,
      '--identity-file',
      sshd.identityFile,
    ]
    const tunnel = await open(host, 'ssh', ...args.map(String), '--remote-port', String(remotePort))
    expect(tunnel).toMatchObject({ state: 'open', url: `http://127.0.0.1:${remotePort}` })
    expect((await post(`${tunnel.url}/hooks/orders`)).status).toBe(200)
    await target.until((requests) => requests.length === 1)
    // Neither the screens nor anything else of this computer is behind it.
    expect((await fetch(`${tunnel.url}/`)).status).toBe(404)
    expect((await fetch(`${tunnel.url}/api`)).status).toBe(404)

    await sshd.stop()
    await expect.poll(async () => (await tunnelOf(host)).state).not.toBe('open')
    const again = await startSshd(folder, sshd.port)
    await expect(async () => {
      await host.ask(z.unknown(), 'tunnel', 'check')
      expect((await post(`http://127.0.0.1:${remotePort}/hooks/orders`)).status).toBe(200)
    }).toPass()
    await target.until((requests) => requests.length === 2)
    await host.ask(z.unknown(), 'tunnel', 'close')
    await expect(post(`http://127.0.0.1:${remotePort}/hooks/orders`)).rejects.toThrow()
    await again.stop()
  })

  test('is opened again after a kill, although the program of before still has the port', async ({
    folder,
    target,
  }) => {
    const sshd = await startSshd(folder)
    const remotePort = String(await freePort())
    const first = await startHost({ dataDir: `${folder}/data` })
    await relayOrders(first, folder, target.url)
    const args = ['--host', '127.0.0.1', '--server-port', String(sshd.port), '--user', sshd.user]
    await open(first, 'ssh', ...args, '--identity-file', sshd.identityFile, '--remote-port', remotePort)
    await first.kill()
    const second = await startHost({ dataDir: `${folder}/data` })
    await expect(async () => expect((await tunnelOf(second)).state).toBe('open')).toPass()
    expect((await post(`http://127.0.0.1:${remotePort}/hooks/orders`)).status).toBe(200)
    expect(await second.stop()).toBe(0)
    await sshd.stop()
  })
})

test('a server that lets nobody in, or is not there, is explained', async ({ host }) => {
  const port = String(await freePort())
  const result = await runCli([
    'tunnel',
    'open',
    'ssh',
    '--host',
    '127.0.0.1',
    '--server-port',
    port,
    '--data',
    host.dataDir,
  ])
  expect(result.code).toBe(1)
  expect(result.stdout).toContain(`127.0.0.1 does not answer on port ${port}`)
})

test('localtunnel brings webhooks, several at once', async ({ folder, host, target }) => {
  const server = await startLocaltunnelServer()
  await relayOrders(host, folder, target.url)
  const { url } = await open(host, 'localtunnel', '--server', server.url)
  const answers = await Promise.all(Array.from({ length: 12 }, () => post(`${url}/hooks/orders`)))
  expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 12 }, () => 200))
  await target.until((requests) => requests.length === 12)
  await server.close()
})

test('a relay hands what comes to its channel to one webhook, and is heard again after it was lost', async ({
  folder,
  host,
  target,
}) => {
  const channel = await startRelayChannel()
  await relayOrders(host, folder, target.url)
  expect(await open(host, 'relay', '--channel', channel.url, '--path', '/hooks/orders')).toMatchObject({
    state: 'open',
  })
  await post(channel.url)
  await target.until((requests) => requests.length === 1)
  expect(target.requests[0]?.body).toContain('4711')
  channel.drop()
  await expect(async () => {
    await post(channel.url)
    expect(target.requests.length).toBeGreaterThan(1)
  }).toPass()
  await channel.close()
})

test('an address of one’s own counts as open only when it leads here', async ({ host, target }) => {
  const away = await runCli(['tunnel', 'open', 'manual', '--url', target.url, '--json', '--data', host.dataDir])
  expect(JSON.parse(away.stdout)).toMatchObject({ tunnel: { state: 'down' } })
  expect(JSON.parse(away.stdout).tunnel.why).toContain('something else answers there')
  const own = await open(host, 'manual', '--url', host.hooks.replace('127.0.0.1', 'localhost'))
  expect(own.state).toBe('open')
})

test('a new address names the webhooks whose senders have to be told, until that was done', async ({
  folder,
  host,
  target,
}) => {
  await relayOrders(host, folder, target.url)
  const second = host.hooks.replace('127.0.0.1', 'localhost')
  expect((await open(host, 'manual', '--url', host.hooks)).moved).toBeNull()
  const { moved } = await open(host, 'manual', '--url', second)
  expect(moved?.from).toBe(host.hooks)
  expect(moved?.webhooks.map((webhook) => webhook.url)).toContain(`${second}/hooks/orders`)
})

test('a program that is not installed says how to get it', async ({ folder }) => {
  const host = await startHost({ dataDir: `${folder}/data`, env: { PATH: join(folder, 'nothing') } })
  for (const way of ['cloudflared', 'ngrok']) {
    const result = await runCli(['tunnel', 'open', way, '--data', host.dataDir])
    expect(result.code).toBe(1)
    expect(result.stdout).toContain(`"${way}" is not installed. Install it from`)
  }
  await host.stop()
})
