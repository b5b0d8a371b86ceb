import {
  type CredentialFields,
  type CredentialType,
  clientOf,
  enteredFields,
  readCredential,
  shapeOf,
} from '../connectors/credential.ts'
import type { CredentialSummary } from '../contract/values.ts'
import {
  type CredentialRow,
  deleteCredential,
  findCredential,
  listCredentials,
  noteSignIn,
  setCredentialHosts,
  setCredentialTitle,
  writeCredential,
} from '../db/credentials.ts'
import { findAccountWaits } from '../db/step-runs.ts'
import { findZapVersion, listZaps } from '../db/zaps.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { SealError } from '../domain/trust/sealed-secret.ts'
import { credentialNames } from '../domain/zap/credential-refs.ts'
import { toIso } from './run-view.ts'
import { type CredentialServices, procedures } from './services.ts'
import { signInProcedures } from './sign-ins.ts'
import { testCredential } from './test-credential.ts'

/** Whether a credential gets its tokens without a person who signs in. One whose fields are no good does not. */
function isByItself(type: CredentialType | undefined, fields: CredentialFields): boolean {
  try {
    const client = type?.oauth?.(fields)
    return client !== undefined && !client.authorizeUrl && !client.deviceUrl
  } catch {
    return false
  }
}

export function credentialProcedures(services: CredentialServices) {
  const { catalogue, database, clock } = services

  /** Tells every part that goes by a credential that it is another, or none. */
  function changed(name: string): void {
    services.credentials.forget(name)
    services.signals.emit('credentials:changed')
  }

  /** The zaps that use each credential. */
  async function users(): Promise<Map<string, CredentialSummary['zaps']>> {
    const byCredential = new Map<string, CredentialSummary['zaps']>()
    for (const zap of await listZaps(database.reader)) {
      const live = zap.liveVersion === null ? undefined : await findZapVersion(database.reader, zap.id, zap.liveVersion)
      const inputs = [zap.draft, live?.definition].flatMap((file) => file?.steps.map((step) => step.input) ?? [])
      for (const name of new Set(inputs.flatMap(credentialNames))) {
        byCredential.set(name, [...(byCredential.get(name) ?? []), { id: zap.id, name: zap.name }])
      }
    }
    return byCredential
  }

  async function list(): Promise<CredentialSummary[]> {
    const usedBy = await users()
    const [rows, waits] = await Promise.all([listCredentials(database.reader), findAccountWaits(database.reader)])
    return Promise.all(
      rows.map(async ({ name, title, type, updatedAt, hosts, account, granted, withdrawnAt }) => ({
        name,
        title: title ?? name,
        type,
        updatedAt: toIso(updatedAt),
        usedBy: (usedBy.get(name) ?? []).map((zap) => zap.name),
        zaps: usedBy.get(name) ?? [],
        hosts: hosts && [...hosts],
        account,
        granted: granted && [...granted],
        signIn: withdrawnAt === null ? await signInState(name, type, granted) : ('withdrawn' as const),
        waitingRuns: waits.get(name) ?? 0,
      })),
    )
  }

  /** Whether a person signed in with it. One that was entered with its tokens is as good. */
  async function signInState(name: string, type: string, granted: CredentialRow['granted']) {
    if (catalogue.credentialTypeInfo(type)?.isOAuth !== true) return null
    if (granted !== null) return 'good' as const
    const stored = await services.credentials.stored(name).catch(() => null)
    if (stored === null) return 'unreadable' as const
    const fields = enteredFields(stored.secret) ?? {}
    const known = await catalogue.credentialType(type)
    return isByItself(known, fields) || fields.refreshToken || fields.accessToken
      ? ('good' as const)
      : ('never' as const)
  }

  /** Seals and stores one; not while the keychain is locked. */
  async function store({
    secret,
    ...row
  }: Pick<CredentialRow, 'name' | 'type' | 'hosts'> & { readonly secret: string }): Promise<
    { readonly ok: true } | { readonly ok: false; readonly message: string }
  > {
    try {
      const sealed = await services.secretBox.seal(secret, row.name)
      await database.write((tx) => writeCredential(tx, { ...row, sealed, updatedAt: clock.now() }))
    } catch (error) {
      if (error instanceof SealError) return { ok: false, message: error.message }
      throw error
    }
    changed(row.name)
    return { ok: true }
  }

  async function summary(name: string): Promise<CredentialSummary> {
    const found = (await list()).find((credential) => credential.name === name)
    if (found === undefined) throw new Error(`the credential ${name} vanished`)
    return found
  }

  return {
    list: procedures.credentials.list.handler(list),

    types: procedures.credentials.types.handler(() =>
      catalogue.credentialTypes().map((type) => ({ ...type, fields: type.fields.map((field) => ({ ...field })) })),
    ),

    set: procedures.credentials.set.handler(async ({ input, errors }) => {
      const { name, type, secret } = input
      const known = await catalogue.credentialType(type)
      if (known === undefined) {
        const ids = catalogue.credentialTypes().map(({ id }) => id)
        throw errors.CONFLICT({ message: `There is no type of credential "${type}": choose one of ${ids.join(', ')}.` })
      }
      if (readCredential(known, secret) === undefined) {
        throw errors.CONFLICT({ message: `A ${type} credential is ${shapeOf(known)}.` })
      }
      const hosts =
        input.hosts === undefined ? ((await findCredential(database.reader, name))?.hosts ?? null) : input.hosts
      const isStored = await store({ name, type, secret, hosts })
      if (!isStored.ok) throw errors.CONFLICT({ message: isStored.message })
      services.signals.emit('credential:signed-in', name)
      return summary(name)
    }),

    addAccount: procedures.credentials.addAccount.handler(async ({ input, errors }) => {
      const { name, of } = input
      const [row, other] = await Promise.all([
        findCredential(database.reader, of),
        findCredential(database.reader, name),
      ])
      if (row === undefined) throw errors.NOT_FOUND({ message: `There is no credential "${of}".` })
      if (other !== undefined) throw errors.CONFLICT({ message: `A credential "${name}" exists: choose another name.` })
      const known = await catalogue.credentialType(row.type)
      const stored = await services.credentials.stored(of).catch((error: unknown) => {
        throw error instanceof StepError ? errors.CONFLICT({ message: error.message }) : error
      })
      const client = known && clientOf(known, enteredFields(stored.secret) ?? {})
      if (client === undefined) {
        throw errors.CONFLICT({
          message: `"${of}" is no credential that a person signs in with: enter the new one as a whole.`,
        })
      }
      const isStored = await store({ name, type: row.type, secret: JSON.stringify(client), hosts: row.hosts })
      if (!isStored.ok) throw errors.CONFLICT({ message: isStored.message })
      return summary(name)
    }),

    rename: procedures.credentials.rename.handler(async ({ input, errors }) => {
      const { name, title } = input
      const isThere = await database.write((tx) => setCredentialTitle(tx, name, title === name ? null : title))
      if (!isThere) throw errors.NOT_FOUND({ message: `There is no credential "${name}".` })
      services.signals.emit('credentials:changed')
      return summary(name)
    }),

    setHosts: procedures.credentials.setHosts.handler(async ({ input, errors }) => {
      const { name, hosts } = input
      const isThere = await database.write((tx) => setCredentialHosts(tx, name, hosts))
      if (!isThere) throw errors.NOT_FOUND({ message: `There is no credential "${name}".` })
      changed(name)
      return summary(name)
    }),

    test: procedures.credentials.test.handler(async ({ input, errors }) => {
      if ((await findCredential(database.reader, input.name)) === undefined) {
        throw errors.NOT_FOUND({ message: `There is no credential "${input.name}".` })
      }
      const result = await testCredential(services, input)
      const { account } = result
      if (account !== null) await database.write((tx) => noteSignIn(tx, input.name, { account }))
      return result
    }),

    signIn: signInProcedures(services),

    remove: procedures.credentials.remove.handler(async ({ input, errors }) => {
      const existed = await database.write((tx) => deleteCredential(tx, input.name))
      changed(input.name)
      if (!existed) throw errors.NOT_FOUND({ message: `There is no credential "${input.name}".` })
      return { ok: true }
    }),
  }
}
