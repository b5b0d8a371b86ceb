import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Tells the benchmark where a limit listens. */
export function sayWhere(server: Server): void {
  // A server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, pid: process.pid }))
}
