import { defineCredential } from '../credential.ts'
import { howTo } from '../service/accounts.ts'
import { serverFields, tlsField } from './server-account.ts'

const accountFields = (port: number, user: string) => [
  ...serverFields(port, 'db.example.com', true),
  { name: 'database', title: 'Database', placeholder: 'shop', isSecret: false, isOptional: true },
  { name: 'user', title: 'User', placeholder: user, isSecret: false, isOptional: true },
  { name: 'password', title: 'Password', isSecret: true, isOptional: true },
  tlsField,
]

const urlField = (scheme: string) => ({
  name: 'url',
  title: 'Or all of it as one address',
  help: `As your provider shows it: ${scheme}://user:password@server/database. It takes the place of the fields above.`,
  placeholder: `${scheme}://…`,
  isSecret: true,
  isOptional: true,
  isAdvanced: true,
})

const help = howTo(
  'What to enter',
  { title: 'Your provider', text: 'It shows server, port, database, user and password under “Connect”.' },
  {
    title: 'A user for Hookline',
    text: 'Make one in the database that may do what your zaps do, and nothing else.',
  },
)

/** A PostgreSQL database. */
export const postgres = defineCredential({
  id: 'postgres',
  title: 'PostgreSQL',
  fields: [...accountFields(5432, 'hookline'), urlField('postgres')],
  help,
  async test({ fields, connect, signal }) {
    const { testPostgres } = await import('../sql/postgres.ts')
    return testPostgres(fields, { connect, signal })
  },
})

/** A MySQL or MariaDB database. */
export const mysql = defineCredential({
  id: 'mysql',
  title: 'MySQL or MariaDB',
  fields: [...accountFields(3306, 'hookline'), urlField('mysql')],
  help,
  async test({ fields, connect, signal }) {
    const { testMysql } = await import('../sql/mysql.ts')
    return testMysql(fields, { connect, signal })
  },
})

/** A database in a file. */
export const sqlite = defineCredential({
  id: 'sqlite',
  title: 'SQLite file',
  fields: [
    {
      name: 'file',
      title: 'File',
      help: 'Inside a folder that Hookline may use.',
      placeholder: '/home/ada/notes.sqlite',
      isSecret: false,
    },
  ],
  async test({ fields, files, heavy }) {
    const { testSqlite } = await import('../sql/sqlite.ts')
    return testSqlite(fields, { files, heavy })
  },
})
