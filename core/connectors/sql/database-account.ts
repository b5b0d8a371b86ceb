import type { CredentialFields } from '../credential.ts'
import { badCredential, type Server, serverOf, type TlsTerms, tlsTerms } from '../providers/server-account.ts'

/** A database as its server knows it, and how the way there is encrypted. */
export type DatabaseServer = {
  readonly server: Server
  readonly tls: TlsTerms
  readonly user: string
  readonly password: string
  readonly database: string
}

/** The fields of a database, or of the address that stands for them. */
function databaseOf(entered: CredentialFields, usualPort: number, schemes: readonly string[]): DatabaseServer {
  const fields = entered.url ? { ...fieldsOfUrl(entered.url.trim(), schemes), ...tlsOf(entered) } : entered
  const server = serverOf(fields, usualPort, 'database')
  const { user = '', password = '', database = '' } = fields
  if (user.trim() === '') throw badCredential('The credential of the database names no user: enter one.')
  return {
    server,
    tls: tlsTerms(server, fields.tls),
    user: user.trim(),
    password,
    database: database.trim() || user.trim(),
  }
}

const tlsOf = ({ tls }: CredentialFields): CredentialFields => (tls ? { tls } : {})

/** What `sslmode` of PostgreSQL and `ssl-mode` of MySQL ask for. */
const SSL_MODES: Readonly<Record<string, string>> = {
  disable: 'false',
  disabled: 'false',
  require: 'any',
  required: 'any',
  'verify-ca': 'true',
  verify_ca: 'true',
  'verify-full': 'true',
  verify_identity: 'true',
}

function fieldsOfUrl(text: string, schemes: readonly string[]): CredentialFields {
  const url = URL.parse(text)
  if (url === null || !schemes.includes(url.protocol.slice(0, -1)))
    throw badCredential(`The address of the database must begin with ${schemes[0]}:// and name a server.`)
  const mode = SSL_MODES[(url.searchParams.get('sslmode') ?? url.searchParams.get('ssl-mode') ?? '').toLowerCase()]
  try {
    return {
      host: url.hostname,
      port: url.port,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
      ...(mode !== undefined && { tls: mode }),
    }
  } catch {
    throw badCredential('The address of the database has a % that begins no character: write it as %25.')
  }
}

export const postgresServer = (entered: CredentialFields): DatabaseServer =>
  databaseOf(entered, 5432, ['postgres', 'postgresql'])
export const mysqlServer = (entered: CredentialFields): DatabaseServer =>
  databaseOf(entered, 3306, ['mysql', 'mariadb'])
