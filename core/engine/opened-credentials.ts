import { isDeepStrictEqual } from 'node:util'
import type { Catalogue } from '../connectors/catalogue.ts'
import { type Credential, type CredentialTypeInfo, enteredFields } from '../connectors/credential.ts'
import type { Log } from '../domain/host/log.ts'
import { type Clock, systemClock } from '../domain/time/clock.ts'
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
import type { OAuthTokens } from './oauth/tokens.ts'
import type { OpenCredential } from './open-credential.ts'
import { NOTHING_SECRET, type StepSecrets, secretsFor, signInSecrets } from './step-secrets.ts'

/** Credentials in the clear. One stays open once it was asked for: steps and webhooks come too often to ask the keychain each time. */
export type OpenedCredentials = {
  /** @throws StepError `credential` when there is none of that name or it cannot be opened. */
  open(name: string): Promise<OpenCredential>
  /** As {@link open}, but as it is stored: one that is due is not renewed for it. */
  stored(name: string): Promise<OpenCredential>
  /** What takes the place of a credential that its service refused; undefined where that cannot be renewed. */
  renewed(name: string, used: OpenCredential): Promise<OpenCredential | undefined>
  /** The credential, if it is open already. */
  peek(name: string): Credential | undefined
  /** Must be called when a credential was changed or removed. */
  forget(name: string): void
  /** What must not be seen of the credentials that a zap names; of a zap that names none, at once. */
  secretsOf(zap: Pick<CompiledZap, 'file'>): StepSecrets | Promise<StepSecrets>
  /** Every secret that was opened since the start; of one that is renewed again and again, the last few. */
  allSecrets(): SecretMask
}

/** How credentials that end are renewed. */
export type Renewal = Pick<OAuthTokens, 'dueAt' | 'renew'> & { readonly clock: Clock }

/** Secrets of one name that are hidden, the present one too: tokens are renewed every hour for months, and end. */
const REMEMBERED = 8

const NO_RENEWAL: Renewal = { clock: systemClock, dueAt: () => Number.POSITIVE_INFINITY, renew: async () => undefined }

export function createOpenedCredentials(
  catalogue: Pick<Catalogue, 'credentialTypeInfo'>,
  read: (name: string) => Promise<OpenCredential>,
  renewal: Renewal = NO_RENEWAL,
): OpenedCredentials {
  const opening = new Map<string, Promise<OpenCredential>>()
  const opened = new Map<string, OpenCredential>()
  const namesOf = new WeakMap<object, readonly string[]>()
  /** By the names of the credentials, for as long as none of them is due; emptied whenever one of them changes. */
  const masks = new Map<string, { readonly made: StepSecrets; readonly until: number }>()
  /** What has been in use, by name, the latest last; also under a name that means something else by now. */
  const seen = new Map<string, readonly (readonly KnownSecret[])[]>()
  let all: SecretMask | undefined = NO_SECRETS

  const isDue = (credential: OpenCredential): boolean => renewal.dueAt(credential) <= renewal.clock.now()

  /** The credential as a request may use it: one that is about to end is renewed before. */
  async function open(name: string): Promise<OpenCredential> {
    const credential = opened.get(name) ?? (await stored(name))
    if (!isDue(credential)) return credential
    return (await renewed(name, credential)) ?? credential
  }

  async function renewed(name: string, used: OpenCredential): Promise<OpenCredential | undefined> {
    const current = opened.get(name) ?? (await stored(name))
    // Another step has done it meanwhile.
    if (current !== used) return current
    const next = await renewal.renew(name, used)
    if (next === undefined) {
      // It was changed by a person while the service was asked, or cannot be renewed.
      const after = await stored(name)
      return after === used ? undefined : after
    }
    if (opened.get(name) === used || opened.get(name) === undefined) {
      opening.delete(name)
      opened.delete(name)
      masks.clear()
      await keep(name, Promise.resolve(next))
    }
    return stored(name)
  }

  function stored(name: string): Promise<OpenCredential> {
    return opening.get(name) ?? keep(name, read(name))
  }

  function keep(name: string, reading: Promise<OpenCredential>): Promise<OpenCredential> {
    opening.set(name, reading)
    reading.then(
      (credential) => {
        const secrets = secretsIn(name, credential, catalogue.credentialTypeInfo(credential.type))
        const before = (seen.get(name) ?? []).filter((other) => !isDeepStrictEqual(other, secrets))
        seen.set(name, [...before, secrets].slice(-REMEMBERED))
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
    if (found.every(({ status }) => status === 'fulfilled')) {
      const ends = found.map((result) => (result.status === 'fulfilled' ? renewal.dueAt(result.value) : 0))
      masks.set(key, { made, until: Math.min(...ends) })
    }
    return made
  }

  return {
    open,
    stored,
    renewed,
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
      const known = masks.get(key)
      return known !== undefined && renewal.clock.now() < known.until ? known.made : maskFor(key, names)
    },
    allSecrets() {
      all ??= createSecretMask([...seen.values()].flat(2))
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
