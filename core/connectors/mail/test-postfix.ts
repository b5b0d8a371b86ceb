import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, selfSigned, serverFolder, startServer, type TestServer } from '../../test-servers.ts'

/** Postfix is root's, or does not run at all; `scripts/find-servers.mjs` gets it. */
export const hasPostfix = existsSync('/usr/sbin/postfix') && process.getuid?.() === 0

/** The user `nobody`, whose the mailboxes of the test's Dovecot are. */
const NOBODY = 65_534

const DAEMONS = '/usr/lib/postfix/sbin'

/** What of Postfix takes mails and delivers them (https://www.postfix.org/master.5.html). */
const SERVICES = [
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 300 1 qmgr',
  'tlsmgr unix - - n 1000? 1 tlsmgr',
  'rewrite unix - - n - - trivial-rewrite',
  'bounce unix - - n - 0 bounce',
  'defer unix - - n - 0 bounce',
  'trace unix - - n - 0 bounce',
  'proxymap unix - - n - - proxymap',
  'error unix - - n - - error',
  'retry unix - - n - - error',
  'virtual unix - n n - - virtual',
  'anvil unix - - n - 1 anvil',
  'postlog unix-dgram n - n - 1 postlogd',
]

/**
 * Postfix for the mails of example.com. Who has signed in may send; it speaks STARTTLS, asks Dovecot for passwords, and delivers mails of
 * `ada@example.com` into her mailbox there.
 */
export async function startPostfix(dovecot: TestServer): Promise<TestServer> {
  const folder = serverFolder('postfix')
  const { cert, key } = selfSigned(folder)
  const port = await freePort()
  const at = (name: string): string => join(folder, name)
  for (const name of ['conf', 'queue', 'data']) mkdirSync(at(name))
  const owner = Number(execFileSync('id', ['-u', 'postfix'], { encoding: 'utf8' }))
  chownSync(at('data'), owner, owner)
  // Dovecot keeps it for itself.
  const passwords = join(dovecot.folder, 'run', 'auth-client')
  chmodSync(passwords, 0o666)
  writeFileSync(
    at('conf/main.cf'),
    `compatibility_level = 3.6
queue_directory = ${at('queue')}
data_directory = ${at('data')}
command_directory = /usr/sbin
daemon_directory = ${DAEMONS}
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example.com
mydestination =
alias_maps =
alias_database =
virtual_mailbox_domains = example.com
virtual_mailbox_base = ${join(dovecot.folder, 'mail')}
virtual_mailbox_maps = inline:{ada@example.com=ada@example.com/}
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
smtpd_tls_cert_file = ${cert}
smtpd_tls_key_file = ${key}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${passwords}
smtpd_recipient_restrictions = reject_unauth_destination, permit_sasl_authenticated, reject
message_size_limit = 100000
maillog_file = ${at('mail.log')}
maillog_file_prefixes = ${folder}
`,
  )
  writeFileSync(at('conf/master.cf'), [`127.0.0.1:${port} inet n - n - - smtpd`, ...SERVICES, ''].join('\n'))
  // It makes the folders of the queue.
  execFileSync('/usr/sbin/postfix', ['-c', at('conf'), 'check'])
  return startServer(folder, port, `${DAEMONS}/master`, ['-c', at('conf'), '-s'], { stopBy: 'SIGTERM' })
}
