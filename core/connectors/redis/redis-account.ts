import { defineCredential } from '../credential.ts'
import { serverFields, tlsField } from '../providers/server-account.ts'
import { howTo } from '../service/accounts.ts'

/** A Redis server, or one that speaks as it does (Valkey, KeyDB, Dragonfly). */
export const redisAccount = defineCredential({
  id: 'redis',
  title: 'Redis',
  fields: [
    ...serverFields(6379, 'redis.example.com', true),
    { name: 'user', title: 'User', help: 'Only where the server has several.', isSecret: false, isOptional: true },
    { name: 'password', title: 'Password', isSecret: true, isOptional: true },
    { name: 'database', title: 'Database', placeholder: '0', isSecret: false, isOptional: true, isAdvanced: true },
    tlsField,
    {
      name: 'url',
      title: 'Or all of it as one address',
      help: 'As your provider shows it: rediss://user:password@server:6379/0. It takes the place of the fields above.',
      placeholder: 'rediss://…',
      isSecret: true,
      isOptional: true,
      isAdvanced: true,
    },
  ],
  help: howTo('What to enter', {
    title: 'Your provider',
    text: 'It shows server, port and password under “Connect”. On this computer: 127.0.0.1, mostly without a password.',
  }),
  async test({ fields, connect, signal }) {
    const { testRedis } = await import('./redis-session.ts')
    return testRedis(fields, { connect, signal })
  },
})
