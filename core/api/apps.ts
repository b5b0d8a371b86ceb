import { effectOf } from '../connectors/app/effect.ts'
import type { ApiOperation, ImportedAppView, OperationFormView } from '../contract/app-values.ts'
import {
  changeApp,
  findApp,
  findOperation,
  findOperations,
  type ImportedApp,
  listApps,
  type OperationRow,
  replaceApp,
  takeApp,
} from '../db/apps.ts'
import { findZap, updateDraft } from '../db/zaps.ts'
import { operationForm } from '../domain/openapi/operation-form.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { withoutTrailing } from '../domain/templates/trailing.ts'
import { apiChanges, stepsOf } from '../engine/apis/api-changes.ts'
import { searchText } from '../engine/apis/api-rows.ts'
import { exampleOf } from '../engine/apis/apis.ts'
import { matchRequest } from '../engine/apis/match-request.ts'
import { namesIn, pathBefore } from './app-choices.ts'
import { toIso } from './run-view.ts'
import { type AppServices, procedures } from './services.ts'
import { pathToTry, tryAddress } from './try-api.ts'

/** Words of a search that count. */
const MOST_WORDS = 6

type Which = { readonly app: string } | { readonly look: number }

export function appProcedures(services: AppServices) {
  const { database, clock, signals, apis } = services
  const { reader } = database
  const gone = (id: string): string => `There is no app "${id}" (any more): add it again.`

  const ofId = (id: string) => findApp(reader, { slug: id })
  const which = (of: Which) => ('app' in of ? ofId(of.app) : findApp(reader, { id: of.look }))

  async function view(app: ImportedApp): Promise<ImportedAppView> {
    const { slug, sha256: _hash, createdAt: _created, id: _id, changedAt, ...facts } = app
    const usedBy = slug === null ? [] : await stepsOf(database, slug)
    const { servers, signIns, problems } = facts
    return {
      ...facts,
      servers: [...servers],
      signIns: [...signIns],
      problems: [...problems],
      id: slug ?? '',
      changedAt: toIso(changedAt),
      usedBy,
    }
  }

  async function changed(id: string): Promise<ImportedAppView> {
    await carryAgain(id)
    signals.emit('apps:changed')
    const app = await ofId(id)
    if (app === undefined) throw new Error(`the app ${id} vanished`)
    return view(app)
  }

  /** Lets the drafts that use an app carry what it says now. Published versions stay as they are. */
  async function carryAgain(slug: string): Promise<void> {
    const saved: string[] = []
    for (const { zapId } of await stepsOf(database, slug)) {
      const zap = await findZap(reader, zapId)
      if (zap === undefined) continue
      const draft = await apis.carry(zap.draft)
      if (JSON.stringify(draft) === JSON.stringify(zap.draft)) continue
      const isSaved = await database.write((tx) =>
        updateDraft(tx, { id: zapId, baseRevision: zap.draftRevision, draft, now: clock.now() }),
      )
      if (isSaved) saved.push(zapId)
    }
    if (saved.length > 0) signals.emit('zaps:changed', saved)
  }

  /** Does something that may be refused with a sentence. */
  async function refusable<Result>(
    errors: { CONFLICT(what: { message: string }): Error },
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof StepError) throw errors.CONFLICT({ message: error.details.message })
      throw error
    }
  }

  function checkedAddress(address: string, errors: { CONFLICT(what: { message: string }): Error }): string {
    if (address.trim() === '') return ''
    const url = URL.parse(address.trim())
    if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
      throw errors.CONFLICT({
        message: 'The address must begin with http:// or https://, and hold no user and password.',
      })
    url.hash = ''
    url.search = ''
    return withoutTrailing(url.href, '/')
  }

  return {
    list: procedures.apps.list.handler(async () => Promise.all((await listApps(reader)).map(view))),

    read: procedures.apps.read.handler(({ input, errors }) =>
      refusable(errors, async () => {
        const old = input.replaces === undefined ? undefined : await ofId(input.replaces)
        if (input.replaces !== undefined && old === undefined) throw errors.NOT_FOUND({ message: gone(input.replaces) })
        const start = performance.now()
        const files =
          input.url === undefined
            ? input.files.map(({ path, text }) => ({ path, content: Buffer.from(text, 'utf8') }))
            : [await apis.download(input.url)]
        const app = await apis.read(files, input.url ?? (input.source || (input.files[0]?.path ?? '')))
        const ms = Math.round(performance.now() - start)
        const { usedBy: _used, id: _id, credential: _credential, changedAt: _changed, ...facts } = await view(app)
        return {
          ...facts,
          look: app.id,
          ms,
          changes: old === undefined ? null : copied(await apiChanges(database, apis, old, app)),
        }
      }),
    ),

    add: procedures.apps.add.handler(async ({ input, errors }) => {
      const app = await findApp(reader, { id: input.look })
      if (app === undefined || app.slug !== null)
        throw errors.NOT_FOUND({ message: 'What was looked at is not there any more: read the description again.' })
      const address = checkedAddress(input.address ?? app.address, errors)
      const title = input.title ?? app.title
      const slug = input.id ?? (await freeSlug(title))
      const { credential } = input
      const isTaken = await database.write((tx) =>
        takeApp(tx, app.id, { slug, title, address, credential }, clock.now()),
      )
      if (!isTaken)
        throw errors.CONFLICT({
          message: `There is an app "${slug}" already: give this one another name, or update that one.`,
        })
      return changed(slug)
    }),

    update: procedures.apps.update.handler(async ({ input, errors }) => {
      const old = await ofId(input.id)
      const next = await findApp(reader, { id: input.look })
      if (old === undefined) throw errors.NOT_FOUND({ message: gone(input.id) })
      if (next === undefined || next.slug !== null)
        throw errors.NOT_FOUND({ message: 'What was looked at is not there any more: read the description again.' })
      await database.write((tx) => replaceApp(tx, old, next.id, clock.now()))
      const answer = await changed(input.id)
      await apis.remove(old)
      return answer
    }),

    change: procedures.apps.change.handler(async ({ input, errors }) => {
      const app = await ofId(input.id)
      if (app === undefined) throw errors.NOT_FOUND({ message: gone(input.id) })
      const address = input.address === undefined ? app.address : checkedAddress(input.address, errors)
      const next = {
        title: input.title ?? app.title,
        address,
        credential: input.credential === undefined ? app.credential : input.credential,
      }
      await database.write((tx) => changeApp(tx, app.id, next, clock.now()))
      return changed(input.id)
    }),

    remove: procedures.apps.remove.handler(async ({ input, errors }) => {
      const app = await ofId(input.id)
      if (app === undefined) throw errors.NOT_FOUND({ message: gone(input.id) })
      await apis.remove(app)
      signals.emit('apps:changed')
      return { ok: true as const }
    }),

    tryIt: procedures.apps.tryIt.handler(async ({ input, errors }) => {
      const app = await findApp(reader, { id: input.look })
      if (app === undefined)
        throw errors.NOT_FOUND({ message: 'What was looked at is not there any more: read the description again.' })
      const address = checkedAddress(input.address, errors)
      const path = await pathToTry(services, app)
      if (path === undefined)
        return { operation: null, ok: false, message: 'None of its operations can be tried without values.', ms: 0 }
      const start = performance.now()
      const { ok, message } = await tryAddress(services, `${address}${path}`, input.credential)
      return { operation: `GET ${path}`, ok, message, ms: Math.round(performance.now() - start) }
    }),

    discard: procedures.apps.discard.handler(async ({ input }) => {
      const app = await findApp(reader, { id: input.look })
      if (app !== undefined && app.slug === null) await apis.remove(app)
      return { ok: true as const }
    }),

    find: procedures.apps.find.handler(async ({ input, errors }) => {
      const app = input.of === null ? undefined : await which(input.of)
      if (input.of !== null && app === undefined)
        throw errors.NOT_FOUND({ message: 'There is no such app (any more).' })
      const words = searchText(input.search).split(/\s+/).filter(Boolean).slice(0, MOST_WORDS)
      const { rows, total } = await findOperations(reader, {
        appId: app?.id ?? null,
        words,
        limit: input.limit,
        offset: input.offset,
      })
      const apps = new Map((app === undefined ? await listApps(reader) : [app]).map((one) => [one.id, one]))
      return { operations: rows.map((row) => operationView(row, apps.get(row.appId))), total }
    }),

    match: procedures.apps.match.handler(async ({ input }) => {
      const matched = await matchRequest({ reader, find: apis.find }, input.request)
      if (matched === undefined) return null
      const { app, row, input: filled } = matched
      return { operation: operationView(row, app), input: filled, credential: app.credential }
    }),

    operation: procedures.apps.operation.handler(async ({ input, errors }): Promise<OperationFormView> => {
      const app = await which(input.of)
      const found = app && (await apis.find(app, input.operation))
      if (app === undefined || found === undefined)
        throw errors.NOT_FOUND({ message: `The app has no operation "${input.operation}" (any more).` })
      const shown = operationView(found.row, app)
      if ('event' in found) {
        const { description } = found.event
        return {
          ...shown,
          description,
          form: {},
          sample: exampleOf(found) ?? null,
          servers: [],
          signIns: [],
          effect: 'none',
          choices: [],
        }
      }
      const { operation, parts } = found
      const { form } = operationForm(operation, parts)
      return {
        ...shown,
        description: operation.description,
        form,
        sample: exampleOf(found) ?? null,
        servers: operation.servers.filter((server) => /^https?:/i.test(server) && !app.servers.includes(server)),
        signIns: app.signIns.filter(({ id }) => operation.signIns.includes(id)),
        effect: effectOf(operation, false),
        choices: await fieldsWithChoices(app, operation.path),
      }
    }),
  }

  /** The fields of a path of which what stands before them is a list. */
  async function fieldsWithChoices(app: ImportedApp, path: string): Promise<string[]> {
    const found: string[] = []
    for (const name of namesIn(path)) {
      const row = await findOperation(reader, app.id, `GET ${pathBefore(path, name).replace(/\{[^{}]*\}/g, '{}')}`)
      if (row?.flags.canPoll) found.push(name)
    }
    return found
  }

  async function freeSlug(title: string): Promise<string> {
    const base =
      searchText(title)
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-/, '')
        .slice(0, 50) || 'api'
    const taken = new Set((await listApps(reader)).map(({ slug }) => slug))
    let slug = base
    for (let number = 2; taken.has(slug); number++) slug = `${base}-${number}`
    return slug
  }
}

function operationView(
  { key, title, method, path, tag, flags }: OperationRow,
  app: ImportedApp | undefined,
): ApiOperation {
  return { app: app?.slug ?? null, appTitle: app?.title ?? '', key, title, method, path, tag, ...flags }
}

const copied = ({ added, changed, gone, zaps }: Awaited<ReturnType<typeof apiChanges>>) => ({
  added: [...added],
  changed: [...changed],
  gone: [...gone],
  zaps: zaps.map((zap) => ({ ...zap, changed: [...zap.changed], gone: [...zap.gone] })),
})
