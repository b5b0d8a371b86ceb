import type { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import type { TlsTerms } from '../providers/server-account.ts'

/** Begins to speak TLS over a connection of the step. The caller listens to `secureConnect` and `error`. */
export function securing(stream: Duplex, host: string, terms: NonNullable<TlsTerms>): TLSSocket {
  // `host` is what the certificate must be for, where it is an address and so no name to ask for.
  return connect({ socket: stream, host, ...terms })
}

const HANDSHAKE_MS = 10_000

/** The same connection, once it is encrypted. Rejects with what TLS says. */
export function secured(stream: Duplex, host: string, terms: TlsTerms): Promise<Duplex> {
  if (terms === null) return Promise.resolve(stream)
  return new Promise((resolve, reject) => {
    const socket = securing(stream, host, terms)
    // A server without TLS may wait for ever for the end of what it takes for a line.
    const late = setTimeout(() => socket.destroy(new Error('no TLS is spoken there')), HANDSHAKE_MS)
    socket.once('close', () => clearTimeout(late))
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      clearTimeout(late)
      socket.off('error', reject)
      // The library that uses it listens to its errors; until then one must not end the process.
      socket.on('error', () => undefined)
      resolve(socket)
    })
    stream.once('close', () => socket.destroy())
  })
}
