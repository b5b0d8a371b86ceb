// Finds the servers of the tests (databases, mail, SSH and others), or installs Debian's packages of them where that is easy, and says what it does.
import { existsSync, globSync } from 'node:fs'
import { runQuietly } from './run-quietly.mjs'

/** What tests start, with the programs that it takes and Debian's packages of them. */
const SERVERS = {
  ssh: { programs: ['/usr/sbin/sshd', '/usr/bin/ssh'], packages: ['openssh-server', 'openssh-client'] },
  postgres: { programs: ['/usr/lib/postgresql/*/bin/postgres'], packages: ['postgresql'] },
  mariadb: {
    programs: ['/usr/sbin/mariadbd', '/usr/share/mysql/mysql_system_tables.sql'],
    packages: ['mariadb-server'],
  },
  dovecot: { programs: ['/usr/sbin/dovecot', '/usr/lib/dovecot/imap'], packages: ['dovecot-imapd'] },
  postfix: { programs: ['/usr/sbin/postfix'], packages: ['postfix'] },
  redis: { programs: ['/usr/bin/redis-server'], packages: ['redis-server'] },
  nats: { programs: ['/usr/sbin/nats-server'], packages: ['nats-server'] },
  kafka: { programs: ['/usr/bin/kcat'], packages: ['kcat'] },
  mosquitto: { programs: ['/usr/sbin/mosquitto'], packages: ['mosquitto'] },
}

const isHere = ({ programs }) => programs.every((path) => existsSync(path) || globSync(path).length > 0)
const missing = () => Object.keys(SERVERS).filter((name) => !isHere(SERVERS[name]))

/** The names of the servers that are not here, and could not be installed; tests of them are skipped. */
export async function findServers() {
  const wanted = missing()
  if (wanted.length === 0) return wanted
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return wanted
  const packages = wanted.flatMap((name) => SERVERS[name].packages)
  process.stderr.write(`servers: ${wanted.join(', ')} are not here; installing Debian’s ${packages.join(', ')} …\n`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = (...args) => runQuietly('apt-get', args, { env })
  // A lesser set than usual: no extras. The services that Debian may start have nothing to do with the tests.
  const install = ['install', '-y', '--no-install-recommends', ...packages]
  if (!(await run(...install)) && (await run('update'))) await run(...install)
  return missing()
}
