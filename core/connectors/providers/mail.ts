import type { Duplex } from 'node:stream'
import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js'
import { StepError } from '../../domain/runs/step-error.ts'
import { type CredentialField, type CredentialFields, defineCredential } from '../credential.ts'
import { howTo } from '../service/accounts.ts'
import { isAddress } from './server-account.ts'

type Connects = { connect(to: { readonly host: string; readonly port: number }): Promise<Duplex> }

/** The fields of a mail server; `port` is the usual one. */
export const mailServerFields = (port: string): CredentialField[] => [
  { name: 'host', title: 'Server', placeholder: 'mail.example.com', isSecret: false },
  { name: 'port', title: 'Port', placeholder: port, isSecret: false, isOptional: true },
  {
    name: 'secure',
    title: 'Encryption',
    isSecret: false,
    isOptional: true,
    choices: [
      { value: 'true', label: 'TLS from the first byte (465, 993)' },
      { value: 'false', label: 'STARTTLS (587, 25, 143)' },
    ],
  },
  { name: 'user', title: 'User', placeholder: 'ada@example.com', isSecret: false, isOptional: true },
  {
    name: 'password',
    title: 'Password',
    help: 'Often one that is made for programs.',
    isSecret: true,
    isOptional: true,
  },
  {
    name: 'tls',
    title: 'Certificate',
    isSecret: false,
    isOptional: true,
    isAdvanced: true,
    choices: [
      { value: 'checked', label: 'Must be good' },
      { value: 'any', label: 'Any, also one of its own making' },
    ],
  },
]

/** A mail server as it was entered. */
export function mailServerOf(
  { host = '', port, secure, user, password, tls }: CredentialFields,
  ports: { tls: number; start: number },
) {
  const isSecure = secure === undefined || secure === '' ? Number(port) !== ports.start : secure === 'true'
  const number = port ? Number(port) : isSecure ? ports.tls : ports.start
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    const message = `The port of the mail account is "${port}": it is a number, such as ${ports.tls}.`
    throw new StepError({ code: 'bad-credential', message, retryable: false })
  }
  return { host: host.trim(), port: number, isSecure, user, password, isChecked: tls !== 'any' }
}

const LOCAL = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/

/** How a message is sent by an account: over a connection of Hookline's own. A password goes out encrypted, but to this computer itself. */
export async function smtpOptions(entered: CredentialFields, { connect }: Connects): Promise<SMTPTransport.Options> {
  const { host, port, isSecure, user, password, isChecked } = mailServerOf(entered, { tls: 465, start: 587 })
  const connection = await connect({ host, port })
  return {
    host,
    port,
    secure: isSecure,
    ...(user && { auth: { user, pass: password ?? '' } }),
    // It is a connection of node:net, which this layer does not know.
    connection: connection as SMTPTransport.Options['connection'],
    requireTLS: !isSecure && Boolean(user) && !LOCAL.test(host),
    // A number is no name that a certificate is asked for by (RFC 6066): then it is that of the connection alone.
    tls: { ...(!isAddress(host) && { servername: host }), rejectUnauthorized: isChecked },
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    socketTimeout: 60_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** What went wrong with a mail server, in words for a person. */
export function mailError(error: unknown): StepError {
  if (error instanceof StepError) return error
  const {
    code = '',
    responseCode = 0,
    message = String(error),
  } = Object(error) as {
    code?: string
    responseCode?: number
    message?: string
  }
  const says = message.replace(/\s+/g, ' ').slice(0, 300)
  const [name, sentence, retryable] = kindOf(code, responseCode)
  return new StepError({ code: name, message: `${sentence} ${says}`, retryable }, { cause: error })
}

function kindOf(code: string, status: number): readonly [code: string, sentence: string, retryable: boolean] {
  if (code === 'EAUTH')
    return ['sign-in', 'The mail server does not take user and password: enter them again under Credentials.', false]
  if (code === 'ETLS')
    return [
      'tls',
      'The mail server does not encrypt as it was told to: look at "Encryption" and the port of the account.',
      false,
    ]
  if (code === 'EENVELOPE')
    return ['bad-address', 'The mail server takes none of these addresses:', status >= 400 && status < 500]
  if (code === 'EMESSAGE')
    return ['refused', 'The mail server does not take this message:', status >= 400 && status < 500]
  if (code === 'ESOCKET' || code === 'ECONNECTION' || code === 'ETIMEDOUT' || code === 'EDNS')
    return ['network', 'The mail server could not be reached, or broke off:', true]
  return ['mail', 'The mail server said no:', status >= 400 && status < 500]
}

/** A server by which mail is sent. */
export const smtp = defineCredential({
  id: 'smtp',
  title: 'Mail, to send (SMTP)',
  fields: mailServerFields('465'),
  help: howTo(
    'What to enter',
    { title: 'Your provider', text: 'Its help names server and port under “SMTP” or “outgoing mail”.' },
    {
      title: 'Gmail, iCloud, Yahoo, Fastmail',
      text: 'Make a password for programs: your own one is not taken.',
      link: { title: 'App passwords at Google', url: 'https://myaccount.google.com/apppasswords' },
    },
  ),
  async test({ fields: entered, connect }) {
    const { createTransport } = await import('nodemailer')
    const transport = createTransport(await smtpOptions(entered, { connect }))
    try {
      await transport.verify()
    } catch (error) {
      throw mailError(error)
    } finally {
      transport.close()
    }
    return entered.user || entered.host || null
  },
})
