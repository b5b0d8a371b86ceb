import { isLoopback } from './address-list.ts'

/**
 * Whether a request names a computer that the webhooks are reached by: this one with the listener's own port, one of its public `hosts`, or none at
 * all, as only old programs do. A browser that was sent here by another name follows a page which gave its own name our address (DNS rebinding).
 */
export function isOwnHost(header: string | undefined, port: number, hosts: ReadonlySet<string>): boolean {
  if (header === undefined) return true
  const { name, port: named } = splitHost(header)
  if (hosts.has(name)) return true
  return named === port && (name === 'localhost' || name.endsWith('.localhost') || isLoopback(name))
}

/** Characters of the longest name that DNS has, with a port. */
const MAX_CHARS = 262
const HOST = /^(\[[0-9a-f:.]{2,45}\]|[^\s:/?#@[\]\\]{1,253})(?::([0-9]{1,5}))?$/

/** The name in a `Host` header in small letters, without brackets or the dot of the root; '' when it is none. */
export function splitHost(header: string): { readonly name: string; readonly port: number } {
  const [, host = '', port = '80'] = header.length > MAX_CHARS ? [] : (HOST.exec(header.toLowerCase()) ?? [])
  const plain = host.startsWith('[') ? host.slice(1, -1) : host.endsWith('.') ? host.slice(0, -1) : host
  return { name: plain, port: Number(port) }
}
