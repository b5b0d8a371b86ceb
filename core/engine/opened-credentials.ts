import type { Catalogue } from '../connectors/catalogue.ts'
import { type Credential, type CredentialTypeInfo, enteredFields } from '../connectors/credential.ts'
import type { Log } from '../domain/host/log.ts'
import {
  createSecretMask,
  type KnownSecret,
  maskText,
  maskValue,
  NO_SECRETS,
  type SecretMask,
} from '../domain/trust/secret-mask.ts'
import { credentialNames } from '../domain/zap/credential-refs.ts'
import type { CompiledZap } from '../domain/zap/graph.ts'
import type { OpenCredential } from './open-credential.ts'
import { NOTHING_SECRET, type StepSecrets, secretsFor, signInSecrets } from './step-secrets.ts'

/** Credentials in the clear. One stays open once it was asked for: steps and webhooks come too often to ask the keychain each time. */
export type OpenedCredentials = {
  /** @throws StepError `credential` when there is none of that name or it cannot be opened. */
  open(name: string): Promise<OpenCredential>
  /** The credential, if it is open already. */
  peek(name: string): Credential | undefined
  /** Must be called when a credential was changed or removed. */
  forget(name: string): void
  /** What must not be seen of the credentials that a zap names; of a zap that names none, at once. */
  secretsOf(zap: Pick<CompiledZap, 'file'>): StepSecrets | Promise<StepSecrets>
  /** Every secret that was opened since the start. */
  allSecrets(): SecretMask
}

export function createOpenedCredentials(
  catalogue: Pick<Catalogue, 'credentialTypeInfo'>,
  read: (name: string) => Promise<OpenCredential>,
): OpenedCredentials {
  const opening = new Map<string, Promise<OpenCredential>>()
  const opened = new Map<string, Credential>()
  const namesOf = new WeakMap<object, readonly string[]>()
  /** By the names of the credentials; emptied whenever one of them changes. */
  const masks = new Map<string, StepSecrets>()
  /** What has been in use since the start, also under a name that means something else by now. */
  const seen = new Map<string, KnownSecret>()
  let all: SecretMask | undefined = NO_SECRETS

  function open(name: string): Promise<OpenCredential> {
    const known = opening.get(name)
    if (known !== undefined) return known
    const reading = read(name)
    opening.set(name, reading)
    reading.then(
      (credential) => {
        for (const secret of secretsIn(name, credential, catalogue.credentialTypeInfo(credential.type)))
          seen.set(`${name}\n${secret.value}`, secret)
        all = undefined
        // It may have been changed while it was read.
        if (opening.get(name) === reading) opened.set(name, credential)
      },
      () => {
        if (opening.get(name) === reading) opening.delete(name)
      },
    )
    return reading
  }

  async function maskFor(key: string, names: readonly string[]): Promise<StepSecrets> {
    const found = await Promise.allSettled(names.map(open))
    const secrets = found.flatMap((result, at) =>
      result.status === 'fulfilled'
        ? secretsIn(names[at] ?? '', result.value, catalogue.credentialTypeInfo(result.value.type))
        : [],
    )
    const made = secretsFor(secrets)
    // What cannot be opened now may be opened later, as after it was created.
    if (found.every(({ status }) => status === 'fulfilled')) masks.set(key, made)
    return made
  }

  return {
    open,
    peek: (name) => opened.get(name),
    forget(name) {
      opening.delete(name)
      opened.delete(name)
      masks.clear()
    },
    secretsOf(zap) {
      let names = namesOf.get(zap)
      if (names === undefined) {
        names = [...new Set(zap.file.steps.flatMap(({ input }) => credentialNames(input)))].sort()
        namesOf.set(zap, names)
      }
      if (names.length === 0) return NOTHING_SECRET
      const key = JSON.stringify(names)
      return masks.get(key) ?? maskFor(key, names)
    },
    allSecrets() {
      all ??= createSecretMask([...seen.values()])
      return all
    },
  }
}

/** The texts of a credential that must not be seen: as it is stored, and what is made of it on the way. */
function secretsIn(name: string, { type, secret }: Credential, known: CredentialTypeInfo | undefined): KnownSecret[] {
  const whole = secret.trim()
  const at = whole.indexOf(':')
  const inside = whole.slice(at + 1).trim()
  if (type === 'basic') return signInSecrets(name, whole.slice(0, Math.max(at, 0)), inside)
  const hidden = known?.bare === undefined ? hiddenFields(whole, known) : []
  const parts = type === 'header' && at > 0 ? [inside] : [whole, `Bearer ${whole}`, ...hidden]
  return parts.map((value) => ({ name, value }))
}

/** The values of secret fields. Of a type that this Hookline does not have, every field is taken for secret. */
function hiddenFields(text: string, type: CredentialTypeInfo | undefined): string[] {
  const isSecret = (name: string): boolean => type?.fields.find((field) => field.name === name)?.isSecret ?? true
  const entered = Object.entries(enteredFields(text) ?? {})
  return entered.flatMap(([name, value]) => (value !== '' && isSecret(name) ? [value] : []))
}

/** A log in which no secret stands that was opened. */
export function logWithout(secrets: () => SecretMask, log: Log): Log {
  const write =
    (level: keyof Log): Log['info'] =>
    (message, details) => {
      const mask = secrets()
      log[level](maskText(mask, message), details && maskValue(mask, details))
    }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}
