import { once } from 'node:events'
import { createServer } from 'node:http'

/** A list that grows by a number every now and then, for a poll to find. */
export type PolledList = {
  readonly url: string
  /** How many it has: the numbers from 0. */
  items(): number
  /** It grows no more. */
  end(): void
  close(): Promise<void>
}

const EVERY_MS = 300

export async function startPolledList(): Promise<PolledList> {
  let items = 0
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify([...Array(items).keys()]))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const growing = setInterval(() => items++, EVERY_MS)
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/list`,
    items: () => items,
    end: () => clearInterval(growing),
    async close() {
      clearInterval(growing)
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
