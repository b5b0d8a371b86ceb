import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { z } from 'zod'
import { end, spawnOwned } from '../owned-processes.ts'
import { answers, type Program } from '../program.ts'
import { installPeer, peerFolder } from './install.ts'

const main = join(peerFolder('node-red'), 'node_modules', 'node-red', 'red.js')

/** Webhook in, answered at once, one POST of its body out: what `relayZap` does. */
const flow = (targetUrl: string): unknown => [
  { id: 'tab', type: 'tab', label: 'bench' },
  {
    id: 'in',
    type: 'http in',
    z: 'tab',
    url: '/hooks/bench',
    method: 'post',
    upload: false,
    wires: [['answer', 'post']],
  },
  { id: 'answer', type: 'http response', z: 'tab', statusCode: '200', headers: {}, wires: [] },
  {
    id: 'post',
    type: 'http request',
    z: 'tab',
    method: 'POST',
    ret: 'obj',
    paytoqs: 'ignore',
    url: targetUrl,
    wires: [[]],
  },
]

const settings = (port: number): string =>
  `module.exports = ${JSON.stringify({
    flowFile: 'flows.json',
    uiHost: '127.0.0.1',
    uiPort: port,
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: 'warn' } },
  })}`

/** Node-RED takes no port 0, so one is looked for first. */
async function freePort(): Promise<number> {
  const server = createServer()
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  const { port } = z.object({ port: z.number() }).parse(server.address())
  server.close()
  return port
}

export const nodeRed: Program = {
  name: 'node-red',
  kind: 'product',
  installed: () => existsSync(main),
  install: () => installPeer('node-red'),
  async start({ targetUrl, folder }) {
    const port = await freePort()
    await writeFile(join(folder, 'flows.json'), JSON.stringify(flow(targetUrl)))
    await writeFile(join(folder, 'settings.js'), settings(port))
    const child = spawnOwned([main, '-u', folder, '-s', join(folder, 'settings.js')])
    // Nobody reads what it prints; it must not wait for that.
    child.stdout?.resume()
    const hook = `http://127.0.0.1:${port}/hooks/bench`
    await answers(hook)
    return { hook, pid: z.int().parse(child.pid), stop: (signal) => end(child, signal) }
  },
}
