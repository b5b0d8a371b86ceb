import { readFileSync } from 'node:fs'
import { LogError, type LogKind } from './log.ts'

/** What the URL of a log says. */
export type LogAddress = {
  readonly kind: LogKind
  readonly isTls: boolean
  readonly servers: readonly { readonly host: string; readonly port: number }[]
  readonly user: string | null
  /** Without a user it is a token. */
  readonly password: string | null
  readonly settings: ReadonlyMap<string, string>
  /** For people: the scheme and the servers. */
  readonly shown: string
}

const SCHEMES = new Map<string, { readonly kind: LogKind; readonly isTls: boolean; readonly port: number }>([
  ['nats', { kind: 'nats', isTls: false, port: 4222 }],
  ['tls', { kind: 'nats', isTls: true, port: 4222 }],
  ['kafka', { kind: 'kafka', isTls: false, port: 9092 }],
  ['kafkas', { kind: 'kafka', isTls: true, port: 9093 }],
])

const MAX_URL = 4_000

const FOR_BOTH = ['fleet', 'ca', 'cert', 'key', 'replicas']
const SETTINGS: Readonly<Record<LogKind, readonly string[]>> = {
  nats: [...FOR_BOTH, 'creds', 'discover'],
  kafka: [...FOR_BOTH, 'sasl', 'partitions', 'session'],
}
/** Names of streams, topics and subjects begin with it. */
const FLEET_NAME = /^[A-Za-z0-9-]{1,63}$/
const COUNT = /^[1-9]\d{0,2}$/

const EXAMPLES = 'such as nats://10.0.4.2:4222 or kafka://10.0.4.2:9092,10.0.4.3:9092'

/**
 * Reads `nats://…`, `tls://…`, `kafka://…` or `kafkas://…` with one or several servers: `scheme://user:password@host:port,host:port?setting=value`.
 * User and password are percent-decoded.
 *
 * @throws LogError `address`, with a sentence that repeats no password.
 */
export function readLogAddress(url: string): LogAddress {
  if (url.length > MAX_URL) throw unreadable(`is longer than ${MAX_URL} characters`)
  const schemeEnd = url.indexOf('://')
  const scheme = schemeEnd < 0 ? undefined : SCHEMES.get(url.slice(0, schemeEnd).toLowerCase())
  if (scheme === undefined) throw unreadable('begins with none of nats://, tls://, kafka:// and kafkas://')
  const rest = url.slice(schemeEnd + 3)
  const queryAt = rest.indexOf('?')
  const beforeQuery = queryAt < 0 ? rest : rest.slice(0, queryAt)
  // A password may hold an unescaped "@"; a server cannot.
  const at = beforeQuery.lastIndexOf('@')
  const list = beforeQuery.slice(at + 1).replace(/\/$/, '')
  const servers = list.split(',').map((server) => readServer(server.trim(), scheme.port))
  const [user, password] = at < 0 ? [null, null] : readSignIn(beforeQuery.slice(0, at))
  return {
    kind: scheme.kind,
    isTls: scheme.isTls,
    servers,
    user,
    password,
    settings: readSettings(scheme.kind, queryAt < 0 ? '' : rest.slice(queryAt + 1)),
    shown: `${url.slice(0, schemeEnd).toLowerCase()}://${servers.map(serverText).join(',')}`,
  }
}

export function serverText({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/**
 * What stands in the file that a setting of the URL names, such as `ca=/etc/ca.pem`; undefined without that setting.
 *
 * @throws LogError `address`, where it cannot be read.
 */
export function readSettingFile({ settings }: LogAddress, setting: string): Buffer | undefined {
  const path = settings.get(setting)
  if (path === undefined) return undefined
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new LogError(
      'address',
      `The file ${path}, which the --fleet URL names behind "${setting}=", cannot be read. Give the path of one that can.`,
      { cause },
    )
  }
}

function readServer(text: string, defaultPort: number): { host: string; port: number } {
  // The parser of an ordinary scheme knows IPv6 and what a port may be; it leaves its own default port away.
  const url = URL.canParse(`http://${text}`) ? new URL(`http://${text}`) : undefined
  const isBare = url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  if (url === undefined || !isBare || text === '') throw unreadable('has a server in it that cannot be read')
  const port = url.port === '' ? (text.endsWith(':80') ? 80 : defaultPort) : Number(url.port)
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port }
}

function readSettings(kind: LogKind, query: string): ReadonlyMap<string, string> {
  const settings = new Map(new URLSearchParams(query))
  for (const setting of settings.keys()) {
    if (SETTINGS[kind].includes(setting)) continue
    throw unreadable(`has "${setting.slice(0, 40)}" behind the "?", and there are ${SETTINGS[kind].join(', ')}`)
  }
  if (!FLEET_NAME.test(settings.get('fleet') ?? 'hookline'))
    throw unreadable(
      'names a fleet behind "fleet=" that has other characters than letters, digits and hyphens, or none',
    )
  if (!COUNT.test(settings.get('replicas') ?? '1')) throw unreadable('has no number from 1 to 999 behind "replicas="')
  return settings
}

function readSignIn(text: string): readonly [string | null, string | null] {
  const colon = text.indexOf(':')
  try {
    if (colon < 0) return [null, decodeURIComponent(text)]
    return [decodeURIComponent(text.slice(0, colon)), decodeURIComponent(text.slice(colon + 1))]
  } catch {
    throw unreadable('has a "%" in its user or password that stands for nothing (a plain "%" is written "%25")')
  }
}

function unreadable(why: string): LogError {
  return new LogError('address', `The address of the fleet’s log ${why}. Give one ${EXAMPLES}.`)
}
