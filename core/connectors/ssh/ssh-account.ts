import { defineCredential } from '../credential.ts'
import { serverFields } from '../providers/server-account.ts'
import { howTo } from '../service/accounts.ts'

/** A computer that is reached by SSH. */
export const sshAccount = defineCredential({
  id: 'ssh',
  title: 'SSH',
  fields: [
    ...serverFields(22, 'server.example.com'),
    { name: 'user', title: 'User', placeholder: 'ada', isSecret: false },
    { name: 'password', title: 'Password', help: 'Or a key, below.', isSecret: true, isOptional: true },
    {
      name: 'key',
      title: 'Private key',
      help: 'The whole file, such as ~/.ssh/id_ed25519.',
      placeholder: '-----BEGIN OPENSSH PRIVATE KEY-----',
      isSecret: true,
      isOptional: true,
    },
    { name: 'passphrase', title: 'Passphrase of the key', isSecret: true, isOptional: true },
    {
      name: 'hostKey',
      title: 'Key of the server',
      help: 'Its fingerprint. Empty: that of the first connection is kept, and any other is refused from then on.',
      placeholder: 'SHA256:…',
      isSecret: false,
      isOptional: true,
      isAdvanced: true,
    },
  ],
  help: howTo(
    'What to enter',
    {
      title: 'A key for Hookline',
      text: 'ssh-keygen -t ed25519 -f hookline makes one: the file “hookline” goes here.',
    },
    { title: 'On the server', text: 'The line of “hookline.pub” goes into ~/.ssh/authorized_keys of the user.' },
  ),
  async test({ fields, connect, signal, note }) {
    const { withSsh, fingerprintOf } = await import('./ssh-session.ts')
    return withSsh(
      fields,
      { connect, signal, note },
      async (_client, key) => `${fields.user}@${fields.host} (${fingerprintOf(key)})`,
    )
  },
})
