import { findPinnedSteps } from '../db/pinned-samples.ts'
import { listRuns, tallyRuns } from '../db/run-rows.ts'
import {
  findZap,
  findZapVersion,
  insertZap,
  listZaps,
  setEnabled,
  setPermissions,
  setRemoved,
  updateDraft,
  type ZapRow,
} from '../db/zaps.ts'
import { encodeTimeAsId, newZapId } from '../domain/host/ids.ts'
import type { ZapPermissions } from '../domain/trust/permissions.ts'
import type { Problem } from '../domain/zap/problem.ts'
import { blankZap, type ZapFile } from '../domain/zap/zap-file.ts'
import { codeProblems } from './check-code.ts'
import { requireReviewed, requireStoredZap, requireZap } from './require.ts'
import { procedures, type ZapServices } from './services.ts'
import { importZaps, previewZaps } from './zap-import.ts'
import { learnedPermissions } from './zap-permissions.ts'
import { pathProblems, publishDraft } from './zap-publishing.ts'
import { isUnreviewed, notPublished, noZap, reviewFirst } from './zap-refusals.ts'
import { samplesOf } from './zap-samples.ts'
import { type DraftContext, problemsOf, savedDraft, type ZapContext, zapDetail, zapSummary } from './zap-view.ts'

const DAY_MS = 86_400_000

export function zapProcedures(services: ZapServices) {
  const { database, clock, pathSecret } = services
  const { reader } = database
  const zapOf = requireZap(services)

  async function draftContextOf(zap: ZapRow): Promise<DraftContext> {
    return {
      catalogue: services.catalogue,
      live: zap.liveVersion === null ? undefined : await findZapVersion(reader, zap.id, zap.liveVersion),
      hooksUrl: services.info().hooksUrl,
      publicUrlOf: services.webhooks.publicUrlOf,
      pathSecret,
      folders: services.folders,
      desktop: services.desktop,
    }
  }

  async function contextOf(zap: ZapRow): Promise<ZapContext> {
    const [lastRun] = await listRuns(reader, { zapId: zap.id, limit: 1 })
    const tally = await tallyRuns(reader, zap.id, encodeTimeAsId('run', clock.now() - DAY_MS))
    return { ...(await draftContextOf(zap)), lastRun, tally }
  }

  async function detail(zap: ZapRow) {
    return zapDetail(zap, await contextOf(zap), await findPinnedSteps(reader, zap.id))
  }

  /** The zap as it is now, after a change that every screen should hear of. */
  async function changed(id: string) {
    services.signals.emit('zaps:changed', [id])
    return detail(await mustFind(id))
  }

  async function mustFind(id: string): Promise<ZapRow> {
    const zap = await findZap(reader, id)
    if (zap === undefined) throw new Error(`the zap ${id} vanished`)
    return zap
  }

  async function create(draft: ZapFile, permissions: ZapPermissions | null = null) {
    const id = newZapId()
    const carried = await services.apis.carry(draft)
    await database.write((tx) => insertZap(tx, { id, draft: carried, permissions, now: clock.now() }))
    if (permissions !== null) await services.permissions.refresh()
    return changed(id)
  }

  async function find(id: string): Promise<ZapRow | undefined> {
    const zap = await findZap(reader, id)
    return zap?.removedAt === null ? zap : undefined
  }

  async function publish(zap: ZapRow, enable: boolean, name?: string): Promise<Problem[]> {
    const problems = [
      ...(await problemsOf(services, zap.draft)),
      ...(await codeProblems(services, zap.draft)),
      ...(enable || zap.enabled ? await pathProblems(services, zap.id, zap.draft) : []),
    ]
    if (problems.length > 0) return problems
    await database.write((tx) => publishDraft(tx, zap, { enable, name, now: clock.now() }))
    await services.liveZaps.refresh()
    return []
  }

  return {
    list: procedures.zaps.list.handler(async () => {
      const zaps = await listZaps(reader)
      return Promise.all(zaps.map(async (zap) => zapSummary(zap, await contextOf(zap))))
    }),

    get: procedures.zaps.get.use(zapOf).handler(({ context: { zap } }) => detail(zap)),

    create: procedures.zaps.create.handler(({ input }) => {
      const draft = input.draft ?? blankZap('Untitled zap')
      return create(input.name === undefined ? draft : { ...draft, name: input.name })
    }),

    duplicate: procedures.zaps.duplicate.use(zapOf).handler(async ({ context: { zap } }) => {
      return create({ ...zap.draft, name: `${zap.draft.name} (copy)`.slice(-200) }, zap.permissions)
    }),

    saveDraft: procedures.zaps.saveDraft.handler(async ({ input: given, errors }) => {
      const input = { ...given, draft: await services.apis.carry(given.draft) }
      const stored = services.permissions.of(input.id)
      const before = stored === null ? undefined : await find(input.id)
      const learned =
        stored && before ? await learnedPermissions(services.catalogue, stored, before.draft, input.draft) : stored
      const saved = await database.write((tx) => {
        const isSaved = updateDraft(tx, { ...input, now: clock.now() })
        if (isSaved && learned !== stored) setPermissions(tx, input.id, learned)
        return isSaved
      })
      if (saved && learned !== stored) await services.permissions.refresh()
      if (saved) {
        const zap = await mustFind(input.id)
        const draftRevision = input.baseRevision + 1
        if (learned === stored) services.signals.emit('draft:saved', zap.id, draftRevision)
        else services.signals.emit('zaps:changed', [zap.id])
        // Its own revision also where another window saved upon it meanwhile: the next save of this one is stale then.
        return { ...(await savedDraft(zap, await draftContextOf(zap))), draftRevision }
      }
      const zap = await find(input.id)
      if (zap === undefined) throw errors.NOT_FOUND({ message: noZap(input.id) })
      throw errors.STALE_DRAFT({
        message: 'This zap was changed elsewhere since you opened it.',
        data: { revision: zap.draftRevision },
      })
    }),

    publish: procedures.zaps.publish
      .use(zapOf)
      .use(requireReviewed)
      .handler(async ({ input, errors, context: { zap } }) => {
        const problems = await publish(zap, input.enable, input.name)
        if (problems.length > 0) throw errors.INVALID_ZAP({ message: notPublished(zap, problems), data: { problems } })
        return changed(zap.id)
      }),

    setEnabled: procedures.zaps.setEnabled.use(zapOf).handler(async ({ input, errors, context: { zap } }) => {
      if (input.enabled && isUnreviewed(zap)) throw errors.REVIEW_FIRST({ message: reviewFirst(zap) })
      const live = zap.liveVersion === null ? undefined : await findZapVersion(reader, zap.id, zap.liveVersion)
      if (input.enabled && live === undefined) {
        const problems = await publish(zap, true)
        if (problems.length > 0) throw errors.INVALID_ZAP({ message: notPublished(zap, problems), data: { problems } })
        return changed(zap.id)
      }
      const problems = input.enabled && live !== undefined ? await pathProblems(services, zap.id, live.definition) : []
      if (problems.length > 0) throw errors.INVALID_ZAP({ message: notPublished(zap, problems), data: { problems } })
      if (live !== undefined) await database.write((tx) => setEnabled(tx, zap.id, input.enabled, clock.now()))
      await services.liveZaps.refresh()
      return changed(zap.id)
    }),

    remove: procedures.zaps.remove.use(zapOf).handler(async ({ context: { zap } }) => {
      await database.write((tx) => setRemoved(tx, zap.id, clock.now()))
      await services.liveZaps.refresh()
      services.signals.emit('zaps:changed', [zap.id])
      return { ok: true }
    }),

    restore: procedures.zaps.restore.use(requireStoredZap(services)).handler(async ({ context: { zap } }) => {
      await database.write((tx) => setRemoved(tx, zap.id, null))
      return changed(zap.id)
    }),

    export: procedures.zaps.export.use(zapOf).handler(({ context: { zap } }) => zap.draft),

    preview: procedures.zaps.preview.handler(async ({ input }) => ({
      zaps: await previewZaps(services, input.files),
    })),

    import: procedures.zaps.import.handler(async ({ input }) => ({
      zaps: await importZaps(services, input.files, input.enable),
    })),

    samples: procedures.zaps.samples.use(zapOf).handler(({ context: { zap } }) => samplesOf(services, zap)),
  }
}
