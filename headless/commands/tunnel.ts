import { setTimeout as pause } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { type TunnelStatus, type TunnelWay, tunnelWaySchema } from '../../core/contract/values.ts'
import type { HostClient } from '../control/host-client.ts'
import type { Lines } from '../terminal.ts'
import { type Answer, askHost, CommandError } from './context.ts'

const PROVIDERS: readonly TunnelWay['provider'][] = ['cloudflared', 'ssh', 'localtunnel', 'ngrok', 'relay', 'manual']

/** Milliseconds that `open` waits until the tunnel is open or known to be down. */
const OPENING_MS = 60_000
const LOOK_MS = 250

const optionsSchema = z.record(z.string(), z.unknown())

export function addTunnelCommands(program: Command, add: (command: Command) => Command): void {
  const tunnel = add(program.command('tunnel'))
    .description('let webhooks in from the internet; without more it tells how the tunnel is')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const { tunnel: status } = await client.system.status()
        return { json: { tunnel: status }, text: statusText(status) }
      }),
    )

  add(tunnel.command('open'))
    .description('open a tunnel and keep it open, also after the next start')
    .argument('<way>', PROVIDERS.join(', '))
    .option('--server-port <n>', 'ssh: port of the SSH server', readNumber)
    .option('--host <host>', 'ssh: the server')
    .option('--user <name>', 'ssh: the user there')
    .option('--identity-file <file>', 'ssh: a private key')
    .option('--remote-port <n>', 'ssh: port that the server listens on for you', readNumber)
    .option('--url <url>', 'ssh, manual: what senders call')
    .option('--server <url>', 'localtunnel: a server of your own')
    .option('--subdomain <name>', 'localtunnel: the name that you would like')
    .option('--domain <name>', 'ngrok: a domain of your account')
    .option('--channel <url>', 'relay: the channel, such as https://smee.io/abc')
    .option('--path <path>', 'relay: the webhook that gets everything, such as /hooks/orders')
    .option('--address-header <name>', 'manual: the header in which it puts the sender’s address')
    .action((way: string, options: unknown, command: Command) =>
      askHost(command, async (client) => {
        await client.tunnel.configure({ isOn: true, way: readWay(way, optionsSchema.parse(options)) })
        return opened(await settled(client))
      }),
    )

  add(tunnel.command('close'))
    .description('close the tunnel; senders then hear that nobody is here')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const { way } = await client.tunnel.settings()
        await client.tunnel.configure({ isOn: false, way })
        return { json: { ok: true }, text: 'Closed.' }
      }),
    )

  add(tunnel.command('check'))
    .description('look now whether it works, or try now to open it again')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const before = (await client.system.status()).tunnel
        await client.tunnel.retry()
        return opened(await settled(client, before.checkedAt))
      }),
    )
}

/** Waits until the tunnel is open (and was looked through since `checkedAt`), or is known to be down. */
async function settled(client: HostClient, checkedAt: string | null = null): Promise<TunnelStatus> {
  const deadline = performance.now() + OPENING_MS
  for (;;) {
    const { tunnel } = await client.system.status()
    const isNews = tunnel.state === 'open' ? tunnel.checkedAt !== checkedAt : tunnel.state !== 'opening'
    if (isNews || performance.now() > deadline) return tunnel
    await pause(LOOK_MS)
  }
}

function opened(tunnel: TunnelStatus): Answer {
  return { json: { tunnel }, text: statusText(tunnel), isFailure: tunnel.state !== 'open' }
}

function statusText(tunnel: TunnelStatus): Lines {
  switch (tunnel.state) {
    case 'off':
      return 'There is no tunnel: webhooks reach this computer only from itself. "hookline tunnel open --help" tells the ways.'
    case 'opening':
      return `The tunnel (${tunnel.provider}) is being opened.`
    case 'open':
      return [
        `Open: ${tunnel.url} (${tunnel.provider}), looked through at ${tunnel.checkedAt}`,
        ...(tunnel.moved === null
          ? []
          : [
              `Its address was ${tunnel.moved.from}. Tell the senders of:`,
              ...tunnel.moved.webhooks.map(({ url, zapName }) => `  ${url}  (${zapName})`),
            ]),
      ]
    case 'down':
      return [`Down: ${tunnel.why}`, ...(tunnel.retryAt === null ? [] : [`Tried again at ${tunnel.retryAt}.`])]
  }
}

function readWay(provider: string, { serverPort, ...options }: Readonly<Record<string, unknown>>): TunnelWay {
  const { data: _data, json: _json, ...own } = options
  const parsed = tunnelWaySchema.safeParse({ provider, ...own, ...(serverPort !== undefined && { port: serverPort }) })
  if (parsed.success) return parsed.data
  if (!PROVIDERS.some((known) => known === provider)) {
    throw new CommandError(`There is no way called "${provider}": it is one of ${PROVIDERS.join(', ')}.`)
  }
  const [first = 'These options do not fit.', ...more] = parsed.error.issues.map(issueText)
  throw new CommandError(first, more)
}

function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `It takes no ${issue.keys.map(optionName).join(', ')}.`
  const [field] = issue.path
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined
  return `${optionName(String(field))} ${isMissing ? 'is needed' : issue.message}.`
}

const optionName = (field: string): string =>
  field === 'port' ? '--server-port' : `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

function readNumber(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('A port is a number from 1 to 65535.')
  return port
}
