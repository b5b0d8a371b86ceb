// Finds OpenSSH's server for the tests of tunnels, or installs it where that is easy, and says what it does.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const SSHD = '/usr/sbin/sshd'

/** Whether there is an OpenSSH server and its client here, or is one by now. */
export function findSshd() {
  const isThere = () => existsSync(SSHD) && existsSync('/usr/bin/ssh')
  if (isThere()) return true
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  process.stderr.write('sshd: none is installed; installing Debian’s openssh-server …\n')
  const run = (...args) => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2] }).status === 0
  // A lesser set than usual: no sessions, no extras. The service that Debian would start has nothing to do with the tests.
  const install = ['install', '-y', '--no-install-recommends', 'openssh-server', 'openssh-client']
  if (!run(...install)) run('update')
  return isThere() || (run(...install) && isThere())
}
