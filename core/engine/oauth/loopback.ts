import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { RETURN_PATH, RETURN_PORT } from '../../connectors/credential.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import { type ReturnedPage, returnedPage } from './returned-page.ts'

/** A listener on this computer that waits for one browser to come back (RFC 8252, section 7.3). */
export type Loopback = { readonly redirectUri: string; close(): void }

/** Longest address that a service may send a browser back to. */
const LONGEST_ADDRESS = 16_384

/**
 * Listens on 127.0.0.1, which no other computer reaches, until it is closed: at the port that forms show, so that a service can know the
 * address beforehand, or else at a free one. `returned` gets what stands behind the "?" of the address that a browser came back to, and says
 * what that is shown. Throws a {@link StepError} when that port is taken and the service takes no other.
 */
export async function openLoopback(
  isOnlyPort: boolean,
  returned: (query: URLSearchParams) => Promise<ReturnedPage>,
): Promise<Loopback> {
  const server = process
    .getBuiltinModule('node:http')
    .createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, (request, response) => {
      const answer = async (): Promise<ReturnedPage> => {
        const address = request.url ?? ''
        const own = [`127.0.0.1:${bound()}`, `localhost:${bound()}`]
        // A page elsewhere may have a name of its own that leads here.
        if (!own.includes(request.headers.host ?? '') || address.length > LONGEST_ADDRESS) return NOT_HERE
        const url = URL.parse(address, `http://127.0.0.1:${bound()}`)
        if (request.method !== 'GET' || url === null || url.pathname !== RETURN_PATH) return NOT_HERE
        return returned(url.searchParams)
      }
      const send = ({ status, headers, body }: ReturnedPage): void => {
        response.writeHead(status, { ...headers, connection: 'close' }).end(body)
      }
      answer().then(send, () => send(FAILED))
    })
  // The server listens on a port, never on a pipe, while this is called.
  const bound = (): number => (server.address() as AddressInfo).port
  const listen = (port: number): Promise<unknown> => once(server.listen(port, '127.0.0.1'), 'listening')
  try {
    await listen(RETURN_PORT)
  } catch (cause) {
    if (isOnlyPort) {
      const message = `The service sends the browser back to port ${RETURN_PORT} of this computer, and another program has it: end that, and sign in again.`
      throw new StepError({ code: 'sign-in', message, retryable: true }, { cause })
    }
    await listen(0)
  }
  server.unref()
  return {
    redirectUri: `http://127.0.0.1:${bound()}${RETURN_PATH}`,
    close() {
      // What is being answered comes to its end.
      server.close()
      server.closeIdleConnections()
    },
  }
}

const FAILED = returnedPage(500, 'Something went wrong', 'Go back to Hookline and try again.')
const NOT_HERE = returnedPage(404, 'Nothing is here', 'This address only waits for a sign-in to come back.')
