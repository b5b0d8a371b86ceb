import { StepError } from '../../domain/step-error.ts'
import type { Credential, CredentialRef } from '../credential.ts'

/** The header that carries a credential: `Authorization`, or the one that the credential itself names. */
export function authHeader(credential: Credential, ref: CredentialRef): readonly [name: string, value: string] {
  const secret = credential.secret.trim()
  switch (credential.type) {
    case 'secret':
    case 'bearer':
      return ['authorization', `Bearer ${secret}`]
    case 'basic':
      return ['authorization', `Basic ${Buffer.from(secret, 'utf8').toString('base64')}`]
    case 'header': {
      const at = secret.indexOf(':')
      if (at > 0) return [secret.slice(0, at).trim(), secret.slice(at + 1).trim()]
      const message = `The credential "${ref.$credential}" must be written as "Name: value"; set it again.`
      throw new StepError({ code: 'bad-credential', message, retryable: false })
    }
  }
}
