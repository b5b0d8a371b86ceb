import { StepError } from '../../domain/runs/step-error.ts'
import type { ActionContext } from '../action-context.ts'
import type { CredentialFields } from '../credential.ts'
import { secured } from '../kit/secured.ts'
import { badCredential, serverOf, tlsTerms } from '../providers/server-account.ts'
import { createReplyReader, encodeCommand, RedisError, type Reply } from './resp.ts'

type Reach = Pick<ActionContext<unknown>, 'connect' | 'signal'>
type Ask = (parts: readonly (string | Uint8Array)[]) => Promise<Reply>

/** The fields of a server, or of the address that stands for them. */
function accountOf(entered: CredentialFields) {
  const { url: text = '' } = entered
  let fields = entered
  if (text.trim() !== '') {
    const url = URL.parse(text.trim())
    if (url === null || !/^rediss?:$/.test(url.protocol))
      throw badCredential('The address of Redis must begin with redis:// or rediss:// and name a server.')
    try {
      fields = {
        host: url.hostname,
        port: url.port,
        user: decodeURIComponent(url.username),
        password: decodeURIComponent(url.password),
        database: url.pathname.slice(1),
        tls: entered.tls || (url.protocol === 'rediss:' ? 'true' : 'auto'),
      }
    } catch {
      throw badCredential('The address of Redis has a % that begins no character: write it as %25.')
    }
  }
  const server = serverOf(fields, 6379, 'Redis')
  const { user = '', password = '', database = '' } = fields
  if (!/^[0-9]{0,6}$/.test(database.trim()))
    throw badCredential(`The database of Redis is "${database.slice(0, 20)}": it is a number, such as 0.`)
  return { server, tls: tlsTerms(server, fields.tls), user: user.trim(), password, database: database.trim() }
}

/** A session of an account; `work` is its whole life. A refusal is a {@link RedisError} among the replies. */
export async function withRedis<Result>(
  entered: CredentialFields,
  { connect }: Reach,
  work: (ask: Ask) => Promise<Result>,
): Promise<Result> {
  const { server, tls, user, password, database } = accountOf(entered)
  const plain = await connect(server)
  try {
    const stream = await secured(plain, server.host, tls).catch((error: unknown) => {
      const says = error instanceof Error ? error.message : String(error)
      const message = `The connection to Redis cannot be encrypted as the credential wants it: look at its “Encryption”. ${says}.`
      throw new StepError({ code: 'tls', message, retryable: false }, { cause: error })
    })
    const replies = createReplyReader(stream)
    const ask: Ask = (parts) => {
      stream.write(encodeCommand(parts))
      return replies.next()
    }
    const good = async (parts: string[]): Promise<void> => {
      const reply = await ask(parts)
      if (reply instanceof RedisError) throw refusalOf(reply)
    }
    if (password !== '') await good(user === '' ? ['AUTH', password] : ['AUTH', user, password])
    if (database !== '' && database !== '0') await good(['SELECT', database])
    return await work(ask)
  } finally {
    plain.destroy()
  }
}

/** What Redis says, for a person. Each begins with a word in capital letters. */
export function refusalOf({ message: says }: RedisError): StepError {
  const word = /^[A-Z]+/.exec(says)?.[0] ?? ''
  const [code, sentence, retryable] = REFUSALS[word] ?? ['redis', 'Redis refuses the command:', false]
  return new StepError({ code, message: `${sentence} ${says.slice(0, 400)}`, retryable })
}

const SIGN_IN = [
  'sign-in',
  'Redis does not take user and password: enter them again under Credentials.',
  false,
] as const
const BUSY = ['busy', 'Redis takes no command at the moment:', true] as const
const REFUSALS: Readonly<Record<string, readonly [code: string, sentence: string, retryable: boolean]>> = {
  NOAUTH: ['sign-in', 'Redis wants a password: enter it under Credentials.', false],
  WRONGPASS: SIGN_IN,
  NOPERM: ['forbidden', 'The user of the credential may not do that in Redis:', false],
  WRONGTYPE: ['wrong-type', 'What lies under this key is of another kind:', false],
  READONLY: ['forbidden', 'This Redis only reads: enter the server that takes changes under Credentials.', false],
  MOVED: [
    'cluster',
    'This is one part of a cluster, and the key lies in another: enter an address that leads to all of it.',
    false,
  ],
  LOADING: BUSY,
  BUSY,
  TRYAGAIN: BUSY,
  CLUSTERDOWN: BUSY,
  MASTERDOWN: BUSY,
  OOM: ['full', 'Redis has no memory left:', true],
}

/** Who is signed in where. */
export function testRedis(entered: CredentialFields, reach: Reach): Promise<string> {
  return withRedis(entered, reach, async (ask) => {
    const pong = await ask(['PING'])
    if (pong instanceof RedisError) throw refusalOf(pong)
    const info = await ask(['INFO', 'server'])
    const version = Buffer.isBuffer(info)
      ? /^(?:redis|valkey)_version:(\S+)/m.exec(info.toString('utf8'))?.[1]
      : undefined
    const { server, user } = accountOf(entered)
    return `${user === '' ? '' : `${user} at `}${server.host}:${server.port}${version === undefined ? '' : ` (Redis ${version})`}`
  })
}
