import { createHash } from 'node:crypto'
import type { Client, ConnectConfig } from 'ssh2'
import { StepError } from '../../domain/runs/step-error.ts'
import type { ActionContext } from '../action-context.ts'
import { type CredentialFields, type CredentialRef, enteredFields } from '../credential.ts'
import { badCredential, serverOf } from '../providers/server-account.ts'

type Reach = Pick<ActionContext<unknown>, 'connect' | 'signal'> & {
  /** Keeps the key of the server in the credential. */
  note(fields: CredentialFields): Promise<void>
}

/** The fingerprint of a server's key, as `ssh-keygen -l` shows it. */
export function fingerprintOf(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').slice(0, 43)}`
}

/** The fingerprint in what was entered: one itself, or a key as it stands in `known_hosts`; null where nothing was. */
function pinned(entered: string): string | null {
  const text = entered.trim()
  if (text === '') return null
  const key = text.split(/\s+/).find((word) => /^AAAA[A-Za-z0-9+/]+=*$/.test(word))
  if (key !== undefined) return fingerprintOf(Buffer.from(key, 'base64'))
  const print = text.split(/\s+/).find((word) => /^SHA256:[A-Za-z0-9+/]{43}=?$/.test(word))
  if (print === undefined)
    throw badCredential(
      'The key of the server is neither a fingerprint (SHA256:…) nor a line of known_hosts: correct it, or leave it empty.',
    )
  return print.replace(/=$/, '')
}

/** A session of an account; `work` is its whole life. The key of the server is kept at first use, and another one is refused. */
export async function withSsh<Result>(
  entered: CredentialFields,
  { connect, signal, note }: Reach,
  work: (client: Client, hostKey: Uint8Array) => Promise<Result>,
): Promise<Result> {
  const server = serverOf(entered, 22, 'SSH server')
  const { user = '', password = '', key = '', passphrase = '', hostKey = '' } = entered
  if (password === '' && key.trim() === '')
    throw badCredential('The credential for SSH has neither a password nor a private key: enter one.')
  const known = pinned(hostKey)
  let refused: StepError | undefined
  let shown: Uint8Array | undefined
  const { Client } = (await import('ssh2')).default
  const sock = await connect(server)
  const client = new Client()
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  client.on('error', (error) => failed.reject(refused ?? sshError(error)))
  client.on('close', () => failed.reject(refused ?? BROKEN_OFF))
  client.on('keyboard-interactive', (_name, _instructions, _lang, prompts, answer) =>
    answer(prompts.map(({ echo }) => (echo === true ? '' : password))),
  )
  const config: ConnectConfig = {
    sock,
    username: user,
    ...(password !== '' && { password, tryKeyboard: true }),
    ...(key.trim() !== '' && { privateKey: `${key.trim().replaceAll('\r\n', '\n')}\n` }),
    ...(passphrase !== '' && { passphrase }),
    readyTimeout: 20_000,
    keepaliveInterval: 15_000,
    hostVerifier(presented: Buffer, verify: (isGood: boolean) => void) {
      shown = presented
      const print = fingerprintOf(presented)
      if (known === null) {
        // Before anything secret is sent.
        void note({ hostKey: print }).then(
          () => verify(true),
          (error: unknown) => {
            refused = error instanceof StepError ? error : undefined
            verify(false)
          },
        )
        return
      }
      if (known !== print) refused = keyChanged(server.host, known, print)
      verify(known === print)
    },
  }
  try {
    const ready = new Promise<void>((resolve) => client.once('ready', resolve))
    try {
      client.connect(config)
    } catch (error) {
      throw sshError(error)
    }
    await Promise.race([ready, failed.promise])
    return await Promise.race([work(client, shown ?? Buffer.alloc(0)), failed.promise])
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    client.end()
    sock.destroy()
  }
}

/** The same for the account of a step. */
export async function withStepsSsh<Result>(
  ctx: Pick<
    ActionContext<{ readonly account: CredentialRef }>,
    'connect' | 'signal' | 'credential' | 'noteCredential' | 'input'
  >,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const { account } = ctx.input
  const entered = enteredFields((await ctx.credential(account)).secret) ?? {}
  const note = (fields: CredentialFields): Promise<void> => ctx.noteCredential(account, fields)
  return withSsh(entered, { connect: ctx.connect, signal: ctx.signal, note }, work)
}

const BROKEN_OFF = new StepError({ code: 'network', message: 'The SSH server broke off.', retryable: true })

function keyChanged(host: string, known: string, shown: string): StepError {
  const message = `The server ${host} shows another key than at the first connection (${shown} in place of ${known}), so nothing was sent: somebody else may be answering. If it was set up anew, empty “Key of the server” in the credential.`
  return new StepError({ code: 'host-key-changed', message, retryable: false })
}

/** What went wrong with SSH, in words for a person. */
export function sshError(error: unknown): StepError {
  if (error instanceof StepError) return error
  const {
    level = '',
    message = String(error),
    code = '',
  } = Object(error) as { level?: string; message?: string; code?: string | number }
  if (level === 'client-authentication') {
    const words = 'The SSH server takes neither this password nor this key: enter them again under Credentials.'
    return new StepError({ code: 'sign-in', message: words, retryable: false }, { cause: error })
  }
  if (/privateKey|passphrase/i.test(message)) {
    const words = /passphrase|decrypt|integrity/i.test(message)
      ? 'The private key of the credential cannot be opened: enter its passphrase, or correct it.'
      : 'The private key of the credential cannot be read: paste the whole file, with its first and last line.'
    return new StepError({ code: 'bad-credential', message: words, retryable: false }, { cause: error })
  }
  if (level === 'handshake' || level === 'protocol') {
    const words = `The SSH server speaks in a way that Hookline does not: ${message.slice(0, 300)}.`
    return new StepError({ code: 'no-ssh', message: words, retryable: false }, { cause: error })
  }
  const words = `The SSH server could not be reached, or broke off: ${message.slice(0, 300)}${code === '' ? '' : ` (${code})`}.`
  return new StepError({ code: 'network', message: words, retryable: true }, { cause: error })
}
