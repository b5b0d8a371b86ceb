import { isPage } from '../connectors/kit/app-client.ts'
import { findPlainReads, type ImportedApp } from '../db/apps.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { shownAddress } from '../domain/values/address-text.ts'
import { sliceFor } from '../engine/apis/apis.ts'
import type { AppServices } from './services.ts'
import { pageFrom, testCredential } from './test-credential.ts'

/** Operations that are looked at, to find one that can be tried. */
const MOST_LOOKED_AT = 20
/** To ask an address of this kind does something, although its method is GET. */
const MAY_DO = /(?:log|sign)-?(?:out|off)|delete|remove|reset|restart|shut-?down|reboot|stop|cancel|logout|kill/i
/** What nearly every API has, answers quickly, and says whether one is known. */
const TELLS = /(?:^|[/._-])(?:me|whoami|account|profile|user|status|health|ping|version|info)$/i

/** The path of an operation of an app that asks for something, changes nothing and needs no values; undefined where there is none. */
export async function pathToTry(
  { apis, database }: Pick<AppServices, 'apis' | 'database'>,
  app: ImportedApp,
): Promise<string | undefined> {
  const rows = (await findPlainReads(database.reader, app.id)).filter(({ path }) => !MAY_DO.test(path))
  const best = rows.toSorted((a, b) => Number(TELLS.test(b.path)) - Number(TELLS.test(a.path)))
  for (const row of best.slice(0, MOST_LOOKED_AT)) {
    const found = await apis.find(app, row.key)
    if (found === undefined || !('operation' in found)) continue
    const needs = sliceFor(app, row.key, found).fields.some(
      ({ required, constant, fallback }) => required && constant === undefined && fallback === undefined,
    )
    if (!needs) return row.path.split('#')[0]
  }
  return undefined
}

/** Sends a GET to an address, signed in with a credential where one is named; what is wrong is an answer. */
export async function tryAddress(
  services: Pick<AppServices, 'apis' | 'catalogue' | 'calls' | 'credentials'>,
  url: string,
  credential: string | null,
): Promise<{ ok: boolean; message: string }> {
  if (credential !== null) return testCredential(services, { name: credential, url, isApi: true })
  try {
    const { content } = await services.apis.download(url)
    if (isPage(content)) throw pageFrom(url)
    return { ok: true, message: `${shownAddress(url)} answers.` }
  } catch (error) {
    return { ok: false, message: StepError.from(error).message }
  }
}
