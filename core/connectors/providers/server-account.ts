import { StepError } from '../../domain/runs/step-error.ts'
import type { CredentialField, CredentialFields } from '../credential.ts'

/** A server that speaks something else than HTTP, as it was entered. */
export type Server = { readonly host: string; readonly port: number }

/** A credential that cannot be what it is meant to be. Its `message` says what to enter. */
export function badCredential(message: string): StepError {
  return new StepError({ code: 'bad-credential', message, retryable: false })
}

/** The fields of a server. `isOptional`: an address may stand in their place. */
export function serverFields(port: number, host: string, isOptional = false): CredentialField[] {
  return [
    { name: 'host', title: 'Server', placeholder: host, isSecret: false, isOptional },
    { name: 'port', title: 'Port', placeholder: String(port), isSecret: false, isOptional: true },
  ]
}

/** The server of some fields; `called` is what it is, such as "database". Throws a {@link StepError} `bad-credential`. */
export function serverOf({ host = '', port = '' }: CredentialFields, usualPort: number, called: string): Server {
  const name = host.trim().replace(/^\[(.*)\]$/, '$1')
  if (name === '' || name.length > 253 || /[\s/@?#]/.test(name))
    throw badCredential(
      `The server of the ${called} is "${name.slice(0, 100)}": enter its name alone, such as db.example.com.`,
    )
  const number = port.trim() === '' ? usualPort : Number(port)
  if (!Number.isInteger(number) || number < 1 || number > 65_535)
    throw badCredential(`The port of the ${called} is "${port.slice(0, 20)}": it is a number, such as ${usualPort}.`)
  return { host: name, port: number }
}

/** Whether a connection is encrypted, as a field of a credential. `true` and `false` may stand for the first two words. */
export const tlsField: CredentialField = {
  name: 'tls',
  title: 'Encryption',
  isSecret: false,
  isOptional: true,
  choices: [
    { value: 'auto', label: 'TLS with a good certificate; none on this computer' },
    { value: 'true', label: 'TLS with a good certificate' },
    { value: 'any', label: 'TLS with any certificate, also one of its own making' },
    { value: 'false', label: 'None: whoever is in between can read along' },
  ],
}

/** What TLS is to check; null where nothing is encrypted. */
export type TlsTerms = { readonly servername?: string; readonly rejectUnauthorized: boolean } | null

const LOCAL = /^(localhost|127(\.\d{1,3}){3}|::1)$/i
/** Whether a host is named by its number, and not by a name. */
export const isAddress = (host: string): boolean => host.includes(':') || /^[0-9.]+$/.test(host)

/** Whether a server is this computer, to which a password may go in the clear. */
export const isHere = ({ host }: Server): boolean => LOCAL.test(host)

/** How a connection to a server is encrypted, as the field {@link tlsField} says. */
export function tlsTerms(server: Server, entered: string | undefined): TlsTerms {
  const word = (entered ?? '').trim() || 'auto'
  const checked = { rejectUnauthorized: true, ...(!isAddress(server.host) && { servername: server.host }) }
  if (word === 'auto') return isHere(server) ? null : checked
  if (word === 'true' || word === 'checked') return checked
  if (word === 'any') return { ...checked, rejectUnauthorized: false }
  if (word === 'false' || word === 'none') return null
  throw badCredential(`"Encryption" of the credential is "${word.slice(0, 40)}": choose auto, true, any or false.`)
}
