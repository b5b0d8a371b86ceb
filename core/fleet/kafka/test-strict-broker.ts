import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { Reader, Writer } from '@platformatic/kafka'

const [METADATA, HANDSHAKE, VERSIONS, CREATE, AUTHENTICATE] = [3, 17, 18, 19, 36]
const NONE = 0
const UNKNOWN_TOPIC = 3
const NOT_AUTHORIZED = 29
const UNSUPPORTED_MECHANISM = 33
const WRONG_PASSWORD = 58

/**
 * As much of a Kafka broker as refuses: it wants `ada` with her password by PLAIN, and lets her see that a topic is not there, but not make one. What
 * librdkafka’s brokers for tests have not: TLS, sign-in and rights.
 */
export async function startStrictBroker(
  password: string,
  tls?: { readonly cert: string; readonly key: string },
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const serve = (socket: Socket): void => {
    sockets.add(socket)
    let isIn = false
    let data = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      data = Buffer.concat([data, chunk])
      // What is no Kafka, such as the begin of TLS, reads as a size beyond all bounds.
      if (data.length >= 4 && data.readUInt32BE(0) > 100 * 1024 * 1024) socket.destroy()
      while (data.length >= 4 && data.length >= 4 + data.readInt32BE(0)) {
        const size = data.readInt32BE(0)
        const answer = answerTo(Reader.from(data.subarray(4, 4 + size)))
        data = data.subarray(4 + size)
        // A real one hangs up, too, on who asks before having signed in.
        if (answer === null) socket.destroy()
        else socket.write(answer.prependLength().buffer)
      }
    })

    function answerTo(request: Reader): Writer | null {
      const [api, version, correlation] = [request.readInt16(), request.readInt16(), request.readInt32()]
      request.readNullableString(false)
      const answer = Writer.create().appendInt32(correlation)
      if (api === VERSIONS) {
        const apis = [METADATA, HANDSHAKE, VERSIONS, CREATE, AUTHENTICATE].map((key) => ({
          key,
          most: key === AUTHENTICATE ? 1 : 4,
        }))
        answer
          .appendInt16(NONE)
          .appendArray(apis, (w, { key, most }) => w.appendInt16(key).appendInt16(0).appendInt16(most), false, false)
        return version > 0 ? answer.appendInt32(0) : answer
      }
      if (api === HANDSHAKE) {
        const isKnown = request.readString(false) === 'PLAIN'
        return answer
          .appendInt16(isKnown ? NONE : UNSUPPORTED_MECHANISM)
          .appendArray(['PLAIN'], (w, name) => w.appendString(name, false), false, false)
      }
      if (api === AUTHENTICATE) {
        isIn = request.readBytes(false).toString('utf8') === `\0ada\0${password}`
        return answer
          .appendInt16(isIn ? NONE : WRONG_PASSWORD)
          .appendString(isIn ? null : 'Authentication failed: Invalid username or password', false)
          .appendBytes(Buffer.alloc(0), false)
          .appendInt64(0n)
      }
      if (!isIn) return null
      const names = request.readArray((r) => r.readString(false), false, false)
      if (api === METADATA)
        return answer
          .appendInt32(0)
          .appendArray(
            ['localhost'],
            (w, host) => w.appendInt32(1).appendString(host, false).appendInt32(port).appendString(null, false),
            false,
            false,
          )
          .appendString('strict', false)
          .appendInt32(1)
          .appendArray(
            names,
            (w, name) =>
              w
                .appendInt16(UNKNOWN_TOPIC)
                .appendString(name, false)
                .appendBoolean(false)
                .appendArray([], () => undefined, false, false),
            false,
            false,
          )
      return answer
        .appendInt32(0)
        .appendArray(
          names.slice(0, 1),
          (w, name) => w.appendString(name, false).appendInt16(NOT_AUTHORIZED).appendString(null, false),
          false,
          false,
        )
    }
  }
  const server =
    tls === undefined
      ? createServer(serve)
      : createTlsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, serve)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    port,
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
