import type { Duplex } from 'node:stream'
import type { ImapFlow, ImapTransportSocket } from 'imapflow'
import { StepError } from '../../domain/runs/step-error.ts'
import { type CredentialFields, defineCredential } from '../credential.ts'
import { secured, securing } from '../kit/secured.ts'
import { howTo } from '../service/accounts.ts'
import { mailServerFields, mailServerOf } from './mail.ts'
import { isHere, tlsTerms } from './server-account.ts'

type Connects = { connect(to: { readonly host: string; readonly port: number }): Promise<Duplex> }

/** What is told of an IMAP server's refusals. */
const SENTENCES = {
  'sign-in': ['The mail server does not take user and password: enter them again under Credentials.', false],
  tls: ['The mail server does not encrypt as it was told to: look at "Encryption" and the port of the account.', false],
  'no-folder': ['There is no such folder in the mailbox: choose another one.', false],
  network: ['The mail server could not be reached, or broke off.', true],
  mail: ['The mail server said no:', true],
} as const

/** What went wrong with an IMAP server, in words for a person. */
export function imapError(error: unknown): StepError {
  if (error instanceof StepError) return error
  const given = Object(error) as {
    code?: string
    message?: string
    responseText?: string
    responseStatus?: string
    authenticationFailed?: boolean
    tlsFailed?: boolean
    mailboxMissing?: boolean
  }
  const { code = '', message = String(error), responseText } = given
  const isTls =
    given.tlsFailed === true ||
    /^(?:CERT_|ERR_TLS|ERR_SSL|EPROTO|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME)/.test(code)
  const kind =
    given.authenticationFailed === true
      ? 'sign-in'
      : given.mailboxMissing === true
        ? 'no-folder'
        : isTls || code === 'STARTTLS'
          ? 'tls'
          : given.responseStatus !== undefined
            ? 'mail'
            : 'network'
  const [sentence, retryable] = SENTENCES[kind]
  const says = (responseText ?? message).replace(/\s+/g, ' ').slice(0, 300)
  return new StepError({ code: kind, message: `${sentence} ${says}`.trim(), retryable }, { cause: error })
}

/** A session of an account, signed in. The caller closes it. Rejects with a {@link StepError}. */
export async function openImap(entered: CredentialFields, { connect }: Connects): Promise<ImapFlow> {
  const { host, port, isSecure, user, password, isChecked } = mailServerOf(entered, { tls: 993, start: 143 })
  const server = { host, port }
  const terms = tlsTerms(server, isChecked ? 'true' : 'any') ?? { rejectUnauthorized: true }
  const plain = await connect(server)
  const { ImapFlow: Client } = await import('imapflow')
  try {
    // It is a connection of node:net, or of node:tls over one, which this layer does not know.
    const stream = (await secured(plain, host, isSecure ? terms : null)) as ImapTransportSocket
    const client = new Client({
      host,
      port,
      secure: isSecure,
      auth: { user: user ?? '', pass: password ?? '' },
      // A password goes out encrypted, but to this computer itself, whose certificate is hardly ever a good one.
      ...(!isSecure && (isHere(server) ? isChecked && { doSTARTTLS: false } : { doSTARTTLS: true })),
      transport: {
        connect(_options, onConnect) {
          queueMicrotask(onConnect)
          return stream
        },
        upgrade: (socket, _options, onSecure) => securing(socket, host, terms).once('secureConnect', onSecure),
      },
      logger: false,
      disableAutoIdle: true,
      clientInfo: { name: 'Hookline' },
      greetingTimeout: 20_000,
      connectionTimeout: 20_000,
      maxResponseSize: MOST_MAIL_BYTES * 2,
    })
    // A connection that breaks off ends what waits for it; without a listener it would end the process.
    client.on('error', () => undefined)
    await client.connect()
    return client
  } catch (error) {
    plain.destroy()
    throw imapError(error)
  }
}

/** Bytes of a mail that are read; of a larger one the end is left out. */
export const MOST_MAIL_BYTES = 52_428_800

/** A server on which mail arrives. */
export const imap = defineCredential({
  id: 'imap',
  title: 'Mail, to receive (IMAP)',
  fields: mailServerFields('993'),
  help: howTo(
    'What to enter',
    { title: 'Your provider', text: 'Its help names server and port under “IMAP” or “incoming mail”.' },
    {
      title: 'Gmail, iCloud, Yahoo, Fastmail',
      text: 'Make a password for programs: your own one is not taken.',
      link: { title: 'App passwords at Google', url: 'https://myaccount.google.com/apppasswords' },
    },
  ),
  async test({ fields, connect }) {
    const client = await openImap(fields, { connect })
    try {
      const status = await client.status('INBOX', { messages: true })
      return `${fields.user} (${status === false ? 0 : (status.messages ?? 0)} in INBOX)`
    } catch (error) {
      throw imapError(error)
    } finally {
      client.close()
    }
  },
})
