import type { TunnelWay } from '../../core/contract/values.ts'

export type Provider = TunnelWay['provider']

/** A field of a way's form. */
export type WayField = {
  readonly name: string
  readonly label: string
  readonly help?: string
  readonly placeholder?: string
  readonly isNumber?: true
  readonly isRequired?: true
}

/** Every way, in the order in which it is offered: those that need least first. */
export const WAYS: readonly {
  readonly provider: Provider
  readonly title: string
  /** What it is, and what it takes. */
  readonly about: string
  readonly fields: readonly WayField[]
}[] = [
  {
    provider: 'cloudflared',
    title: 'Cloudflare',
    about: 'No account. A new address at every start. Needs the program cloudflared on this computer.',
    fields: [],
  },
  {
    provider: 'ssh',
    title: 'SSH server',
    about: 'Any server of yours that lets you in by a key. The address stays the same.',
    fields: [
      { name: 'host', label: 'Server', placeholder: 'example.com', isRequired: true },
      { name: 'user', label: 'User', help: 'The name that you log in with.' },
      { name: 'port', label: 'SSH port', placeholder: '22', isNumber: true },
      {
        name: 'identityFile',
        label: 'Key file',
        help: 'The usual ones when empty.',
        placeholder: '/home/ada/.ssh/id_ed25519',
      },
      {
        name: 'remotePort',
        label: 'Port on the server',
        placeholder: '8080',
        isNumber: true,
        help: 'Senders arrive there.',
      },
      {
        name: 'url',
        label: 'Public address',
        placeholder: 'https://hooks.example.com',
        help: 'When the server gives the port a name of its own; http://server:port when empty.',
      },
    ],
  },
  {
    provider: 'ngrok',
    title: 'ngrok',
    about: 'Needs an account, and the program ngrok on this computer that knows its token.',
    fields: [
      { name: 'domain', label: 'Domain', placeholder: 'yours.ngrok.app', help: 'One that ngrok chooses when empty.' },
    ],
  },
  {
    provider: 'localtunnel',
    title: 'localtunnel',
    about: 'No account and no program. The public server is run by volunteers; you can run your own.',
    fields: [
      { name: 'server', label: 'Server', placeholder: 'https://localtunnel.me' },
      { name: 'subdomain', label: 'Name', placeholder: 'ada-hooks', help: 'You get it if it is free.' },
    ],
  },
  {
    provider: 'relay',
    title: 'Relay channel',
    about:
      'A channel such as smee.io hands on what is sent to it, to one webhook, as JSON. Signatures may not survive that.',
    fields: [
      { name: 'channel', label: 'Channel', placeholder: 'https://smee.io/abc123', isRequired: true },
      { name: 'path', label: 'Webhook', placeholder: '/hooks/orders', isRequired: true },
    ],
  },
  {
    provider: 'manual',
    title: 'Something of my own',
    about: 'A reverse proxy, a router, another tunnel: you run it, and Hookline looks whether it leads here.',
    fields: [
      { name: 'url', label: 'Public address', placeholder: 'https://hooks.example.com', isRequired: true },
      {
        name: 'addressHeader',
        label: 'Header with the sender’s address',
        placeholder: 'X-Forwarded-For',
        help: 'Leave it empty unless your proxy adds it: otherwise any sender could claim to be another.',
      },
    ],
  },
]

/** What is written in the fields of a way. */
export type WayTexts = Readonly<Record<string, string>>

/** The texts of a way's form. */
export function textsOfWay(way: TunnelWay): WayTexts {
  return Object.fromEntries(
    Object.entries(way).flatMap(([name, value]) => (name === 'provider' ? [] : [[name, String(value)]])),
  )
}

/** What a form says, for the schema to check. Empty fields say nothing. */
export function wayOfTexts(provider: Provider, texts: WayTexts): Record<string, unknown> {
  const fields = WAYS.find((way) => way.provider === provider)?.fields ?? []
  return {
    provider,
    ...Object.fromEntries(
      fields.flatMap(({ name, isNumber }) => {
        const text = texts[name]?.trim() ?? ''
        return text === '' ? [] : [[name, isNumber ? Number(text) : text]]
      }),
    ),
  }
}
