import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** A real server of Debian's, on loopback, with a data folder that is gone after it. */
export type TestServer = { readonly port: number; readonly folder: string; stop(): Promise<void> }

const isRoot = process.getuid?.() === 0
/** The user `nobody`, for servers that refuse to be root's. */
const NOBODY = 65_534

const postgresFolder = globSync('/usr/lib/postgresql/*/bin').toSorted().at(-1) ?? ''

const MARIADB_SQL = '/usr/share/mysql'

/** Which servers a test can start here; `scripts/find-servers.mjs` gets those that are missing. */
export const hasServer = {
  postgres: existsSync(join(postgresFolder, 'postgres')),
  mariadb: existsSync('/usr/sbin/mariadbd') && existsSync(MARIADB_SQL),
  redis: existsSync('/usr/bin/redis-server'),
  mosquitto: existsSync('/usr/sbin/mosquitto'),
  ssh: existsSync('/usr/sbin/sshd') && existsSync('/usr/bin/ssh-keygen'),
  nats: existsSync('/usr/sbin/nats-server'),
  kafka: existsSync('/usr/bin/kcat'),
  dovecot: existsSync('/usr/sbin/dovecot') && existsSync('/usr/lib/dovecot/imap'),
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A new folder, which `owner` may write to where the tests run as root. */
export function serverFolder(name: string, owner?: number): string {
  const folder = mkdtempSync(join(tmpdir(), `hookline-${name}-`))
  chmodSync(folder, 0o755)
  if (owner !== undefined && isRoot) chownSync(folder, owner, owner)
  return folder
}

/** Starts a program and resolves when it takes connections. It is ended with the tests, also after a failure. */
export async function startServer(
  folder: string,
  port: number,
  command: string,
  args: readonly string[],
  options: {
    readonly asNobody?: boolean
    readonly stopBy?: NodeJS.Signals
    readonly keepsFolder?: boolean
    /** Where it listens; 127.0.0.1 unless it says otherwise. */
    readonly address?: string
  } = {},
): Promise<TestServer> {
  const child = spawn(command, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.asNobody === true && isRoot && { uid: NOBODY, gid: NOBODY }),
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000)
    })
  }
  const ended = once(child, 'close')
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  await listening(child, options.address ?? '127.0.0.1', port, () => said)
  return {
    port,
    folder,
    async stop() {
      process.off('exit', kill)
      child.kill(options.stopBy ?? 'SIGKILL')
      await ended
      if (options.keepsFolder !== true) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Runs a program to its end, which must be a good one. */
async function run(command: string, args: readonly string[], input: string, options: SpawnOptions): Promise<void> {
  const child = spawn(command, args, { ...options, stdio: ['pipe', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000)
  })
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said}`)
}

/** Resolves when something listens on a port. Rejects with what the program said when it ended. */
async function listening(child: ChildProcess, address: string, port: number, said: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}: ${said()}`)
    const socket = connect(port, address)
    const isThere = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (isThere) return
    // There is no event for what another program opens.
    await wait(20)
  }
}

/** A certificate of its own making for `localhost` and 127.0.0.1, with its key, as files that `owner` alone reads. */
export function selfSigned(folder: string, owner?: number): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', [...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  chmodSync(key, 0o600)
  if (owner !== undefined && isRoot) for (const file of [cert, key]) chownSync(file, owner, owner)
  return { cert, key }
}

/** PostgreSQL with the user `ada`, who owns everything, and her password. It speaks TLS to those who want it. */
export async function startPostgres(password: string): Promise<TestServer> {
  const folder = serverFolder('postgres', NOBODY)
  const data = join(folder, 'data')
  const words = join(folder, 'password')
  writeFileSync(words, password)
  chmodSync(words, 0o644)
  const init = [
    '-D',
    data,
    '-U',
    'ada',
    '-A',
    'scram-sha-256',
    `--pwfile=${words}`,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '-N',
  ]
  const asNobody = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
  await run(join(postgresFolder, 'initdb'), init, '', { cwd: folder, ...asNobody })
  const { cert, key } = selfSigned(folder, NOBODY)
  const port = await freePort()
  const settings = [
    ...[`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'shared_buffers=16MB'],
    ...['ssl=on', `ssl_cert_file=${cert}`, `ssl_key_file=${key}`, 'TimeZone=Europe/Berlin'],
  ]
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]
  return startServer(folder, port, join(postgresFolder, 'postgres'), args, { asNobody: true, stopBy: 'SIGQUIT' })
}

/** MariaDB with the user `ada`, who may do everything, and her password, and a database `shop`. It speaks TLS to those who want it. */
export async function startMariadb(password: string): Promise<TestServer> {
  const folder = serverFolder('mariadb')
  const data = join(folder, 'data')
  mkdirSync(data)
  const user = isRoot ? ['--user=root'] : []
  // What `mariadb-install-db` does, without its help texts, which take most of the time.
  const tables = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'].map((file) =>
    readFileSync(join(MARIADB_SQL, file), 'utf8'),
  )
  const begin = 'CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n'
  const small = ['--innodb-flush-method=nosync', '--innodb-buffer-pool-size=16M', '--skip-log-bin']
  const bootstrap = ['--no-defaults', ...user, '--bootstrap', `--datadir=${data}`, ...small]
  await run('/usr/sbin/mariadbd', bootstrap, begin + tables.join('\n'), { cwd: folder })
  const { cert, key } = selfSigned(folder)
  const sql = join(folder, 'init.sql')
  writeFileSync(
    sql,
    `CREATE DATABASE shop CHARACTER SET utf8mb4; CREATE USER 'ada'@'127.0.0.1' IDENTIFIED BY '${password}'; GRANT ALL ON *.* TO 'ada'@'127.0.0.1';\n`.replaceAll(
      '; ',
      ';\n',
    ),
  )
  const port = await freePort()
  return startServer(folder, port, '/usr/sbin/mariadbd', [
    ...['--no-defaults', ...user, `--datadir=${data}`, '--bind-address=127.0.0.1', `--port=${port}`],
    ...[`--socket=${join(folder, 'socket')}`, `--init-file=${sql}`, '--skip-name-resolve'],
    ...[...small, '--innodb-flush-log-at-trx-commit=0', `--ssl-cert=${cert}`, `--ssl-key=${key}`],
    `--pid-file=${join(folder, 'pid')}`,
  ])
}

/** Dovecot for one user, `ada@example.com`, with her password. It speaks STARTTLS to those who want it. */
export async function startDovecot(password: string): Promise<TestServer> {
  const folder = serverFolder('dovecot', NOBODY)
  const { cert, key } = selfSigned(folder)
  const port = await freePort()
  const user = isRoot ? 'nobody' : userInfo().username
  const group = isRoot ? 'nogroup' : String(userInfo().gid)
  const config = join(folder, 'dovecot.conf')
  writeFileSync(
    config,
    `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <${cert}
ssl_key = <${key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:${folder}/mail/%u
default_login_user = ${user}
default_internal_user = ${user}
default_internal_group = ${group}
first_valid_uid = 1
mail_fsync = never
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${user} gid=${group} home=${folder}/home/%u
}
`,
  )
  return startServer(folder, port, '/usr/sbin/dovecot', ['-F', '-c', config], { stopBy: 'SIGTERM' })
}

/** Redis with a password, and the user `reader` who may only read. `tlsPort` speaks TLS. */
export async function startRedis(password: string): Promise<TestServer & { readonly tlsPort: number }> {
  const folder = serverFolder('redis')
  const { cert, key } = selfSigned(folder)
  const [port, tlsPort] = [await freePort(), await freePort()]
  const server = await startServer(folder, port, '/usr/bin/redis-server', [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--requirepass', password],
    ...['--tls-port', String(tlsPort), '--tls-cert-file', cert, '--tls-key-file', key, '--tls-auth-clients', 'no'],
    ...['--user', 'reader', 'on', `>${password}`, '~*', '+@read', '+ping', '+info'],
  ])
  return { ...server, tlsPort }
}

/** OpenSSH for the user that runs the tests, who gets in with the key in `identity`. Started again with `again`, it shows another key. */
export async function startSshd(): Promise<
  TestServer & { readonly user: string; readonly identity: string; readonly hostKey: string; again(): Promise<void> }
> {
  const folder = serverFolder('sshd')
  const port = await freePort()
  const identity = join(folder, 'id')
  // It drops its privileges there; Debian's start script makes the folder, and there is none here.
  if (isRoot) mkdirSync('/run/sshd', { recursive: true })
  const makeKey = (file: string, passphrase: string): void => {
    rmSync(file, { force: true })
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file])
  }
  makeKey(identity, 'long-passphrase')
  const config = join(folder, 'config')
  const authorized = join(folder, 'authorized_keys')
  writeFileSync(authorized, readFileSync(`${identity}.pub`), { mode: 0o600 })
  const hostKey = join(folder, 'host_key')
  writeFileSync(
    config,
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${hostKey}
AuthorizedKeysFile ${authorized}
StrictModes no
PasswordAuthentication no
UsePAM no
PermitRootLogin yes
Subsystem sftp internal-sftp
PidFile ${folder}/pid
`,
  )
  const start = (): Promise<TestServer> => {
    makeKey(hostKey, '')
    return startServer(folder, port, '/usr/sbin/sshd', ['-D', '-e', '-f', config], { keepsFolder: true })
  }
  let server = await start()
  return {
    port,
    folder,
    user: userInfo().username,
    identity: readFileSync(identity, 'utf8'),
    hostKey: readFileSync(`${hostKey}.pub`, 'utf8'),
    async again() {
      await server.stop()
      server = await start()
    },
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Mosquitto with the user `ada` and her password. `tlsPort` speaks TLS. `restart` keeps what it held. */
export async function startMosquitto(password: string): Promise<
  TestServer & {
    readonly tlsPort: number
    readonly socketPort: number
    stopAlone(): Promise<void>
    restart(): Promise<void>
  }
> {
  const folder = serverFolder('mosquitto')
  const { cert, key } = selfSigned(folder)
  const [port, tlsPort, socketPort] = [await freePort(), await freePort(), await freePort()]
  const words = join(folder, 'passwords')
  execFileSync('mosquitto_passwd', ['-b', '-c', words, 'ada', password], { stdio: 'ignore' })
  const config = join(folder, 'mosquitto.conf')
  writeFileSync(
    config,
    `${isRoot ? 'user root\n' : ''}persistence true
persistence_location ${folder}/
password_file ${words}
max_inflight_messages 20
listener ${port} 127.0.0.1
listener ${tlsPort} 127.0.0.1
certfile ${cert}
keyfile ${key}
listener ${socketPort} 127.0.0.1
protocol websockets
`,
  )
  const start = () =>
    startServer(folder, port, '/usr/sbin/mosquitto', ['-c', config], { stopBy: 'SIGTERM', keepsFolder: true })
  let server = await start()
  return {
    port,
    tlsPort,
    socketPort,
    folder,
    stopAlone: () => server.stop(),
    async restart() {
      server = await start()
    },
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** nats-server with JetStream. With a password it is `ada`'s. `restart` keeps what it held, on the same port. */
export async function startNats(
  options: {
    readonly password?: string
    readonly isTls?: boolean
    readonly hasJetStream?: boolean
    /** Subjects to which anyone may publish and subscribe; all unless it says otherwise. */
    readonly allows?: readonly string[]
    /** Bytes that JetStream keeps at most. */
    readonly keeps?: number
  } = {},
): Promise<TestServer & { readonly ca: string; stopAlone(): Promise<void>; restart(): Promise<void> }> {
  const { password, isTls = false, hasJetStream = true, allows, keeps } = options
  const folder = serverFolder('nats')
  const config = join(folder, 'nats.conf')
  const permissions = { publish: allows ?? ['>'], subscribe: allows ?? ['>'] }
  const jetstream = { store_dir: join(folder, 'data'), ...(keeps !== undefined && { max_file_store: keeps }) }
  writeFileSync(
    config,
    `no_auth_user: any\nauthorization: ${JSON.stringify({ users: [{ user: 'any', password: 'any', permissions }] })}\n${hasJetStream ? `jetstream: ${JSON.stringify(jetstream)}` : ''}\n`,
  )
  const { cert, key } = isTls ? selfSigned(folder) : { cert: '', key: '' }
  const port = await freePort()
  const args = [
    ...['--addr', '127.0.0.1', '--port', String(port)],
    ...(allows === undefined && keeps === undefined
      ? hasJetStream
        ? ['--jetstream', '--store_dir', join(folder, 'data')]
        : []
      : ['--config', config]),
    ...(password === undefined ? [] : ['--user', 'ada', '--pass', password]),
    ...(isTls ? ['--tls', '--tlscert', cert, '--tlskey', key] : []),
  ]
  const start = () => startServer(folder, port, '/usr/sbin/nats-server', args, { keepsFolder: true })
  let server = await start()
  return {
    port,
    folder,
    ca: cert,
    stopAlone: () => server.stop(),
    async restart() {
      server = await start()
    },
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/**
 * The cluster of three brokers that librdkafka has for tests, in one process of `kcat`. It speaks Kafka’s protocol in the versions of about Kafka 2.4 and keeps
 * everything in memory: no topics on demand (it makes those that are named), no compaction, no TLS and no sign-in.
 */
export async function startKafka(): Promise<{
  readonly servers: string
  /** They stand still, and go on. */
  pause(): void
  goOn(): void
  stop(): Promise<void>
}> {
  const args = ['-C', '-t', 'unused', '-b', 'localhost:1', '-X', 'test.mock.num.brokers=3', '-d', 'mock']
  const child = spawn('/usr/bin/kcat', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = once(child, 'close')
  const servers = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 10_000) said += text
      const found = /bootstrap\.servers=(\S+)\n/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('close', () => reject(new Error(`kcat ended: ${said}`)))
  })
  return {
    servers,
    pause: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    async stop() {
      process.off('exit', kill)
      kill()
      await ended
    },
  }
}
