import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, serverFolder, startKafka, startServer, type TestServer } from '../../core/test-servers.ts'
import { linkedNet, proxiedNet, type Way } from './ways.ts'

/** The brokers of a fleet, and what can happen to them. */
export type Brokers = {
  /** For people. */
  readonly words: string
  /** What stands in front of the servers in a fleet's address, and behind them. */
  readonly scheme: 'nats' | 'kafka'
  readonly query: string
  /** A way of its own for a host. */
  newWay(): Promise<Way>
  /** Whether a host's way can be cut. */
  readonly canCut: boolean
  readonly faults: readonly {
    readonly weight: number
    readonly name: string
    /** It lasts for as long as `rest` takes. */
    run(pick: (count: number) => number, rest: () => Promise<void>): Promise<void>
  }[]
  close(): Promise<void>
}

export const BROKERS = ['cluster', 'nats', 'kafka'] as const

export function startBrokers(kind: (typeof BROKERS)[number]): Promise<Brokers> {
  return kind === 'kafka' ? kafka() : natsServers(kind === 'cluster' ? 3 : 1)
}

/** Nats-servers with JetStream; three of them are a cluster, of which each holds everything. */
async function natsServers(count: number): Promise<Brokers> {
  const net = linkedNet() ?? proxiedNet()
  const folder = serverFolder('nats-cluster')
  const isOwnNet = net.prefix.length > 0
  const portOf = async (at: number): Promise<number> => (isOwnNet ? at : freePort())
  const nodes = await Promise.all(
    Array.from({ length: count }, async (_, n) => ({
      port: await portOf(4_222 + n),
      cluster: await portOf(6_222 + n),
    })),
  )
  const start = (n: number): Promise<TestServer> => {
    const { port = 0, cluster = 0 } = nodes[n] ?? {}
    const [command = '', ...args] = [
      ...[...net.prefix, '/usr/sbin/nats-server', '--name', `n${n + 1}`, '--port', String(port)],
      ...['--addr', isOwnNet ? '0.0.0.0' : '127.0.0.1', '--jetstream', '--store_dir', join(folder, `n${n + 1}`)],
      ...(count === 1
        ? []
        : [
            ...['--cluster_name', 'faults', '--cluster', `nats://127.0.0.1:${cluster}`],
            ...['--routes', nodes.map((node) => `nats://127.0.0.1:${node.cluster}`).join(',')],
          ]),
    ]
    return startServer(folder, port, command, args, { keepsFolder: true, address: net.address })
  }
  const servers: (TestServer | undefined)[] = await Promise.all(nodes.map((_, n) => start(n)))
  const ports = nodes.map(({ port }) => port)

  async function down(which: readonly number[], rest: () => Promise<void>): Promise<void> {
    await Promise.all(which.map((n) => servers[n]?.stop()))
    await rest()
    await Promise.all(
      which.map(async (n) => {
        servers[n] = await start(n)
      }),
    )
  }

  const all = [...nodes.keys()]
  return {
    words: `${count === 1 ? 'one nats-server' : 'three nats-servers'} with JetStream; ${net.words}`,
    scheme: 'nats',
    query: 'discover=no',
    newWay: () => net.wayTo(ports),
    canCut: true,
    faults: [
      ...(count === 1
        ? []
        : [
            {
              weight: 5,
              name: 'broker killed',
              run: (pick: (count: number) => number, rest: () => Promise<void>) => down([pick(count)], rest),
            },
          ]),
      { weight: count === 1 ? 3 : 1, name: 'all brokers killed', run: (_pick, rest) => down(all, rest) },
    ],
    async close() {
      await Promise.all(servers.map((server) => server?.stop()))
      net.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The brokers that librdkafka has for tests. They name their own addresses to hosts, and keep everything in memory: they can stand still, and no more. */
async function kafka(): Promise<Brokers> {
  const servers = await startKafka()
  return {
    words:
      'librdkafka’s three mock brokers, which can stand still; they cannot be cut off or killed, as they keep nothing',
    scheme: 'kafka',
    query: 'session=6000',
    newWay: async () => ({
      servers: servers.servers,
      cut: async () => undefined,
      mend: async () => undefined,
      close: async () => undefined,
    }),
    canCut: false,
    faults: [
      {
        weight: 3,
        name: 'brokers stood still',
        async run(_pick, rest) {
          servers.pause()
          await rest()
          servers.goOn()
        },
      },
    ],
    close: servers.stop,
  }
}
