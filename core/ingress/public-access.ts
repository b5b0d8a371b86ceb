import type { IncomingMessage } from 'node:http'
import { isLoopback, plainAddress } from './address-list.ts'

/** How the world reaches the listener: what a tunnel, or the person who runs one, says of itself. */
export type PublicAccess = {
  /** Base address of all webhooks as senders call it, without a slash at its end; null where there is none. */
  readonly baseUrl: string | null
  /** The only path that is reached, by `baseUrl` itself; null when all are, behind it. */
  readonly onlyPath: string | null
  /**
   * The header (lower case) in which the program that forwards requests puts the sender's own address. Null when nothing that can be trusted does:
   * then every forwarded request seems to come from this computer.
   */
  readonly addressHeader: string | null
  /** Names by which the webhooks are called, beside those of this computer; small letters, without ports. */
  readonly hosts: ReadonlySet<string>
}

export const NO_PUBLIC_ACCESS: PublicAccess = { baseUrl: null, onlyPath: null, addressHeader: null, hosts: new Set() }

/** The address as the sender called it, as far as is known. */
export function publicUrl(request: IncomingMessage, access: PublicAccess): string {
  const { headers, url = '' } = request
  const known = publicUrlOf(access, url)
  if (known !== null) return known
  const protocol = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'
  return `${protocol}://${headers['x-forwarded-host'] ?? headers.host ?? ''}${url}`
}

/** What senders call to reach what is at a path (with its query) here; null when they cannot. */
export function publicUrlOf(
  { baseUrl, onlyPath }: Pick<PublicAccess, 'baseUrl' | 'onlyPath'>,
  path: string,
): string | null {
  if (baseUrl === null || onlyPath === null) return baseUrl === null ? null : baseUrl + path
  const [plain, query = ''] = path.split('?')
  return plain === onlyPath ? baseUrl + (query === '' ? '' : `?${query}`) : null
}

/** The address of a request's sender; null when its connection has gone. */
export function senderAddress(request: IncomingMessage, { addressHeader }: PublicAccess): string | null {
  const socket = request.socket.remoteAddress
  if (socket === undefined) return null
  const address = plainAddress(socket)
  if (addressHeader === null || !isLoopback(address)) return address
  // The last one was added by what forwards to us; those before it are the sender's own word.
  const forwarded = request.headers[addressHeader]
  const last = (Array.isArray(forwarded) ? forwarded.at(-1) : forwarded)?.split(',').at(-1)?.trim()
  return last === undefined || last === '' ? address : plainAddress(last)
}
