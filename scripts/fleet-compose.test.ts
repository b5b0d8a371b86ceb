import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import type { FleetLog } from '../core/fleet/log.ts'
import { type LogAddress, readLogAddress } from '../core/fleet/log-address.ts'
import { openNats } from '../core/fleet/nats/open-nats.ts'
import { readFleetOptions } from '../core/fleet/read-options.ts'
import { freePort, hasServer, serverFolder, startServer } from '../core/test-servers.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const serviceSchema = z.strictObject({
  // With a version: another one could not read what is on the disk, or speak otherwise.
  image: z.string().regex(/^[a-z]+(?:\/[a-z]+)?:\d+\.\d+(?:\.\d+)?(?:-alpine)?$/),
  restart: z.literal('unless-stopped'),
  healthcheck: z.strictObject({
    test: z.tuple([z.literal('CMD')], z.string()),
    interval: z.string(),
    timeout: z.string(),
    retries: z.int(),
    start_period: z.string(),
  }),
  // Reached by this computer alone, until its owner says otherwise.
  ports: z.tuple([z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)]),
  volumes: z.tuple([z.string().regex(/^\w+:\/[\w/]+$/)]),
  command: z.string().optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
})
type Service = z.output<typeof serviceSchema>

const composeSchema = z.strictObject({
  'x-server': z.unknown().optional(),
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.strictObject({})),
})

/** A file, and the address of the log that its comment says to start hosts with. */
function composeOf(log: 'nats' | 'kafka'): { services: Record<string, Service>; address: LogAddress; url: string } {
  const text = read(`docs/fleet/compose.${log}.yaml`)
  const { services, volumes } = composeSchema.parse(parse(text, { merge: true }))
  const kept = Object.values(services).map(({ volumes: [volume] }) => volume.split(':')[0])
  expect(Object.keys(volumes).toSorted()).toEqual(kept.toSorted())
  const [, quoted, plain, name] = /# {3}hookline start --fleet (?:'(\S+)'|(\S+)) --name (\S+)/.exec(text) ?? []
  const options = readFleetOptions({ fleet: quoted ?? plain, name }, {})
  if (options === undefined) throw new Error('the file does not say how hosts are started')
  return { services, address: readLogAddress(options.url), url: options.url }
}

/** The port on this computer, and that of the container. */
const portsOf = ({ ports: [port] }: Service): readonly number[] => port.split(':').slice(1).map(Number)

const optionOf = ({ command = '' }: Service, name: string): string =>
  new RegExp(` --${name} (\\S+)`).exec(` ${command}`)?.[1] ?? ''

test.each(['nats', 'kafka'] as const)(
  'hosts that are started as the file for %s says find each of its servers',
  (log) => {
    const { services, address } = composeOf(log)
    expect(address.kind).toBe(log)
    expect(address.servers).toEqual(
      Object.values(services).map((one) => ({ host: '127.0.0.1', port: portsOf(one)[0] })),
    )
    expect(read('docs/fleet.md')).toContain(`(fleet/compose.${log}.yaml)`)
  },
)

test('the servers for NATS are one cluster, keep what they have in their volume, and take the sign-in of the address', () => {
  const { services, address } = composeOf('nats')
  const names = Object.keys(services)
  for (const [name, service] of Object.entries(services)) {
    const others = names.filter((other) => other !== name).map((other) => `nats://${other}:6222`)
    expect(optionOf(service, 'name')).toBe(name)
    expect(optionOf(service, 'routes').split(',')).toEqual(others)
    expect(optionOf(service, 'store_dir')).toBe(service.volumes[0].split(':')[1])
    expect([optionOf(service, 'user'), optionOf(service, 'pass')]).toEqual([address.user, address.password])
    expect(portsOf(service)[1]).toBe(4222)
    expect(service.healthcheck.test.at(-1)).toBe(`http://127.0.0.1:${optionOf(service, 'http_port')}/healthz`)
  }
})

test.skipIf(!hasServer.nats)(
  'nats-servers that are started with these very commands are well, and a host joins them',
  {
    timeout: 120_000,
  },
  async () => {
    const { services, address } = composeOf('nats')
    const all = await Promise.all(
      Object.entries(services).map(async ([name, service]) => ({
        name,
        command: service.command ?? '',
        port: await freePort(),
        cluster: await freePort(),
        health: await freePort(),
      })),
    )
    const servers = await Promise.all(
      all.map(async ({ name, command, port, cluster, health }) => {
        const folder = serverFolder(`compose-${name}`)
        let here = command
          .replace('/data', join(folder, 'data'))
          .replace('nats://0.0.0.0:6222', `nats://127.0.0.1:${cluster}`)
          .replace('8222', String(health))
        for (const other of all) here = here.replace(`nats://${other.name}:6222`, `nats://127.0.0.1:${other.cluster}`)
        const args = [...here.split(' '), '--addr', '127.0.0.1', '--port', String(port)]
        return startServer(folder, port, '/usr/sbin/nats-server', args)
      }),
    )
    // They find each other, and choose a leader, first.
    await expect
      .poll(async () => Math.max(...(await Promise.all(all.map(({ health }) => followersOf(health))))), {
        timeout: 60_000,
      })
      .toBe(all.length - 1)
    const url = `nats://${address.user}:${address.password}@${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}?discover=no`
    const options = { url, fleet: 'hookline', host: 'office', deliveryMs: 1_000, log: { warn: () => undefined } }
    let log: FleetLog | undefined
    await expect
      .poll(
        async () => {
          log ??= await openNats(options).catch(() => undefined)
          return log?.kind
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBe('nats')
    for (const { health } of all) {
      await expect
        .poll(async () => (await fetch(`http://127.0.0.1:${health}/healthz`)).status, { timeout: 30_000 })
        .toBe(200)
    }
    await log?.close()
    await Promise.all(servers.map((server) => server.stop()))
  },
)

const metaSchema = z.looseObject({
  meta_cluster: z
    .looseObject({
      replicas: z.array(z.looseObject({ current: z.boolean(), offline: z.boolean().optional() })).optional(),
    })
    .optional(),
})

/** Of the server that leads, how many others have what it has; 0 of those that do not lead. */
async function followersOf(health: number): Promise<number> {
  const { meta_cluster } = metaSchema.parse(await (await fetch(`http://127.0.0.1:${health}/jsz`)).json())
  return meta_cluster?.replicas?.filter(({ current, offline }) => current && offline !== true).length ?? 0
}

test('the broker for Kafka is one that can do without others, and tells hosts the address that they are started with', () => {
  const { services, address } = composeOf('kafka')
  const [service] = Object.values(services)
  const said = service?.environment ?? {}
  const [server] = address.servers
  expect(said.KAFKA_ADVERTISED_LISTENERS).toBe(`PLAINTEXT://${server?.host}:${server?.port}`)
  expect(String(said.KAFKA_LISTENERS).split(',')[0]).toBe(`PLAINTEXT://:${service && portsOf(service)[1]}`)
  expect(service?.healthcheck.test).toContain(`${server?.host}:${server?.port}`)
  expect(said.KAFKA_CONTROLLER_QUORUM_VOTERS).toBe(`${said.KAFKA_NODE_ID}@localhost:9093`)
  expect(String(said.KAFKA_LISTENERS)).toContain(`${said.KAFKA_CONTROLLER_LISTENER_NAMES}://:9093`)
  for (const listener of String(said.KAFKA_LISTENERS).split(','))
    expect(String(said.KAFKA_LISTENER_SECURITY_PROTOCOL_MAP)).toContain(`${listener.split(':')[0]}:PLAINTEXT`)
  expect(said.KAFKA_LOG_DIRS).toBe(service?.volumes[0].split(':')[1])
  expect(Buffer.from(String(said.CLUSTER_ID), 'base64url')).toHaveLength(16)
  for (const [key, value] of Object.entries(said)) {
    expect(key === 'CLUSTER_ID' || /^KAFKA_[A-Z_]+$/.test(key)).toBe(true)
    if (/REPLICATION_FACTOR|MIN_ISR/.test(key)) expect(value).toBe(1)
  }
  expect(said.KAFKA_AUTO_CREATE_TOPICS_ENABLE).toBe('false')
})
