import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { expect, onTestFinished, test } from 'vitest'
import { freePort, hasServer, serverFolder, startServer } from '../../test-servers.ts'
import type { FleetLog } from '../log.ts'
import { openNats } from './open-nats.ts'

/** The commands of three servers that are one cluster. */
async function clusterOfThree() {
  const ports = await Promise.all(Array.from({ length: 6 }, freePort))
  const routes = ports.slice(3).map((port) => `nats://127.0.0.1:${port}`)
  return Array.from({ length: 3 }, (_, n) => async () => {
    const folder = serverFolder('nats')
    const port = ports[n] ?? 0
    const server = await startServer(folder, port, '/usr/sbin/nats-server', [
      ...[
        '--name',
        `n${n}`,
        '--addr',
        '127.0.0.1',
        '--port',
        String(port),
        '--jetstream',
        '--store_dir',
        join(folder, 'data'),
      ],
      ...['--cluster_name', 'c', '--cluster', routes[n] ?? '', '--routes', routes.join()],
    ])
    onTestFinished(() => server.stop())
    return server
  })
}

test.skipIf(!hasServer.nats)(
  'streams that were made while servers were missing have all their copies once those are there',
  async () => {
    const [first, second, third] = await clusterOfThree()
    const servers = await Promise.all([first?.(), second?.()])
    const at = servers.map((server) => `127.0.0.1:${server?.port}`)
    const options = {
      url: `nats://${at.join()}?discover=no`,
      fleet: 'f',
      host: 'office',
      deliveryMs: 1_000,
      log: { warn: () => undefined },
    }
    let log: FleetLog | undefined
    onTestFinished(async () => log?.close())
    /** Opens the log as soon as the cluster has a leader, and looks at the copies of its streams. */
    const copies = async (): Promise<readonly number[]> => {
      log ??= await openNats(options).catch(() => undefined)
      if (log === undefined) return []
      // As a host that works asks all the time.
      await log.facts()
      const connection = await connect({ servers: at })
      try {
        const manager = await jetstreamManager(connection)
        const infos = await Promise.all(['events', 'keyed', 'mail'].map((name) => manager.streams.info(`f-${name}`)))
        return infos.map(({ config }) => config.num_replicas)
      } finally {
        await connection.close()
      }
    }
    await expect.poll(copies, { timeout: 60_000, interval: 500 }).toEqual([1, 1, 1])
    await third?.()
    await expect.poll(copies, { timeout: 60_000, interval: 500 }).toEqual([3, 3, 3])
    // They stay as an owner sets them up from then on.
    const connection = await connect({ servers: at })
    await (await jetstreamManager(connection)).streams.update('f-mail', { num_replicas: 1 })
    await connection.close()
    expect(await copies()).toEqual([3, 3, 1])
  },
  120_000,
)
