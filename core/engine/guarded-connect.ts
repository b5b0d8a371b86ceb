import { lookup as systemLookup } from 'node:dns'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { assumedNetwork, type Network } from '../domain/host/adapters.ts'
import { type FetchGuard, NO_GUARD } from './fetch-guard.ts'
import { isLocalHost, reachOf, reachOfHost } from './network-address.ts'
import { isThisComputer, networkError, offline, refused } from './network-errors.ts'

/** Where a step connects to that speaks something else than HTTP. */
export type Endpoint = { readonly host: string; readonly port: number }

/**
 * Opens a connection of a step, as `guard` allows: to what a request of the step may go to as well, with every address that the name leads to
 * judged before it is used. It is destroyed when `signal` aborts. Rejects with a StepError.
 */
export type OutgoingConnect = (to: Endpoint, signal: AbortSignal, guard?: FetchGuard) => Promise<Socket>

const CONNECT_MS = 10_000

export function createGuardedConnect(
  network: Network = assumedNetwork,
  lookup: typeof systemLookup = systemLookup,
): OutgoingConnect {
  return async ({ host, port }, signal, guard = NO_GUARD) => {
    const url = new URL(`tcp://${host.includes(':') ? `[${host}]` : host}:${port}`)
    if (reachOfHost(url.hostname) === 'refused') throw refused(url.hostname)
    guard.checkStart(url)
    const mayBeLocal = guard.mayBeLocal(url)
    if (!mayBeLocal && isLocalHost(url.host)) throw guard.refuseLocal(url, url)
    if (!network.isOnline() && !isThisComputer(url)) throw offline(url)
    signal.throwIfAborted()
    const socket = connect({
      host,
      port,
      noDelay: true,
      lookup: (hostname, options, callback) =>
        lookup(hostname, options, (error, address, family) => {
          const addresses = Array.isArray(address) ? address.map((entry) => entry.address) : [address]
          if (error !== null) callback(error, address, family)
          else if (addresses.some((one) => reachOf(one) === 'refused')) callback(refused(hostname), address, family)
          else if (!mayBeLocal && addresses.some((one) => reachOf(one) !== 'internet')) {
            callback(guard.refuseLocal(url, url), address, family)
          } else callback(null, address, family)
        }),
    })
    const end = (): void => {
      socket.destroy(signal.reason instanceof Error ? signal.reason : undefined)
    }
    signal.addEventListener('abort', end, { once: true })
    socket.once('close', () => signal.removeEventListener('abort', end))
    const late = setTimeout(
      () => socket.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })),
      CONNECT_MS,
    )
    try {
      await once(socket, 'connect')
    } catch (error) {
      throw networkError(error, signal, url, network)
    } finally {
      clearTimeout(late)
    }
    // The step that uses it listens to its errors; until then one must not end the process.
    socket.on('error', () => undefined)
    return socket
  }
}
