import { noteSignIn } from '../db/credentials.ts'
import { findZapVersion, listZaps } from '../db/zaps.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { credentialNames } from '../domain/zap/credential-refs.ts'
import type { SignIn } from '../engine/oauth/sign-ins.ts'
import { toIso } from './run-view.ts'
import { type CredentialServices, procedures } from './services.ts'
import { testCredential } from './test-credential.ts'

export function signInProcedures(services: CredentialServices) {
  const { catalogue, database, signIns } = services

  /** What the steps that name a credential need of its service, in drafts and in live versions. */
  async function neededScopes(name: string): Promise<string[]> {
    const needed = new Set<string>()
    for (const zap of await listZaps(database.reader)) {
      const live = zap.liveVersion === null ? undefined : await findZapVersion(database.reader, zap.id, zap.liveVersion)
      for (const step of [zap.draft, live?.definition].flatMap((file) => file?.steps ?? [])) {
        if (!credentialNames(step.input).includes(name)) continue
        for (const scope of catalogue.manifest(step.uses)?.scopes ?? []) needed.add(scope)
      }
    }
    return [...needed]
  }

  /** Whose it is is asked at the service, where that did not say so with the tokens. */
  async function withAccount(signIn: SignIn): Promise<SignIn> {
    const { end, name } = signIn
    if (end?.ok !== true || end.account !== null) return signIn
    const { account } = await testCredential(services, { name })
    if (account === null) return signIn
    await database.write((tx) => noteSignIn(tx, name, { account }))
    services.signals.emit('credentials:changed')
    return { ...signIn, end: { ...end, account } }
  }

  const shown = ({ until, end, ...signIn }: SignIn) => ({
    ...signIn,
    until: toIso(until),
    end: end?.ok === true ? { ...end, missing: [...end.missing] } : end,
  })

  return {
    begin: procedures.credentials.signIn.begin.handler(async ({ input, errors }) => {
      try {
        return shown(await signIns.begin({ ...input, scopes: await neededScopes(input.name) }))
      } catch (error) {
        if (error instanceof StepError) throw errors.CONFLICT({ message: error.message })
        throw error
      }
    }),

    get: procedures.credentials.signIn.get.handler(async ({ input, errors }) => {
      const found = await signIns.wait(input.id, input.waitMs)
      if (found === undefined) throw errors.NOT_FOUND({ message: GONE })
      return shown(await withAccount(found))
    }),

    paste: procedures.credentials.signIn.paste.handler(async ({ input, errors }) => {
      const under = signIns.find(input.id)
      if (under === undefined) throw errors.NOT_FOUND({ message: GONE })
      const query = URL.parse(input.address.trim())?.searchParams
      if (query === undefined || (!query.has('code') && !query.has('error'))) {
        const message = `Paste the whole address that the browser ended at: it begins with ${under.redirectUri ?? 'http'} and has "code=" in it.`
        throw errors.CONFLICT({ message })
      }
      const { status } = await signIns.returned(query)
      const after = signIns.find(input.id)
      if (after === undefined) throw errors.NOT_FOUND({ message: GONE })
      if (status === 404) {
        throw errors.CONFLICT({ message: 'This address is that of another sign-in: paste the one that just opened.' })
      }
      return shown(await withAccount(after))
    }),

    cancel: procedures.credentials.signIn.cancel.handler(({ input }) => {
      signIns.cancel(input.id)
      return { ok: true }
    }),
  }
}

const GONE = 'This sign-in is over: begin another one.'
