import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A host's way to the brokers, which can be cut as a cable can. */
export type Way = {
  /** Where the brokers are by this way: `host:port` with commas. */
  readonly servers: string
  cut(): Promise<void>
  mend(): Promise<void>
  close(): Promise<void>
}

/** Where brokers run, and how hosts get there. */
export type Net = {
  /** For people. */
  readonly words: string
  /** What a command line of a broker begins with. */
  readonly prefix: readonly string[]
  /** At which this process reaches the brokers. */
  readonly address: string
  wayTo(ports: readonly number[]): Promise<Way>
  close(): void
}

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' })

/**
 * A network namespace for the brokers and a link of two ends for each host: `ip link set … down` cuts that host's cable, and packets are lost without a
 * word. Undefined where this process may not make any.
 */
export function linkedNet(): Net | undefined {
  const space = `hl${process.pid}`
  // Of 10.0.0.0/8, with some care not to meet another run.
  const subnet = `10.${180 + (process.pid % 60)}`
  let links = 0
  const addLink = (): { readonly near: string; readonly address: string } => {
    const n = ++links
    const [near, far, address] = [`${space}a${n}`, `${space}b${n}`, `${subnet}.${n}.2`]
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far)
    ip('link', 'set', far, 'netns', space)
    ip('addr', 'add', `${subnet}.${n}.1/30`, 'dev', near)
    ip('link', 'set', near, 'up')
    ip('-n', space, 'addr', 'add', `${address}/30`, 'dev', far)
    ip('-n', space, 'link', 'set', far, 'up')
    return { near, address }
  }
  try {
    ip('netns', 'add', space)
  } catch {
    return undefined
  }
  const close = (): void => ip('netns', 'del', space)
  let own: ReturnType<typeof addLink>
  try {
    ip('-n', space, 'link', 'set', 'lo', 'up')
    own = addLink()
  } catch {
    close()
    return undefined
  }
  return {
    words: `the brokers have a network namespace of their own (${space}), and each host a link to it that is set down`,
    prefix: ['ip', 'netns', 'exec', space],
    address: own.address,
    async wayTo(ports) {
      const { near, address } = addLink()
      return {
        servers: ports.map((port) => `${address}:${port}`).join(','),
        cut: async () => ip('link', 'set', near, 'down'),
        mend: async () => ip('link', 'set', near, 'up'),
        close: async () => ip('link', 'del', near),
      }
    },
    // With it go the other ends of its links.
    close,
  }
}

/** Ways through this process, which are cut by breaking what is open and refusing what is new. */
export function proxiedNet(): Net {
  return {
    words: 'network namespaces are not to be had here: hosts reach the brokers through a proxy that is closed',
    prefix: [],
    address: '127.0.0.1',
    async wayTo(ports) {
      const ways = await Promise.all(ports.map(cuttable))
      const all = async (act: (way: Cuttable) => Promise<void>): Promise<void> =>
        void (await Promise.all(ways.map(act)))
      return {
        servers: ways.map(({ port }) => `127.0.0.1:${port}`).join(','),
        cut: () => all((way) => way.cut()),
        mend: () => all((way) => way.mend()),
        close: () => all((way) => way.cut()),
      }
    },
    close: () => undefined,
  }
}

/** A way to a server of this computer: cut, its connections break, and new ones are refused until it is mended. */
type Cuttable = { readonly port: number; cut(): Promise<void>; mend(): Promise<void> }

async function cuttable(to: number): Promise<Cuttable> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.setNoDelay()
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  const listen = async (port: number): Promise<number> => {
    await once(server.listen(port, '127.0.0.1'), 'listening')
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }
  const port = await listen(0)
  return {
    port,
    async cut() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
    async mend() {
      if (!server.listening) await listen(port)
    },
  }
}
